"""From a need published on a phone to the one firm that is asked: filters, comparison, answers, keys, replay."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.enterprises.models import Need
from matchmaker.matching.models import Feedback, Verdict
from tests.journeys.conftest import DESKTOP, PHONE, Visit
from tests.journeys.test_a_deal_counts import parts_add_up

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Market:
    """A buyer who has published nothing yet, and the makers there are."""

    buyer: User
    makers: list[str]


@pytest.fixture
def market(session, make) -> Market:
    lines = ["铝合金压铸模", "铝合金压铸模具", "压铸模设计与制造", "压铸模维修"]
    makers = [make.enterprise(f"{place}试样模具有限公司") for place in ("襄阳", "武汉", "宜昌", "黄石")]
    for firm, line in zip(makers, lines, strict=True):
        make.capability(firm, line, lead_days=60)
    buyer = make.enterprise("十堰试样汽车有限公司", region="420300")
    make.need(buyer, "铝合金压铸模 12 套", hard_conditions=["60 天内交货", "可出具模流分析报告"])
    person = make.user(enterprise=buyer)
    session.commit()
    return Market(person, [firm.name for firm in makers])


def open_list(window: Visit, run_jobs) -> None:
    window.open("/suggestions?by=need")  # the first to ask has the index built
    run_jobs()
    window.open("/suggestions?by=need")


def rows(window: Visit):
    return window.page.locator("[data-sug]")


def settle(window: Visit) -> None:
    """Wait until the list has taken in what was done to it."""
    expect(window.page.locator("#suggested.htmx-request")).to_have_count(0)


def test_a_need_published_on_a_phone_shows_its_suppliers_at_once(market, visit, run_jobs, session) -> None:
    buyer = visit(market.buyer, PHONE)
    open_list(buyer, run_jobs)
    buyer.open("/needs/new")
    buyer.page.get_by_label("需要什么").fill("压铸模 3 套，供变速箱壳体用")
    buyer.page.get_by_role("button", name="发布", exact=True).click()

    buyer.page.wait_for_url(re.compile("/suggestions"))
    need = session.scalars(select(Need).order_by(Need.id.desc())).first()
    assert need.public_id in buyer.page.url
    expect(buyer.page.locator("main")).to_contain_text("需求已发布")
    assert rows(buyer).count() >= 3
    assert buyer.overflow() <= 0
    rows(buyer).first.locator("h3 a").click()
    expect(buyer.page.locator("h1")).to_have_text(re.compile("试样模具有限公司"))
    parts_add_up(buyer)
    assert buyer.overflow() <= 0


def test_what_a_firm_says_of_a_suggestion_is_respected_and_its_list_replayed(market, visit, run_jobs, session) -> None:
    buyer = visit(market.buyer, PHONE)
    open_list(buyer, run_jobs)
    first = rows(buyer).first
    name = first.locator("h3 a").inner_text()

    first.get_by_role("button", name="不合适").click()
    expect(first.get_by_role("status")).to_contain_text("已记下：不合适。")
    first.get_by_role("button", name="距离太远").click()
    expect(first.get_by_role("button", name="距离太远")).to_have_attribute("aria-pressed", "true")
    buyer.page.reload()
    buyer.open("/suggestions?by=need")
    assert name not in rows(buyer).locator("h3 a, h4 a").all_inner_texts()
    buyer.page.get_by_text("已标为不合适的 1 家").click()
    expect(buyer.page.locator("details[open]", has_text=name)).to_be_visible()
    session.expire_all()
    assert [(each.verdict, each.reason) for each in session.scalars(select(Feedback).order_by(Feedback.id))] == [
        (Verdict.UNSUITABLE, ""),
        (Verdict.UNSUITABLE, "distance"),
    ]

    buyer.page.get_by_role("link", name="重放核对").click()
    expect(buyer.page.locator("#replayed")).to_contain_text("逐字节一致")
    assert buyer.overflow() <= 0


def test_three_are_compared_on_a_phone_without_sideways_scrolling(market, visit, run_jobs) -> None:
    buyer = visit(market.buyer, PHONE)
    open_list(buyer, run_jobs)
    for place in range(3):
        rows(buyer).nth(place).get_by_role("link", name="加入对比").click()
        expect(buyer.page.locator(".tray")).to_contain_text(f"对比 {place + 1} 家")
        settle(buyer)
    expect(buyer.page.get_by_text("最多对比三家")).to_have_count(1)
    assert buyer.overflow() <= 0

    buyer.page.get_by_role("link", name="并排比较").click()
    expect(buyer.page.locator("h1")).to_have_text("并排比较")
    expect(buyer.page.locator("tr", has_text="匹配分").locator(".best")).to_contain_text("最高")
    assert buyer.overflow() <= 0
    buyer.page.get_by_role("link", name="回到名单").first.click()
    expect(buyer.page.locator(".tray")).to_contain_text("对比 3 家")


def test_a_list_is_worked_through_by_keys_alone(market, visit, run_jobs, session) -> None:
    buyer = visit(market.buyer, DESKTOP)
    open_list(buyer, run_jobs)
    keys, names = buyer.page.keyboard, rows(buyer).locator("h3 a, h4 a").all_inner_texts()
    panel = buyer.page.locator("#panel h2").first
    expect(panel).to_have_text(names[0])

    keys.press("j")
    expect(panel).to_have_text(names[1])
    assert "at=" in buyer.page.url
    keys.press("1")
    expect(rows(buyer).nth(1).get_by_role("button", name="感兴趣")).to_have_attribute("aria-pressed", "true")
    keys.press("x")
    expect(buyer.page.locator(".tray")).to_contain_text("对比 1 家")
    keys.press("ArrowDown")
    expect(panel).to_have_text(names[2])
    keys.press("x")
    expect(buyer.page.locator(".tray")).to_contain_text("对比 2 家")
    keys.press("?")
    expect(buyer.page.locator("#keys")).to_contain_text("加入或移出对比")
    keys.press("Escape")
    keys.press("c")
    expect(buyer.page.locator("h1")).to_have_text("并排比较")
    buyer.page.go_back()
    expect(panel).to_have_text(names[2])
    buyer.page.wait_for_load_state()  # the keys are there when the page's script is
    keys.press("k")
    expect(panel).to_have_text(names[1])
    keys.press("Enter")
    expect(buyer.page.locator("h1")).to_have_text(names[1])
    buyer.page.wait_for_load_state()
    keys.press("m")
    buyer.page.wait_for_url(re.compile("/meetings/"))
    session.expire_all()
    assert [each.verdict for each in session.scalars(select(Feedback))] == [Verdict.INTERESTED]


def test_filters_change_the_list_in_place_and_name_the_way_out(market, visit, run_jobs) -> None:
    buyer = visit(market.buyer, DESKTOP)
    open_list(buyer, run_jobs)
    before = rows(buyer).count()

    buyer.page.get_by_label("硬条件全部符合").check()
    expect(buyer.page.get_by_role("heading", name="筛选后没有企业")).to_be_visible()
    assert "meets=1" in buyer.page.url
    buyer.page.get_by_role("link", name=re.compile(f"去掉“硬条件全部符合”，有 {before} 家")).click()
    expect(rows(buyer)).to_have_count(before)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_list_comparison_and_evidence_are_usable_by_everybody(market, visit, run_jobs, viewport, scheme) -> None:
    buyer = visit(market.buyer, viewport)
    buyer.page.emulate_media(color_scheme=scheme)
    open_list(buyer, run_jobs)
    compared = "&".join(f"with={each.rpartition('s-')[2]}" for each in ids(buyer)[:3])
    shown = rows(buyer).first.locator("h3 a").get_attribute("href")

    for path in (f"/suggestions?by=need&{compared}", f"/suggestions/compare?by=need&{compared}", shown):
        buyer.open(path)
        found = Axe().run(buyer.page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], path


def ids(window: Visit) -> list[str]:
    return rows(window).evaluate_all("all => all.map((each) => each.id)")
