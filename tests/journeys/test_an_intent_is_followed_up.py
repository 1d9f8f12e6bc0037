"""After the intent, on a phone: one side taps a contract, another calls off, and the officer sees who stays silent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.accounts.models import Role, User
from matchmaker.app import letter_writers
from matchmaker.db import utcnow
from matchmaker.deals.following_up.services import LETTER
from matchmaker.deals.following_up.watching import follow_up_all
from matchmaker.deals.models import Deal, DealStage, DealStanding
from matchmaker.enterprises.models import Enterprise
from matchmaker.notices.models import OutboxMessage
from tests.journeys.conftest import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser
YI = 100_000_000


@dataclass(frozen=True, slots=True)
class Spring:
    """Three intents confirmed two months ago, none of which was heard of since."""

    maker: User
    buyer: User
    officer: User
    signed: Deal
    off: Deal
    silent: Deal


@pytest.fixture
def spring(session, make) -> Spring:
    at = f"{utcnow() - timedelta(days=61):%Y-%m-%dT%H:%M}"
    maker, buyer = make.enterprise("襄阳恒昌模具有限公司"), make.enterprise("楚风商用车股份有限公司")
    other = make.enterprise("十堰泓锻汽车零部件有限公司", region="420300")

    def intent(subject: str, seller: Enterprise, to: Enterprise) -> Deal:
        said = ("declare", "buyer", at, 2 * YI), ("confirm", "seller", at)
        return make.recorded_deal(*said, subject=subject, buyer=to, seller=seller)

    make.programme(utcnow().year)
    office = make.office("襄阳市经信局", region="420600")
    people = Spring(
        maker=make.user(enterprise=maker),
        buyer=make.user(enterprise=buyer),
        officer=make.user(Role.OFFICIAL, office=office),
        signed=intent("后桥壳体压铸模，5 套", maker, make.enterprise()),
        off=intent("电机壳体压铸模，7 套", other, buyer),
        silent=intent("缸盖压铸模，4 套", other, make.enterprise()),
    )
    people.buyer.email = "buyer@example.com"
    session.commit()
    return people


def test_one_signs_one_calls_off_and_the_officer_follows_up_the_rest(
    spring, visit, engine, session, settings, address
) -> None:
    follow_up_all(engine, has_mail=True)

    sign_from_the_notice(visit(spring.maker, PHONE))
    call_off_from_the_letter(visit(viewport=PHONE), letter_link(session, settings))

    stages = dict(session.execute(select(DealStanding.deal_id, DealStanding.stage)).all())
    session.commit()
    assert stages[spring.signed.id] is DealStage.CONTRACT
    assert stages[spring.off.id] is DealStage.INTENT
    follow_up_the_rest(visit(spring.officer, DESKTOP), spring)
    hand_over(visit(spring.officer, PHONE), spring)


def sign_from_the_notice(maker: Visit) -> None:
    """A notice leads to the question; the contract's amount is spelled back."""
    maker.open("/notices")
    maker.page.get_by_role("link", name=re.compile("进展如何")).click()
    expect(maker.page.locator("h1")).to_contain_text("这笔意向进展如何？")
    assert maker.overflow() <= 0
    maker.page.get_by_label("合同金额（含税）").fill("19000")
    expect(maker.page.locator("output.spell")).to_contain_text("一亿九千万元整")
    maker.page.get_by_label("合同编号").fill("HT-2026-19")
    maker.page.get_by_role("button", name="已签合同，登记").click()
    expect(maker.page.locator("main")).to_contain_text("已答复：已签合同")
    expect(maker.page.locator("main")).to_contain_text("HT-2026-19")


def letter_link(session, settings) -> str:
    """The address in the buyer's letter, as the outbox would have it written."""
    payload = session.scalars(select(OutboxMessage.payload)).one()
    letter = letter_writers(settings)[LETTER](session, payload)
    session.commit()
    assert letter is not None
    return re.search(r"(/deals/follow-up/\S+)", letter.text)[1]


def call_off_from_the_letter(window: Visit, link: str) -> None:
    """Without signing in: one tap on a reason."""
    window.open(link)
    expect(window.page.locator("main")).to_contain_text("代表 楚风商用车股份有限公司 答复")
    assert window.overflow() <= 0
    window.page.get_by_role("button", name="价格没谈拢").click()
    expect(window.page.locator("main")).to_contain_text("已答复：没谈成（价格没谈拢）")
    expect(window.page.get_by_role("link", name="登录并撤回这笔意向")).to_be_visible()
    assert window.overflow() <= 0


def follow_up_the_rest(officer: Visit, spring: Spring) -> None:
    """The list of what stays silent holds the third intent only, and asks its sides again."""
    officer.open("/progress/conversion")
    expect(officer.page.locator("main")).to_contain_text("已签合同 1 笔")
    stuck = officer.page.locator("#stuck")
    stuck.get_by_role("link", name="我包联的").click()
    expect(stuck).to_contain_text(spring.silent.number)
    for heard in (spring.signed, spring.off):
        expect(stuck).not_to_contain_text(heard.number)
    stuck.get_by_role("button", name="再问一次").click()
    expect(officer.page.locator("main")).to_contain_text("已再次询问")


def hand_over(officer: Visit, spring: Spring) -> None:
    """On a phone, with a reason, to a named officer of the same office."""
    officer.open("/progress/conversion?mine=1")
    assert officer.overflow() <= 0
    officer.page.locator("#stuck").get_by_role("link", name="移交").first.click()
    officer.page.get_by_label("移交给").select_option(label="试用者")
    officer.page.get_by_label("原因").fill("由新区专班跟进")
    assert officer.overflow() <= 0
    officer.page.get_by_role("button", name="移交", exact=True).click()
    expect(officer.page.locator("main")).to_contain_text("移交给襄阳市经信局，试用者")
    expect(officer.page.locator("main")).to_contain_text("由新区专班跟进")
    assert officer.overflow() <= 0
