"""A month closes by two persons; what comes late is late, what is withdrawn is reversed, what was issued stays."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.events.models import EventState
from matchmaker.programmes.models import Period
from tests.journeys.conftest import PHONE

YI = 100_000_000
pytestmark = pytest.mark.browser


@pytest.fixture
def months(session, make):
    """Two months of this year, the first with an event; it can be frozen whatever the day is."""
    today = shanghai_day(utcnow())
    held_on = today if today.month < 12 else today.replace(month=11, day=10)
    programme = make.programme(today.year, min_enterprises=2)
    names = [f"{today.year}-{held_on.month + step:02d}" for step in (0, 1)]
    session.add_all(Period(programme=programme, month=name) for name in names)
    event = make.event(
        held_on=held_on, starts_at=utcnow() - timedelta(hours=1), state=EventState.APPROVED, programme=programme
    )
    session.commit()
    return *names, event


def test_two_persons_freeze_a_month_and_later_changes_are_told_apart(visit, session, make, months) -> None:
    closed, following, event = months
    proposer, reviewer = (make.user(Role.OFFICIAL) for _ in range(2))
    kept = make.deal(event=event, amount=3 * YI, confirmed=True, unit_checked=True)
    silent = make.deal(event=event, amount=YI, unit_checked=True)
    session.commit()

    one = visit(proposer)
    one.open("/progress")
    one.page.get_by_role("link", name="各月关账").click()
    one.page.get_by_role("link", name=closed, exact=True).click()
    one.page.get_by_role("link", name="待对方确认").click()
    assert one.page.get_by_role("link", name=silent.number).is_visible()
    one.page.go_back()
    one.page.get_by_role("button", name="提请关账").click()
    assert one.page.get_by_text("已提请关账，等待另一位同事复核。").is_visible()
    assert one.page.get_by_role("button", name="复核并冻结").count() == 0

    two = visit(reviewer, viewport=PHONE)
    two.open(f"/progress/months/{closed}")
    two.page.get_by_role("button", name="复核并冻结").click()
    assert two.page.get_by_text("已冻结并公布。").is_visible()
    assert two.overflow() <= 0
    with two.page.expect_download() as first:
        two.page.get_by_role("link", name=f"{closed}.xlsx").click()

    deals.confirm_deal(session, deal=silent, actor=make.person_of(silent.seller), unit_checked=True)
    deals.withdraw_deal(session, deal=kept, actor=make.person_of(kept.buyer), reason="取消")
    session.commit()

    one.open(f"/progress/months/{following}")
    one.page.get_by_role("link", name="本月补报").click()
    assert one.page.get_by_role("link", name=silent.number).is_visible()
    one.page.go_back()
    one.page.get_by_role("link", name="红冲：已公布意向的撤回").click()
    assert one.page.get_by_role("link", name=kept.number).is_visible()
    assert one.page.get_by_text("−3.00").first.is_visible()

    two.open(f"/progress/months/{closed}")
    with two.page.expect_download() as second:
        two.page.get_by_role("link", name=f"{closed}.xlsx").click()
    contents = [each.value.path().read_bytes() for each in (first, second)]
    assert contents[0] == contents[1]
    assert two.page.get_by_text(hashlib.sha256(contents[0]).hexdigest()).is_visible()

    two.open("/progress/triangle")
    rows = two.page.locator("table.tbl tbody tr")
    assert [rows.nth(number).inner_text().split()[0] for number in range(2)] == [closed, following]
    assert "3.00" in rows.nth(0).inner_text()
    assert "-2.00" in rows.nth(1).inner_text()
    assert two.overflow() <= 0
    head = two.page.locator("table.tbl tbody th").first
    two.page.locator(".tblwrap").evaluate("box => { box.scrollLeft = 400; }")
    assert head.bounding_box()["x"] >= 0  # the month stays in view while the rest scrolls in its own box
