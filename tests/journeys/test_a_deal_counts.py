"""From what a mould maker can make to a total an official opens: the main path, through a real browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.accounts.models import OfficeLevel, Role, User
from matchmaker.db import utcnow
from matchmaker.deals.models import Deal
from matchmaker.enterprises.models import Enterprise
from matchmaker.enterprises.naming import search_text_of
from matchmaker.events.models import EventState, MatchmakingEvent, Side
from tests.journeys.conftest import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Town:
    """Five firms, an event today, and the people who act."""

    maker: User
    buyer: User
    organiser: User
    official: User
    event: MatchmakingEvent
    maker_firm: Enterprise
    buyer_firm: Enterprise


@pytest.fixture
def town(session, make) -> Town:
    def firm(name: str, region: str) -> Enterprise:
        return make.enterprise(name, region=region, search_text=search_text_of(name, "", (), ""))

    maker, buyer = firm("襄阳恒昌模具有限公司", "420600"), firm("楚风商用车股份有限公司", "420100")
    others = [
        firm("十堰泓锻汽车零部件有限公司", "420300"),
        firm("宜昌沛磷新材料有限公司", "420500"),
        firm("黄石砺铜带材有限公司", "420200"),
    ]
    mould = make.segment("mtool.mold") if _has(session, "mtool.mold") else None
    make.need(buyer, "铝合金变速箱壳体压铸模 12 套", segment=mould)
    make.capability(others[0], "商用车前桥锻件")
    make.capability(others[1], "电池级磷酸铁")
    make.capability(others[2], "高精度铜带")
    office = make.office("襄阳市经信局", region="420600")
    province = make.office("湖北省经信厅", region="420000", level=OfficeLevel.PROVINCE)
    event = make.event(
        organiser=office,
        title="襄阳商用车轻量化专场",
        starts_at=utcnow(),
        state=EventState.TIMETABLING,
        slot_count=4,
        table_count=2,
    )
    make.registration(event, maker, side=Side.SELLER)
    make.registration(event, buyer, side=Side.BUYER)
    people = Town(
        maker=make.user(enterprise=maker),
        buyer=make.user(enterprise=buyer),
        organiser=make.user(Role.ORGANISER, office=office),
        official=make.user(Role.OFFICIAL, office=province),
        event=event,
        maker_firm=maker,
        buyer_firm=buyer,
    )
    session.commit()
    return people


def _has(session, code: str) -> bool:
    from matchmaker.chains.queries import find_segment

    return find_segment(session, code) is not None


def net_intent(official: Visit) -> str:
    """净意向额 as the overview shows it, in 亿元."""
    official.open("/progress")
    target = official.page.locator(".tgt", has_text="净意向额")
    return re.sub(r"[^\d.]", "", target.locator(".big").inner_text().split("/")[0])


def test_a_capability_becomes_a_confirmed_deal_that_an_official_opens(town, visit, run_jobs, session) -> None:
    official = visit(town.official, DESKTOP)
    before = net_intent(official)
    maker = visit(town.maker, PHONE)

    add_a_capability(maker)
    ask_the_suggested_buyer(maker, town, run_jobs)
    accept(visit(town.buyer, PHONE))
    timetable_and_check_in(visit(town.organiser, DESKTOP), town, run_jobs)
    buyer = visit(town.buyer, DESKTOP)
    declare_three_thousand(buyer)
    confirm_it(maker)

    assert (before, net_intent(official)) == ("0.00", "0.30")
    drill_down(official, session.scalars(select(Deal)).one())


def add_a_capability(maker: Visit) -> None:
    maker.page.locator("nav.bnav").get_by_role("link", name="企业").click()
    maker.page.get_by_role("link", name="添加供给能力").first.click()
    maker.page.get_by_label("产品或工艺").fill("铝合金变速箱壳体压铸模")
    maker.page.get_by_role("button", name="发布", exact=True).click()
    expect(maker.page.locator("main")).to_contain_text("铝合金变速箱壳体压铸模")
    assert maker.overflow() <= 0


def ask_the_suggested_buyer(maker: Visit, town: Town, run_jobs) -> None:
    maker.open("/suggestions?direction=downstream")  # the first to ask has the index built
    run_jobs()
    maker.open("/suggestions?direction=downstream")
    maker.page.get_by_role("link", name=town.buyer_firm.name).first.click()
    expect(maker.page.locator("h1")).to_contain_text(town.buyer_firm.name)
    parts_add_up(maker)
    assert maker.overflow() <= 0
    maker.page.get_by_role("link", name="申请洽谈").first.click()
    maker.page.get_by_role("radio", name=re.compile(town.event.title)).check()
    maker.page.get_by_role("button", name="发出请求").click()
    expect(maker.page.locator("main")).to_contain_text(town.event.title)


def parts_add_up(window: Visit) -> None:
    """The evidence's parts come to exactly the score in large figures."""
    points = window.page.locator(".parts tbody .pt b").all_inner_texts()
    total = window.page.locator(".total b").first.inner_text()
    assert points
    assert sum(round(float(each) * 100) for each in points) == round(float(total) * 100)


def accept(buyer: Visit) -> None:
    buyer.open("/meetings")
    buyer.page.get_by_role("button", name="接受洽谈").click()
    expect(buyer.page.locator("main")).to_contain_text("已接受")


def timetable_and_check_in(organiser: Visit, town: Town, run_jobs) -> None:
    organiser.open(f"/events/{town.event.public_id}/timetable")
    organiser.page.get_by_role("button", name="计算排期").click()
    expect(organiser.page.locator("#progress")).to_be_visible()
    run_jobs()
    organiser.open(f"/events/{town.event.public_id}/timetable")
    organiser.page.get_by_role("button", name="发布排期").click()
    expect(organiser.page.locator("main")).to_contain_text("已发布")
    organiser.open(f"/events/{town.event.public_id}/check-in")
    for arrived in (1, 2):
        organiser.page.get_by_role("button", name="签到", exact=True).first.click()
        expect(organiser.page.locator("main")).to_contain_text(f"已到 {arrived} 家，未到 {2 - arrived} 家")


def declare_three_thousand(buyer: Visit) -> None:
    buyer.open("/meetings")
    buyer.page.get_by_role("link", name="登记结果").click()
    buyer.page.get_by_label("达成意向").check()
    buyer.page.get_by_role("button", name="登记").click()
    expect(buyer.page).to_have_url(re.compile("/deals/new"))
    buyer.page.get_by_label("买方", exact=True).check()
    buyer.page.get_by_label("标的").fill("铝合金变速箱壳体压铸模，12 套")
    buyer.page.get_by_label("金额（含税）").fill("3000")
    expect(buyer.page.locator("#amount-words")).to_contain_text("三千万元整")
    buyer.page.get_by_role("button", name="申报意向").click()
    expect(buyer.page.locator("main")).to_contain_text("3,000")


def confirm_it(maker: Visit) -> None:
    maker.open("/")
    maker.page.get_by_role("link", name="核对并答复").click()
    expect(maker.page.locator("main")).to_contain_text("三千万元整")
    assert maker.overflow() <= 0
    maker.page.get_by_role("button", name=re.compile("一致，确认")).click()
    expect(maker.page.locator("main")).to_contain_text("双方确认")


def drill_down(official: Visit, deal: Deal) -> None:
    """From the figure to the deal in at most three clicks."""
    official.open("/progress")
    official.page.locator(".tgt", has_text="净意向额").get_by_role("link").first.click()
    official.page.get_by_role("link", name=re.compile(deal.number)).first.click()
    expect(official.page.locator("main")).to_contain_text(deal.number)
    expect(official.page.locator("main")).to_contain_text("三千万元整")
