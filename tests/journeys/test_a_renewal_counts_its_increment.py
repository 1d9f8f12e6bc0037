"""A renewal from its declaration to the 新增 an official opens, through a real browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.accounts.models import OfficeLevel, Role, User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.models import Deal
from tests.journeys.conftest import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Partners:
    """Two firms that have traded for years, and the official who adds up."""

    buyer: User
    seller: User
    official: User


@pytest.fixture
def partners(session, make) -> Partners:
    make.programme(shanghai_day(utcnow()).year)
    province = make.office("湖北省试样经信厅", region="420000", level=OfficeLevel.PROVINCE)
    people = Partners(
        buyer=make.user(enterprise=make.enterprise("襄阳汉江农机有限公司", region="420600")),
        seller=make.user(enterprise=make.enterprise("十堰隆中铸造有限公司", region="420300")),
        official=make.user(Role.OFFICIAL, office=province),
    )
    session.commit()
    return people


def test_three_thousand_wan_that_renew_one_thousand_a_year_are_0_30_net_and_0_20_new(partners, visit, session) -> None:
    declare_it(visit(partners.buyer, PHONE))
    deal = session.scalars(select(Deal)).one()
    session.commit()
    official = visit(partners.official, DESKTOP)
    before = totals(official)

    confirm_it(visit(partners.seller, PHONE), deal)

    assert (before, totals(official)) == (("0.00", "0.00"), ("0.30", "0.20"))
    open_the_rows(official, deal)


def totals(official: Visit) -> tuple[str, str]:
    """净意向额 and 其中新增 as the overview shows them, in 亿元."""
    official.open("/progress")
    target = official.page.locator(".tgt", has_text="其中新增")
    net = re.sub(r"[^\d.]", "", target.locator(".big").inner_text().split("/")[0])
    return net, re.sub(r"[^\d.]", "", target.locator("p", has_text="其中新增").inner_text())


def declare_it(buyer: Visit) -> None:
    """First without saying what is renewed, which comes back with the rest kept."""
    page = buyer.page
    buyer.open("/deals/new")
    page.get_by_label("买方", exact=True).check()
    page.get_by_label("对方单位").fill("十堰隆中铸造有限公司")
    page.get_by_label("标的").fill("收割机变速箱壳体铸件，3,000 件")
    page.get_by_label("金额（含税）").fill("3000")
    page.get_by_label("这是原有合作的续签").check()
    assert buyer.overflow() <= 0
    page.get_by_role("button", name="申报意向").click()
    expect(page.locator("main")).to_contain_text("续签须填写原合作每年金额")
    buyer.faults.clear()  # the browser notes the refusal's status
    expect(page.get_by_label("这是原有合作的续签")).to_be_checked()
    page.get_by_label("原合作每年金额（万元，含税）").fill("1000")
    page.get_by_role("button", name="申报意向").click()
    expect(page.locator("main")).to_contain_text("原合作每年金额")
    expect(page.locator("main")).to_contain_text("1,000 万元")


def confirm_it(seller: Visit, deal: Deal) -> None:
    """The other side reads what is renewed before it consents."""
    seller.open(f"/deals/{deal.public_id}/confirm")
    expect(seller.page.locator("main")).to_contain_text("1,000 万元")
    assert seller.overflow() <= 0
    seller.page.get_by_role("button", name=re.compile("^一致，确认")).click()
    expect(seller.page.locator("h1")).to_contain_text("收割机变速箱壳体铸件")


def open_the_rows(official: Visit, deal: Deal) -> None:
    """From the line beside the net to its rows, and to the rule it is counted by."""
    target = official.page.locator(".tgt", has_text="其中新增")
    target.get_by_role("link", name="口径").click()
    expect(official.page.locator("#increment")).to_be_in_viewport()
    target.get_by_role("link", name="0.20").click()
    expect(official.page.locator("p.big")).to_contain_text("0.20")
    row = official.page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(deal.number)
    assert row.locator("td.num").all_inner_texts() == ["0.30", "0.10", "0.20"]
    official.page.set_viewport_size(PHONE)
    expect(row).to_contain_text("计入 0.30，原合作每年 0.10")
    assert official.overflow() <= 0
