"""V0 to V3: who may give which, and how pages, lists, exports and programs show it."""

from __future__ import annotations

import re

import pytest

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.auditing.services import draw_sample, record_finding
from matchmaker.deals.models import Assurance
from matchmaker.deals.queries import LedgerFilters, deals_of, unverified_near
from matchmaker.deals.refusals import VerifierInvolved
from matchmaker.events.models import EventState
from tests.deals.evidence.conftest import words_of

TODAY = shanghai_day(utcnow())


@pytest.fixture
def held(make):
    """A held event, of which the organiser and the event above it can be told."""

    def held(**values):
        return make.event(state=EventState.HELD, starts_at=make.moment("2026-01-05T01:00:00"), **values)

    return held


@pytest.fixture
def review(session, make):
    """Draw every deal that counts, and find each as it stands unless told otherwise."""

    def review(deal, true_amount=None):
        auditor = make.user(Role.AUDITOR)
        draw = draw_sample(
            session, programme=make.programme(TODAY.year), as_of=TODAY, seed=f"seed{deal.id}", size=50, actor=auditor
        )
        pick = next(each for each in draw.picks if each.deal_id == deal.id)
        amount = pick.amount if true_amount is None else true_amount
        record_finding(session, pick=pick, true_amount=amount, note="看了合同和发票", actor=auditor)
        session.commit()

    return review


def test_an_office_that_ran_the_event_above_this_one_cannot_verify(app, session, make, held) -> None:
    office = make.office(region="420600")
    top = held(organiser=office)
    middle = held(parent=top, organiser=make.office(region="420200"))
    deal = make.deal(event=held(parent=middle, organiser=make.office(region="420100")), confirmed=True)
    involved = make.user(Role.OFFICIAL, office=office)
    other = make.user(Role.OFFICIAL, office=make.office(region="420600"))
    session.commit()

    assert unverified_near(session, involved) == []
    assert unverified_near(session, other) == [deal]
    with pytest.raises(VerifierInvolved):
        deals.verify_deal(session, deal=deal, actor=involved)
    deals.verify_deal(session, deal=deal, actor=other)
    assert deal.standing.assurance is Assurance.VERIFIED


def test_an_office_that_ran_another_session_of_the_same_main_event_had_no_part_in_this_one(session, make, held) -> None:
    office, top = make.office(region="420600"), held(organiser=make.office(region="420100"))
    held(parent=top, organiser=office)
    deal = make.deal(event=held(parent=top, organiser=make.office(region="420200")), confirmed=True)

    deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL, office=office))

    assert deal.standing.assurance is Assurance.VERIFIED


def test_a_person_who_recorded_a_deal_does_not_verify_it_from_another_office(app, session, make) -> None:
    county = make.user(Role.COUNTY_OFFICER, office=make.office(region="420600"))
    deal = deals.declare_deal(
        session, buyer=make.enterprise(), seller=make.enterprise(), kind=deals.DealKind.PURCHASE, subject="压铸模",
        amount=1_000_000, months=6, by=deals.Party.OFFICE, actor=county,
    )  # fmt: skip
    for firm in (deal.buyer, deal.seller):
        deals.confirm_deal(session, deal=deal, actor=make.person_of(firm))

    county.acting_as.office, county.acting_as.role = make.office(), Role.OFFICIAL
    session.flush()

    assert unverified_near(session, county) == []
    with pytest.raises(VerifierInvolved):
        deals.verify_deal(session, deal=deal, actor=county)


def test_a_deal_found_as_stated_is_at_the_highest_level_wherever_it_is_shown(
    session, make, sign_in, as_program, review
) -> None:
    deal = make.deal(confirmed=True)
    session.commit()
    review(deal)
    official, firm = sign_in(make.user(Role.OFFICIAL)), sign_in(make.person_of(deal.buyer))
    program = as_program(make.person_of(deal.seller))

    for browser in (official, firm):
        assert "抽查复核" in words_of(browser.get("/deals"))
        page = words_of(browser.get(f"/deals/{deal.public_id}"))
        assert re.search(r"V3抽查复核✓已达到查实与账面一致第1次抽样", page)
        assert "V2属地核验尚未" in page
    assert program.get("/api/v1/deals").json["items"][0]["assurance"] == "V3"
    assert program.get(f"/api/v1/deals/{deal.public_id}").json["assurance"] == "V3"
    assert "抽查复核" in official.get("/deals/export?format=csv").data.decode("utf-8-sig")


def test_the_level_is_a_filter_and_a_deal_is_at_one_level_only(app, session, make, review) -> None:
    reviewed, confirmed, declared = make.deal(confirmed=True), make.deal(confirmed=True), make.deal()
    session.commit()
    review(reviewed)
    official = make.user(Role.OFFICIAL)
    session.commit()

    found = {
        level: [deal.id for deal in deals_of(session, official, LedgerFilters(assurance=level)).rows]
        for level in Assurance
    }

    assert found == {
        Assurance.DECLARED: [declared.id],
        Assurance.CONFIRMED: [confirmed.id],
        Assurance.VERIFIED: [],
        Assurance.REVIEWED: [reviewed.id],
    }


def test_a_deal_found_lower_or_amended_since_or_disputed_is_not_reviewed(session, make, as_program, review) -> None:
    lower, amended, disputed = (make.deal(confirmed=True) for _deal in range(3))
    session.commit()
    review(lower, true_amount=1_000)
    for deal in (amended, disputed):
        review(deal)
    deals.amend_deal(session, deal=amended, actor=make.person_of(amended.buyer), amount=29_000_000)
    deals.confirm_deal(session, deal=amended, actor=make.person_of(amended.seller))
    deals.dispute_deal(session, deal=disputed, actor=make.person_of(disputed.buyer), reason="对不上")
    session.commit()

    listed = as_program(make.user(Role.OFFICIAL)).get("/api/v1/deals").json["items"]

    assert {each["assurance"] for each in listed} == {"V1"}


def test_the_ladder_tells_who_and_when_for_each_step(session, make, sign_in) -> None:
    deal = make.deal(buyer=make.enterprise("楚风商用车股份有限公司"), confirmed=True)
    office = make.office("湖北试样厅")
    deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL, office=office))
    session.commit()

    page = words_of(sign_in(make.person_of(deal.seller)).get(f"/deals/{deal.public_id}"))

    assert re.search(r"V0自报✓已达到申报买方·楚风商用车股份有限公司，\d", page)
    assert re.search(r"V1双方确认✓已达到本单位账号确认买方·楚风商用车股份有限公司，.*本单位账号确认卖方·", page)
    assert re.search(r"V2属地核验✓已达到核验当前金额湖北试样厅，\d", page)
    assert "V3抽查复核尚未" in page


def test_a_verification_of_an_earlier_amount_is_told_as_such(session, make, sign_in) -> None:
    deal = make.deal(confirmed=True)
    deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL))
    deals.amend_deal(session, deal=deal, actor=make.person_of(deal.buyer), amount=29_000_000)
    deals.confirm_deal(session, deal=deal, actor=make.person_of(deal.seller))
    session.commit()

    page = words_of(sign_in(make.person_of(deal.seller)).get(f"/deals/{deal.public_id}"))

    assert "V2属地核验尚未核验过更正前的金额，须重新核验" in page
