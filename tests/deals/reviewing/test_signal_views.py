"""Findings on the page: who sees them, what they say, and what people say of them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.models import DealKind
from matchmaker.deals.reviewing.models import SignalMark, Verdict
from matchmaker.deals.reviewing.reading import read_ledger
from matchmaker.deals.signals import Rule, findings_of
from matchmaker.events.models import EventState

YEAR = shanghai_day(utcnow()).year


def words_of(page):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", re.sub(r"(?s).*<main", "<main", page.text)))


@pytest.fixture
def official(make):
    return make.user(Role.OFFICIAL)


def at_three_events(make, **parties):
    day = date(YEAR, 1, 5)
    held = {"state": EventState.HELD, "starts_at": utcnow() - timedelta(days=1)}
    return [
        make.recorded_deal(
            ("declare", "buyer", f"{YEAR}-01-{5 + number:02d}T02:00"), event=make.event(held_on=day, **held), **parties
        )
        for number in range(3)
    ]


def found(session, user, rule):
    return [each for each in findings_of(read_ledger(session, user, YEAR)) if each.rule is rule]


def test_a_pair_at_three_events_is_listed_and_opens_to_its_deals(session, make, sign_in, official):
    parties = {"buyer": make.enterprise("襄阳甲有限公司"), "seller": make.enterprise("襄阳乙有限公司")}
    listed = at_three_events(make, **parties)
    browser = sign_in(official)

    page = browser.get("/deals/signals")
    assert "在3场活动共有3笔意向，供复核。" in words_of(page)
    assert "同一对企业多场次1/1" in words_of(page)
    address = re.search(r'href="(/deals/signals/[0-9a-z]{20})"', page.text)[1]
    opened = browser.get(address)
    assert {deal.number for deal in listed} == set(re.findall(r"YX-T-\d+", opened.text))


def test_what_is_withdrawn_repeated_or_of_another_kind_or_year_is_not_looked_at(session, make, official):
    shared = {"legal_representative": "某甲"}
    parties = {"buyer": make.enterprise(**shared), "seller": make.enterprise(**shared)}
    said = ("declare", "buyer", f"{YEAR}-01-05T02:00")
    kept = make.recorded_deal(said, **parties)
    make.recorded_deal(said, duplicate_of=kept, **parties)
    make.recorded_deal(said, kind=DealKind.INVESTMENT, **parties)
    make.recorded_deal(said, ("withdraw", "buyer", f"{YEAR}-01-06T02:00"), **parties)
    make.recorded_deal(("declare", "buyer", f"{YEAR - 1}-12-31T15:59"), **parties)
    new_year = make.recorded_deal(("declare", "buyer", f"{YEAR - 1}-12-31T16:00"), **parties)

    (only,) = found(session, official, Rule.RELATED)

    assert only.rows == tuple(sorted((kept.public_id, new_year.public_id)))


def test_a_delivery_beyond_the_contract_is_listed_with_its_figures_and_counts_no_more(session, make, sign_in, official):
    deal = make.deal(confirmed=True)
    buyer = make.person_of(deal.buyer)
    deals.record_contract(session, deal=deal, actor=buyer, amount=20_000_000, number="HT-7")
    deals.record_delivery(session, deal=deal, actor=buyer, amount=15_000_000)
    deals.record_delivery(session, deal=deal, actor=buyer, amount=15_000_000)

    page = sign_in(official).get("/deals/signals?rule=beyond_contract")

    assert "累计履约3,000万元，是合同金额2,000万元的150%，供复核。" in words_of(page)
    session.commit()
    deals.record_contract(session, deal=deal, actor=official, amount=30_000_000, number="HT-7-2")
    assert found(session, official, Rule.BEYOND_CONTRACT) == []


def test_a_parents_parent_makes_firms_related(session, make, official):
    top = make.enterprise()
    middle = make.enterprise(parent_code=top.credit_code)
    make.deal(
        buyer=make.enterprise(parent_code=middle.credit_code), seller=make.enterprise(parent_code=top.credit_code)
    )
    make.deal(seller=make.enterprise(parent_code="DEMO-NOT-LISTED"))

    (only,) = found(session, official, Rule.RELATED)

    assert only.figures["shared"] == "parent"


def test_the_other_sides_amendment_is_a_report(session, make, official):
    deal = make.deal(amount=3_000)
    seller = make.person_of(deal.seller)
    deals.amend_deal(session, deal=deal, actor=seller, amount=30_000_000, unit_checked=True)

    (only,) = found(session, official, Rule.SLIP)

    assert (only.figures["amount"], only.figures["other"]) == (3_000, 30_000_000)


def test_a_prefecture_finds_only_among_the_deals_it_sees(session, make, sign_in, official):
    shared = {"legal_representative": "某甲", "region": "420100"}
    make.deal(buyer=make.enterprise("武汉甲有限公司", **shared), seller=make.enterprise(**shared))
    (hidden,) = found(session, official, Rule.RELATED)
    browser = sign_in(make.user(Role.OFFICIAL, office=make.office(region="420600")))

    page = browser.get("/deals/signals")
    assert "没有线索" in words_of(page)
    assert "武汉甲" not in page.text
    assert browser.get(f"/deals/signals/{hidden.key}").status_code == 404
    assert browser.post(f"/deals/signals/{hidden.key}/mark", data={"verdict": "seen"}).status_code == 404


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.ORGANISER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_only_officials_and_auditors_come_in(make, sign_in, role):
    browser = sign_in(make.user(role))

    assert browser.get("/deals/signals").status_code == 403
    assert browser.get(f"/deals/signals/{'0' * 20}").status_code == 403


def test_a_finding_is_marked_and_opened_again_and_every_word_is_kept(session, make, sign_in):
    shared = {"legal_representative": "某甲"}
    make.deal(buyer=make.enterprise(**shared), seller=make.enterprise(**shared))
    auditor = make.user(Role.AUDITOR)
    (only,) = found(session, auditor, Rule.RELATED)
    browser, address = sign_in(auditor), f"/deals/signals/{only.key}"

    said = browser.post(f"{address}/mark", data={"verdict": "explained", "note": "集团内统一采购，合同已看"})
    assert (said.status_code, said.location) == (302, address)
    page = words_of(browser.get(address))
    assert "有说明集团内统一采购，合同已看" in page
    assert "没有待看的线索" in words_of(browser.get("/deals/signals?open=1"))
    assert "关联关系0/1" in words_of(browser.get("/deals/signals"))

    browser.post(f"{address}/reopen")
    assert "关联关系1/1" in words_of(browser.get("/deals/signals?open=1"))
    assert "集团内统一采购，合同已看" in words_of(browser.get(address))
    verdicts = session.scalars(select(SignalMark.verdict).order_by(SignalMark.id)).all()
    assert verdicts == [Verdict.EXPLAINED, Verdict.OPEN]
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("signal%"))).all()
    assert actions == ["signal explained", "signal open"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"verdict": "explained", "note": "  "}, "须写明说明的内容"),
        ({}, "该字段是必填字段"),
        ({"verdict": "fraud"}, "有效"),
    ],
)
def test_a_word_that_says_nothing_is_asked_for_again(session, make, sign_in, official, data, said):
    shared = {"legal_representative": "某甲"}
    make.deal(buyer=make.enterprise(**shared), seller=make.enterprise(**shared))
    (only,) = found(session, official, Rule.RELATED)

    page = sign_in(official).post(f"/deals/signals/{only.key}/mark", data=data)

    assert page.status_code == 422
    assert said in words_of(page)
    assert session.scalar(select(func.count()).select_from(SignalMark)) == 0


def test_a_finding_that_is_no_more_has_no_page_and_a_changed_one_is_new(session, make, sign_in, official):
    shared = {"legal_representative": "某甲"}
    parties = {"buyer": make.enterprise(**shared), "seller": make.enterprise(**shared)}
    make.deal(**parties)
    (before,) = found(session, official, Rule.RELATED)
    make.deal(**parties)
    (after,) = found(session, official, Rule.RELATED)
    browser = sign_in(official)

    assert browser.get(f"/deals/signals/{before.key}").status_code == 404
    assert browser.get(f"/deals/signals/{after.key}").status_code == 200


def test_no_word_of_a_finding_accuses(make, sign_in, official):
    shared = {"legal_representative": "某甲"}
    parties = {"buyer": make.enterprise(last_year_revenue=1, **shared), "seller": make.enterprise(**shared)}
    at_three_events(make, **parties)

    page = words_of(sign_in(official).get("/deals/signals"))

    assert page.count("，供复核。") >= 5
    assert not re.search("造假|作假|虚假|虚报|违规|嫌疑", page)
