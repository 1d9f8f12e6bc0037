"""What lists and queues show of deals, and to whom."""

from __future__ import annotations

from datetime import timedelta

from matchmaker.accounts.models import Role
from matchmaker.db import utcnow
from matchmaker.deals import queries
from matchmaker.deals import scopes as _deals_are_scoped  # noqa: F401
from matchmaker.deals import services as deals
from matchmaker.deals.models import DealKind, DealStage
from matchmaker.deals.queries import LedgerFilters, StageLine
from matchmaker.enterprises import scopes as _firms_are_scoped  # noqa: F401
from matchmaker.events import scopes as _events_are_scoped  # noqa: F401
from matchmaker.events.models import EventState, RegistrationState


def test_a_deal_is_summed_only_in_the_stage_it_reached_and_only_with_its_kind(session, make):
    firm = make.enterprise()
    make.deal(buyer=firm, amount=1_000)
    make.deal(seller=firm, amount=2_000, confirmed=True)
    signed = make.deal(seller=firm, amount=4_000, confirmed=True)
    deals.record_contract(session, deal=signed, actor=make.person_of(firm), amount=9_999, number="HT-1")
    make.deal(seller=firm, amount=8_000, kind=DealKind.INVESTMENT)
    make.deal(amount=16_000)

    assert queries.stage_summary(session, firm.id) == [
        StageLine(DealStage.INTENT, 2, 3_000),
        StageLine(DealStage.CONTRACT, 1, 4_000),
    ]
    assert queries.stage_summary(session, firm.id, kind=DealKind.INVESTMENT) == [StageLine(DealStage.INTENT, 1, 8_000)]


def test_what_is_disputed_or_withdrawn_awaits_nobody(session, make):
    firm = make.enterprise()
    waiting = make.deal(seller=firm)
    disputed, withdrawn = make.deal(seller=firm), make.deal(seller=firm)
    deals.dispute_deal(session, deal=disputed, actor=make.person_of(firm), reason="x")
    deals.withdraw_deal(session, deal=withdrawn, actor=make.person_of(withdrawn.buyer), reason="x")

    assert queries.awaiting(session, firm.id) == [waiting]


def test_an_office_is_shown_the_disputes_of_its_region(session, make):
    near, far = make.deal(), make.deal(buyer=make.enterprise(region="420500"), seller=make.enterprise(region="420500"))
    for deal in (near, far):
        deals.dispute_deal(session, deal=deal, actor=make.person_of(deal.seller), reason="x")
    prefecture = make.user(Role.OFFICIAL, office=make.office(region="420600"))

    assert queries.disputed_near(session, prefecture) == [near]
    assert queries.disputed_near(session, make.user(Role.OFFICIAL)) == [near, far]
    assert queries.disputed_near(session, make.user(Role.OFFICIAL), limit=1) == [near]


def test_an_office_is_shown_exactly_what_it_may_verify_largest_first(session, make):
    office = make.office(region="420600")
    official = make.user(Role.OFFICIAL, office=office)
    small, large = make.deal(amount=1_000, confirmed=True), make.deal(amount=2_000, confirmed=True)
    event = make.event(organiser=office, state=EventState.HELD, starts_at=utcnow() - timedelta(days=1))
    make.deal(confirmed=True, event=event)
    make.deal()
    disputed, verified = make.deal(confirmed=True), make.deal(confirmed=True)
    deals.dispute_deal(session, deal=disputed, actor=make.person_of(disputed.buyer), reason="x")
    deals.verify_deal(session, deal=verified, actor=make.user(Role.OFFICIAL))
    recorded = make.deal(by=deals.Party.OFFICE, actor=official, confirmed=True)
    make.deal(confirmed=True, buyer=make.enterprise(region="420500"), seller=make.enterprise(region="420500"))

    assert recorded.standing.assurance is deals.project(recorded.entries).assurance
    assert queries.unverified_near(session, official) == [large, small]


def test_a_firm_pages_through_its_own_deals_only(session, make):
    firm = make.enterprise()
    own = [make.deal(buyer=firm) for _ in range(21)]
    make.deal()
    user = make.person_of(firm)

    first = queries.deals_of(session, user, LedgerFilters())
    second = queries.deals_of(session, user, LedgerFilters(), number=2)
    assert (first.total, [deal.number for deal in second.rows]) == (21, [own[0].number])


def test_the_events_to_choose_from_are_those_attended_and_begun(session, make):
    firm = make.enterprise()
    past = {"state": EventState.HELD, "starts_at": utcnow() - timedelta(days=1)}
    attended, seen, waiting, ahead = make.event(**past), make.event(**past), make.event(**past), make.event()
    make.registration(attended, firm)
    make.registration(waiting, firm, state=RegistrationState.WAITING)
    make.registration(ahead, firm)
    make.check_in(seen, firm)
    make.event(**past)

    assert set(queries.events_attended(session, make.person_of(firm))) == {attended, seen}
