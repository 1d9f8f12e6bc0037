"""The pages about progress: exact numbers, each opening to its rows, and nobody seeing more than their region."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import date

import pytest

from matchmaker.accounts.models import OfficeLevel, Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.counting import count
from matchmaker.deals.facts import decode_facts, result_of
from matchmaker.deals.recounting import recount
from matchmaker.programmes.models import Programme
from tests.progress.conftest import AS_OF, YI, confirmed

DAY = "as_of=2024-09-30"
PAGES = ("", "/standings", "/deals", "/events", "/enterprises", "/export/deals", "/export/standings")


@pytest.fixture
def official(make, sign_in, province):
    """A browser of the province's own office."""
    return sign_in(make.user(Role.OFFICIAL))


@pytest.fixture
def wuhan(make, sign_in, province):
    """A browser of the prefecture of 武汉."""
    return sign_in(make.user(Role.OFFICIAL, office=province.wuhan))


def text_of(response) -> str:
    """What a page says, tags and blanks left out."""
    assert response.status_code == 200
    body = re.sub(r"(?s).*<main", "<main", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def head_figure(response) -> tuple[str, str]:
    """The number a page of rows begins with, and what follows it."""
    found = re.search(r'<p class="big mb-3">([^<]+)<span class="of">(.*?)</span>', response.get_data(as_text=True))
    assert found is not None
    return found[1], re.sub(r"\s+", "", html.unescape(found[2]))


def test_the_overview_says_how_the_year_stands(official):
    page = text_of(official.get(f"/progress?{DAY}"))

    assert "截至 9 月 30 日（周一），场次严重滞后，企业数严重滞后，净意向额略缓。" in page
    assert "少 1 场（0.67）" in page
    assert "少 2 家（0.67）" in page
    assert "少 0.20 亿元（0.97）" in page
    assert "后 3 个月需月均 0.73 亿元（已有 0.64）" in page
    assert "待对方确认 0.50 亿元 待核验 12.00 亿元 争议 0.10 亿元" in page
    assert "参加 5 家次 其中省外、境外 1 家" in page


def test_the_walk_on_the_overview_is_the_worked_sum(official):
    page = text_of(official.get(f"/progress?{DAY}"))

    assert (
        "申报口径 25.90 9 − 待对方确认 0.50 1 − 重复 3.00 1 − 关联方 0.30 1 − 争议 0.10 1 − 待核验 12.00 1 "
        "− 年限折算 4.00 1 − 撤回 0.20 1 净意向额 5.80 3"
    ) in page
    assert "共 3 笔，不足 8 笔不计比例" in page
    assert "截至 2024-09-30 24:00 （北京时间）" in page or "截至 2024-09-30 24:00（北京时间）" in page


def links_of(response) -> list[tuple[str, str]]:
    """Every link of a page to rows, with the figure it stands on."""
    body = response.get_data(as_text=True)
    pairs = re.findall(r'<a class="plain" href="(/progress/deals\?[^"]+)">([\d,.-]+)(?:<|$)', body)
    return [(html.unescape(address), figure) for address, figure in pairs]


def test_every_amount_on_the_overview_opens_to_rows_that_come_to_it(official):
    links = links_of(official.get(f"/progress?{DAY}"))

    assert len(links) >= 25
    for address, figure in links:
        assert head_figure(official.get(address))[0] == figure, address
    assert {figure for _address, figure in links} >= {"25.90", "5.80", "40.00", "12.00", "-0.20", "2.30", "3.50"}


def test_the_standings_open_to_rows_on_either_basis(official):
    for basis, first in (("shared", "2.30"), ("organiser", "3.80")):
        links = links_of(official.get(f"/progress/standings?{DAY}&basis={basis}"))
        assert links[0][1] == first
        assert all(head_figure(official.get(address))[0] == figure for address, figure in links)


def test_the_standings_add_up_to_the_province(official):
    page = text_of(official.get(f"/progress/standings?{DAY}&basis=organiser"))

    assert "1 襄阳 3.00 3.80 （1）" in page
    assert "不经场次 — 2.00 （—） 不排位" in page
    assert "全省 8.00 5.80 2 4" in page
    assert "— 神农架 未下达 0.00" in page


def test_rows_behind_a_number_name_the_deal_and_lead_to_it(official, province):
    response = official.get(f"/progress/deals?{DAY}&prefecture=420600")

    page = text_of(response)
    assert head_figure(response) == ("2.30", "亿元，2笔")
    assert f'href="/deals/{province.deals.full.public_id}"' in response.get_data(as_text=True)
    assert f"{province.deals.full.number} 武汉甲" not in page
    assert f"{province.deals.full.number} 襄阳甲 武汉甲" in page
    assert "3.00 2024-03 1.50 亿元 计入" in page
    assert "2024-04 补报 0.80 亿元 计入" in page


def test_a_confirmed_deal_of_three_thousand_wan_moves_the_net_by_exactly_0_30(official, session, make, province):
    before = head_figure(official.get(f"/progress/deals?{DAY}"))
    make.recorded_deal(*confirmed(30_000_000, "2024-09-29T02:00"), buyer=province.firms.x1, seller=province.firms.w1)
    session.commit()

    assert (before, head_figure(official.get(f"/progress/deals?{DAY}"))) == (
        ("5.80", "亿元，3笔"),
        ("6.10", "亿元，4笔"),
    )
    assert "6.10 / 8.00 亿元" in text_of(official.get(f"/progress?{DAY}"))


def test_events_say_whether_they_count_and_why_not(official, province):
    response = official.get(f"/progress/events?{DAY}")

    assert head_figure(response) == ("4", "场，其中计入2场，计入场次签到5家次")
    page = text_of(response)
    assert "四月专场 2024-04-10 武汉办" in page
    assert "未核定 待核 未核定，核定后才计入（R1）" in page
    assert "三月专场 2024-03-20 襄阳办 2024-03-20 — 3 家 计入 计入" in page
    assert "十一月专场" not in text_of(official.get(f"/progress/events?{DAY}&reason=counted"))


def test_enterprises_are_listed_once_with_how_often_they_came(official, province):
    response = official.get(f"/progress/enterprises?{DAY}")

    assert head_figure(response) == ("4", "家，5家次")
    page = text_of(response)
    assert re.search(r"武汉甲 DEMO\d+ 武汉 2 家次 五月专场 ； 三月专场", page)
    assert "某银行" not in page
    here = f"/progress/enterprises?{DAY}&event={province.events.may.public_id}"
    assert head_figure(official.get(here)) == ("2", "家，2家次")


def test_an_earlier_day_knows_less(official):
    # What was disputed in April still counted in March.
    assert head_figure(official.get("/progress/deals?as_of=2024-03-31")) == ("3.10", "亿元，2笔")
    assert "截至 2024-03-31 24:00" in text_of(official.get("/progress/deals?as_of=2024-03-31"))


def test_a_day_that_cannot_be_read_or_has_not_come_is_today(official):
    today = f"截至 {shanghai_day(utcnow()):%Y-%m-%d} "

    for day in ("2999-01-01", "2024-02-30", "2024-9-1", "明天", "", "２０２４-09-30"):
        assert today in text_of(official.get("/progress/deals", query_string={"as_of": day}))


def test_parts_of_an_address_that_mean_nothing_are_passed_over(official):
    nonsense = "?reason=nothing&kind=x&month=2024-13&prefecture=%27&basis=1&late=7&page=x&event=!"

    for address in (nonsense, "?page=99999", "?year=1999", "?year=２０２４"):
        assert head_figure(official.get(f"/progress/deals{address}&{DAY}")) == ("5.80", "亿元，3笔")


def test_a_prefecture_sees_the_provinces_totals_and_only_its_own_rows(wuhan, province):
    response = wuhan.get(f"/progress/deals?{DAY}")

    page = text_of(response)
    assert head_figure(response) == ("5.80", "亿元，3笔")
    assert "另有 1 笔不在查看范围（本单位辖区及本单位承办的场次），合计 0.80 亿元，已含在上面的数字里。" in page
    assert province.deals.full.number in page
    assert province.deals.late.number not in page
    assert "5.80 / 8.00 亿元" in text_of(wuhan.get(f"/progress?{DAY}"))


def test_narrow_totals_do_not_tell_a_prefecture_what_a_hidden_deal_is_worth(wuhan, province):
    response = wuhan.get(f"/progress/deals?{DAY}&prefecture=420600&month=2024-04")

    assert head_figure(response) == ("0.00", "亿元，0笔")
    page = text_of(response)
    assert "另有 1 笔不在查看范围（本单位辖区及本单位承办的场次），金额不在此列示，上面的数字不含这些。" in page
    assert "0.80" not in page
    by_event = wuhan.get(f"/progress/deals?{DAY}&event={province.events.march.public_id}")
    assert head_figure(by_event) == ("3.00", "亿元，1笔")


def test_an_export_holds_the_visible_rows_and_says_how_many_it_does_not(wuhan, official, province):
    def rows(browser):
        response = browser.get(f"/progress/export/deals?{DAY}&format=csv")
        assert response.mimetype == "text/csv"
        return list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))

    everything, own = rows(official), rows(wuhan)
    assert [row[0] for row in everything[1:4]] == [
        deal.number for deal in (province.deals.full, province.deals.long, province.deals.late)
    ]
    assert everything[1][-1] == "300000000"
    assert ["列出合计", "580000000"] in everything
    assert province.deals.late.number not in {row[0] for row in own if row}
    assert ["另有不在查看范围的（笔）", "1"] in own
    assert ["口径", "第 1 版"] in own


def test_a_prefecture_sees_firms_of_its_own_and_its_guests(wuhan):
    response = wuhan.get(f"/progress/enterprises?{DAY}")

    page = text_of(response)
    assert head_figure(response) == ("4", "家，5家次")
    # 襄阳乙 came to the event 武汉 ran; 襄阳甲 came to one of 武汉's too, but that one does not count.
    assert "襄阳乙" in page
    assert "河南甲" not in page
    assert "另有 1 家不在查看范围" in page


def test_firms_have_no_access_to_the_totals(make, sign_in, province):
    firm = sign_in(make.user(enterprise=province.firms.x1))

    assert {path: firm.get(f"/progress{path}").status_code for path in PAGES} == dict.fromkeys(PAGES, 403)


def test_visitors_are_sent_to_the_sign_in_page(client, province):
    answers = [client.get(f"/progress{path}") for path in PAGES]

    assert {(each.status_code, each.location.partition("?")[0]) for each in answers} == {(302, "/sign-in")}


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR])
def test_offices_and_auditors_read_every_page(make, sign_in, province, role):
    browser = sign_in(make.user(role))

    assert [browser.get(f"/progress{path}").status_code for path in PAGES] == [200] * len(PAGES)


def test_an_auditor_takes_the_facts_home_and_counts_the_same(make, sign_in, session, province):
    response = sign_in(make.user(Role.AUDITOR, office=make.office(region="420600"))).get("/progress/facts.json")

    offline = result_of(count(decode_facts(response.data), AS_OF))
    assert json.loads(json.dumps(offline)) == json.loads(
        json.dumps(result_of(recount(session, session.get(Programme, province.programme.id), AS_OF)))
    )
    assert offline["net"] == 580_000_000
    assert "某甲" not in response.get_data(as_text=True)


@pytest.mark.parametrize("level", [OfficeLevel.PREFECTURE, OfficeLevel.COUNTY])
def test_facts_are_not_handed_to_those_who_see_a_part(make, sign_in, province, level):
    region = "420600" if level is OfficeLevel.PREFECTURE else "420607"
    browser = sign_in(make.user(Role.OFFICIAL, office=make.office(region=region, level=level)))

    assert browser.get("/progress/facts.json").status_code == 403
    assert "facts.json" not in text_of(browser.get("/progress"))


def test_without_a_programme_the_pages_say_what_is_missing(make, sign_in):
    browser = sign_in(make.user(Role.OFFICIAL))

    for path in ("", "/standings", "/deals", "/events", "/enterprises"):
        assert "还没有年度计划" in text_of(browser.get(f"/progress{path}"))
    assert browser.get("/progress/export/deals").status_code == 404
    assert browser.get("/progress/facts.json").status_code == 404


def test_another_year_is_opened_by_its_address(official, make, session):
    make.programme(2023, name="前一年的计划")
    session.commit()

    assert "前一年的计划" in text_of(official.get("/progress?year=2023"))
    assert "前一年的计划" not in text_of(official.get("/progress"))
    rows = official.get("/progress/deals?year=2023").get_data(as_text=True)
    assert '<input type="hidden" name="year" value="2023">' in rows


def test_a_programme_without_plan_or_targets_still_tells_its_figures(make, sign_in, session, province):
    programme = make.programme(2024)
    for row in (*programme.plan, *programme.targets):
        session.delete(row)
    page = text_of(sign_in(make.user(Role.OFFICIAL)).get(f"/progress?{DAY}"))

    assert "净意向额 5.80 亿元；还没有序时计划可以对照。" in page
    assert "未下达" in page


def test_large_deals_stay_exact_to_the_yuan(official, session, make, province):
    deal = make.recorded_deal(
        *confirmed(9 * YI + 1, "2024-09-29T02:00"), buyer=province.firms.x1, seller=province.firms.w1
    )
    session.commit()
    rows = official.get(f"/progress/export/deals?{DAY}&format=csv&prefecture=420600").get_data(as_text=True)

    assert date(2024, 9, 30) == AS_OF
    assert re.search(rf"{deal.number},.*,450000001\r", rows)
