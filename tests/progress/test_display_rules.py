"""The rules of how figures are shown (R13, R21, R27): what every table and every ratio says of itself."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import render_template_string

from matchmaker.accounts.models import Role

TABLES = ("", "/standings", "/deals", "/events", "/enterprises", "/conversion")
EXPORTS = ("deals", "events", "enterprises", "standings")
DAY = "year=2024&as_of=2024-09-30"


def words_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.fixture
def official(make, sign_in, province):
    return sign_in(make.user(Role.OFFICIAL))


@pytest.mark.parametrize("path", TABLES)
def test_every_table_of_figures_says_day_rules_unit_and_whose_statistics_it_is(official, path) -> None:
    shown = words_of(official.get(f"/progress{path}?{DAY}"))

    assert re.search(r"截至 2024-09-30 [^ ]* ?口径第 1 版 单位：", shown)
    assert "部门工作统计" in shown


@pytest.mark.parametrize("name", EXPORTS)
def test_every_exported_table_says_the_same(official, name) -> None:
    answer = official.get(f"/progress/export/{name}?{DAY}&format=csv")

    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[-4][0] == "截至"
    assert rows[-4][1].startswith("2024-09-30")
    assert rows[-3:] == [["口径", "第 1 版"], ["性质", "部门工作统计"], ["单位", "金额：元"]]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("6, 8", "75.0%（6 / 8）"),
        ("6, 7", "6 / 7"),
        ("0, 0", "0 / 0"),
        ("6, 8, 2", "75.0%（6 / 8），缺 2"),
        ("1, 3, 0", "1 / 3，缺 0"),
    ],
)
def test_a_ratio_tells_its_parts_and_below_eight_nothing_else(app, asked, told) -> None:
    with app.test_request_context():
        shown = render_template_string('{% from "macros/tables.html" import ratio %}{{ ratio(' + asked + ") }}")

    assert shown == told


def test_a_renewal_is_marked_where_the_deal_is_read(make, sign_in, session) -> None:
    renewed, new = make.deal(is_renewal=True, former_amount=10_000_000), make.deal()
    browser = sign_in(make.user(Role.OFFICIAL))

    marked, plain = (words_of(browser.get(f"/deals/{deal.public_id}")) for deal in (renewed, new))
    assert "，续签 原合作每年金额 1,000 万元" in marked
    assert "，续签" not in plain
    assert "原合作" not in plain


def test_a_renewal_whose_former_amount_nobody_told_says_so(make, sign_in, session) -> None:
    renewed = make.deal(is_renewal=True, former_amount=0)
    renewed.former_amount = None
    session.commit()

    page = words_of(sign_in(make.user(Role.OFFICIAL)).get(f"/deals/{renewed.public_id}"))

    assert "原合作每年金额 未填，“新增”口径按 0 计" in page


def test_the_side_that_is_to_confirm_sees_what_is_renewed_first(make, sign_in) -> None:
    deal = make.deal(is_renewal=True, former_amount=10_000_000)

    page = words_of(sign_in(make.person_of(deal.seller)).get(f"/deals/{deal.public_id}/confirm"))

    assert "原合作每年金额 1,000 万元" in page
