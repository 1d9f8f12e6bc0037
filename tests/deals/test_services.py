"""What may be said of a deal, by whom, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.accounts.queries import chain_head
from matchmaker.audit import first_break
from matchmaker.db import utcnow
from matchmaker.deals import queries, refusals
from matchmaker.deals import services as deals
from matchmaker.deals.models import Assurance, Deal, DealKind, DealStage, EntryType, Party
from matchmaker.deals.obstacles import open_steps
from matchmaker.deals.standing import project
from matchmaker.errors import Stale
from matchmaker.events.models import EventState
from matchmaker.matching.models import MatchRun, MatchSubject, Outcome, Suggestion, SuggestionOutcome
from matchmaker.meetings.models import (
    Meeting,
    MeetingRequest,
    MeetingState,
    RequestState,
    Slot,
    Table,
    TimetableState,
    TimetableVersion,
)
from matchmaker.notices.models import Notice

YI = 100_000_000


def declare(session, make, **values):
    buyer, seller = values.pop("buyer", None) or make.enterprise(), values.pop("seller", None) or make.enterprise()
    known = {"kind": DealKind.PURCHASE, "subject": "压铸模", "amount": 30_000_000, "months": 12, "by": Party.BUYER}
    actor = values.pop("actor", None) or make.person_of(buyer)
    return deals.declare_deal(session, buyer=buyer, seller=seller, actor=actor, **(known | values))


def said(deal):
    return [(entry.number, entry.type, entry.party, entry.round, entry.amount) for entry in deal.entries]


def held_event(make, **values):
    return make.event(state=EventState.HELD, starts_at=utcnow() - timedelta(days=2), **values)


def test_declaring_consents_for_the_declarer_and_waits_for_the_other(session, make):
    deal = make.deal(amount=30_000_000)

    assert said(deal) == [(1, EntryType.DECLARE, Party.BUYER, 1, 30_000_000)]
    standing = deal.standing
    assert (standing.amount, standing.stage, standing.assurance) == (30_000_000, DealStage.INTENT, Assurance.DECLARED)
    assert (standing.buyer_consents, standing.seller_consents, standing.confirmed_at) == (True, False, None)
    assert queries.awaiting(session, deal.seller_id) == [deal]
    assert queries.awaiting(session, deal.buyer_id) == []


def test_numbers_run_through_the_year(session, make):
    year = utcnow().year

    assert [make.deal().number for _ in range(3)] == [f"YX-{year}-00001", f"YX-{year}-00002", f"YX-{year}-00003"]


def test_the_number_after_99999_has_six_digits(session, make):
    first = make.deal()
    first.number = "YX-2026-99999"
    session.flush()

    assert queries.next_number(session, year=2026) == "YX-2026-100000"


def test_confirming_makes_it_v1_at_that_moment(session, make):
    deal = make.deal(confirmed=True)

    assert deal.standing.assurance is Assurance.CONFIRMED
    assert deal.standing.confirmed_at == deal.entries[1].at
    assert queries.awaiting(session, deal.seller_id) == []


def test_confirming_twice_is_refused_with_a_clear_message(session, make):
    deal = make.deal(confirmed=True)

    with pytest.raises(refusals.AlreadyConfirmed, match="无需再次确认"):
        deals.confirm_deal(session, deal=deal, actor=make.person_of(deal.seller))
    assert len(deal.entries) == 2


def test_the_declarer_cannot_confirm_its_own_declaration(session, make):
    deal = make.deal()

    with pytest.raises(refusals.AlreadyConfirmed):
        deals.confirm_deal(session, deal=deal, actor=make.person_of(deal.buyer))


def test_a_third_firm_says_nothing_of_a_deal_of_others(session, make):
    deal, stranger = make.deal(), make.user()

    for verb, more in (
        (deals.confirm_deal, {}),
        (deals.dispute_deal, {"reason": "x"}),
        (deals.amend_deal, {"amount": 1}),
        (deals.withdraw_deal, {"reason": "x"}),
        (deals.record_contract, {"amount": 1, "number": "1"}),
        (deals.record_delivery, {"amount": 1}),
    ):
        with pytest.raises(refusals.NotAParty):
            verb(session, deal=deal, actor=stranger, **more)
    assert open_steps(deal, stranger) == []


def test_nobody_declares_for_another_firm(session, make):
    with pytest.raises(refusals.NotAParty):
        declare(session, make, actor=make.user())
    with pytest.raises(refusals.NotAParty):
        declare(session, make, by=Party.OFFICE, actor=make.user())
    with pytest.raises(refusals.NotAParty):
        declare(session, make, by=Party.OFFICE, actor=make.user(Role.AUDITOR))


def test_an_office_declares_without_anybodys_consent(session, make):
    organiser = make.user(Role.ORGANISER)
    deal = declare(session, make, by=Party.OFFICE, actor=organiser)

    assert (deal.standing.buyer_consents, deal.standing.seller_consents) == (False, False)
    assert deal.entries[0].office_id == organiser.office.id
    assert queries.awaiting(session, deal.buyer_id) == queries.awaiting(session, deal.seller_id) == [deal]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"amount": 0}, refusals.AmountOutOfRange),
        ({"amount": -1}, refusals.AmountOutOfRange),
        ({"amount": 10**15 + 1, "unit_checked": True}, refusals.AmountOutOfRange),
        ({"amount": 5.0}, refusals.AmountOutOfRange),
        ({"amount": True}, refusals.AmountOutOfRange),
        ({"amount": 10, "amount_high": 9}, refusals.RangeReversed),
        ({"is_renewal": True}, refusals.FormerMissing),
        ({"former_amount": 10_000_000}, refusals.FormerOfNoRenewal),
        ({"is_renewal": True, "former_amount": -1}, refusals.FormerOutOfRange),
        ({"is_renewal": True, "former_amount": 10**15 + 1}, refusals.FormerOutOfRange),
        ({"is_renewal": True, "former_amount": True}, refusals.FormerOutOfRange),
        ({"months": 0}, refusals.TermOutOfRange),
        ({"months": 1201}, refusals.TermOutOfRange),
        ({"subject": "  "}, refusals.SubjectMissing),
        ({"currency": "usd", "rate": "7.1"}, refusals.UnknownCurrency),
        ({"currency": "USD"}, refusals.RateMissing),
        ({"rate": "7.1"}, refusals.RateMissing),
        ({"currency": "USD", "rate": "0"}, refusals.RateMissing),
        ({"currency": "USD", "rate": "NaN"}, refusals.RateMissing),
        ({"currency": "USD", "rate": "sNaN"}, refusals.RateMissing),
        ({"currency": "USD", "rate": "seven"}, refusals.RateMissing),
        ({"currency": "JPY", "rate": "0.05", "amount": 19}, refusals.AmountOutOfRange),
    ],
)
def test_terms_nobody_can_mean_are_refused(session, make, values, refusal):
    with pytest.raises(refusal):
        declare(session, make, **values)
    session.flush()
    assert session.scalars(select(Deal)).all() == []


def test_a_firm_makes_no_deal_with_itself(session, make):
    firm = make.enterprise()

    with pytest.raises(refusals.SameParty):
        declare(session, make, buyer=firm, seller=firm)


def test_the_largest_amount_is_kept_to_the_yuan(session, make):
    assert make.deal(amount=10**15, unit_checked=True).standing.amount == 10**15


def test_a_foreign_amount_stands_in_yuan_rounded_down(session, make):
    deal = declare(session, make, amount=1_000_001, currency="USD", rate="7.12345")

    assert deal.standing.amount == 7_123_457
    assert deal.entries[0].amount == 1_000_001


def test_an_event_that_has_not_begun_gives_no_deals(session, make):
    with pytest.raises(refusals.EventNotHeld):
        declare(session, make, event=make.event())
    with pytest.raises(refusals.EventNotHeld):
        declare(session, make, event=make.event(state=EventState.CANCELLED, starts_at=utcnow() - timedelta(days=1)))


@pytest.mark.parametrize("state", [EventState.RUNNING, EventState.HELD, EventState.CLOSING, EventState.APPROVED])
def test_an_event_running_or_over_gives_deals(session, make, state):
    event = make.event(state=state)

    assert declare(session, make, event=event).event is event


def test_a_published_event_whose_hour_has_come_gives_deals(session, make):
    event = make.event(state=EventState.TIMETABLED, starts_at=utcnow() - timedelta(minutes=5))

    assert declare(session, make, event=event).event is event


def test_the_second_report_of_a_handshake_offers_the_first(session, make):
    first = make.deal(event=held_event(make))

    with pytest.raises(refusals.DealAlreadyDeclared, match=first.number) as refused:
        declare(
            session, make, buyer=first.buyer, seller=first.seller, by=Party.SELLER,
            actor=make.person_of(first.seller), event=first.event, amount=29_000_000,
        )  # fmt: skip
    assert refused.value.known is first


def test_the_second_report_with_the_sides_swapped_is_the_same_handshake(session, make):
    first = make.deal(event=held_event(make))

    with pytest.raises(refusals.DealAlreadyDeclared):
        declare(session, make, buyer=first.seller, seller=first.buyer, event=first.event)


def test_after_a_withdrawal_the_two_may_declare_again(session, make):
    first = make.deal(event=held_event(make))
    deals.withdraw_deal(session, deal=first, actor=make.person_of(first.buyer), reason="型号不符")

    second = declare(session, make, buyer=first.buyer, seller=first.seller, event=first.event)

    assert second.number != first.number


def test_deals_at_other_events_or_with_other_firms_are_others(session, make):
    first = make.deal(event=held_event(make))

    declare(session, make, buyer=first.buyer, seller=first.seller, event=held_event(make))
    declare(session, make, buyer=first.buyer, event=first.event)
    declare(session, make, buyer=first.buyer, seller=first.seller)
    assert len(session.scalars(select(Deal)).all()) == 4


def test_an_amount_like_a_slip_of_units_is_taken_only_when_checked(session, make):
    small = make.enterprise(last_year_revenue=9_999_999)

    with pytest.raises(refusals.AmountLooksWrong, match=r"上年营业收入的 3 倍.*请核对单位"):
        declare(session, make, seller=small)
    assert declare(session, make, seller=small, amount=29_999_997).standing.amount == 29_999_997
    with pytest.raises(refusals.AmountLooksWrong, match="10 亿元"):
        declare(session, make, amount=10 * YI)
    assert declare(session, make, amount=10 * YI, unit_checked=True).standing.amount == 10 * YI


def test_confirming_and_amending_ask_for_the_unit_too(session, make):
    deal = make.deal(amount=10 * YI, unit_checked=True)
    seller = make.person_of(deal.seller)

    with pytest.raises(refusals.AmountLooksWrong):
        deals.confirm_deal(session, deal=deal, actor=seller)
    with pytest.raises(refusals.AmountLooksWrong):
        deals.amend_deal(session, deal=deal, actor=seller, amount=11 * YI)
    deals.confirm_deal(session, deal=deal, actor=seller, unit_checked=True)
    assert deal.standing.assurance is Assurance.CONFIRMED


def test_an_amendment_takes_effect_when_the_other_side_consents(session, make):
    deal = make.deal(amount=30_000_000, confirmed=True)
    buyer, seller = make.person_of(deal.buyer), make.person_of(deal.seller)

    deals.amend_deal(session, deal=deal, actor=seller, amount=28_000_000)
    assert (deal.standing.amount, deal.standing.round, deal.standing.assurance) == (30_000_000, 2, Assurance.CONFIRMED)
    assert queries.awaiting(session, deal.buyer_id) == [deal]
    with pytest.raises(refusals.AlreadyConfirmed):
        deals.confirm_deal(session, deal=deal, actor=seller)

    deals.confirm_deal(session, deal=deal, actor=buyer)
    assert (deal.standing.amount, deal.standing.buyer_consents) == (28_000_000, True)
    assert said(deal)[2:] == [
        (3, EntryType.AMEND, Party.SELLER, 2, 28_000_000),
        (4, EntryType.CONFIRM, Party.BUYER, 2, None),
    ]


def test_an_amendment_changes_the_amount(session, make):
    deal = make.deal(amount=30_000_000)

    with pytest.raises(refusals.SameAmount):
        deals.amend_deal(session, deal=deal, actor=make.person_of(deal.seller), amount=30_000_000)
    with pytest.raises(refusals.AmountOutOfRange):
        deals.amend_deal(session, deal=deal, actor=make.person_of(deal.seller), amount=0)


def test_an_amended_amount_is_to_be_verified_again(session, make):
    deal = make.deal(confirmed=True)
    official = make.user(Role.OFFICIAL)
    deals.verify_deal(session, deal=deal, actor=official)
    assert deal.standing.assurance is Assurance.VERIFIED

    deals.amend_deal(session, deal=deal, actor=make.person_of(deal.seller), amount=28_000_000)
    assert deal.standing.assurance is Assurance.VERIFIED
    deals.confirm_deal(session, deal=deal, actor=make.person_of(deal.buyer))
    assert deal.standing.assurance is Assurance.CONFIRMED


def test_a_dispute_freezes_until_the_one_who_raised_it_takes_it_back(session, make):
    deal = make.deal(confirmed=True)
    buyer, seller = make.person_of(deal.buyer), make.person_of(deal.seller)
    deals.dispute_deal(session, deal=deal, actor=seller, reason="少计一套")

    assert deal.standing.is_disputed
    assert deal.standing.assurance is Assurance.CONFIRMED
    with pytest.raises(refusals.AlreadyDisputed):
        deals.dispute_deal(session, deal=deal, actor=buyer, reason="x")
    with pytest.raises(refusals.DealDisputed):
        deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL))
    with pytest.raises(refusals.DealDisputed):
        deals.record_contract(session, deal=deal, actor=buyer, amount=1, number="1")
    with pytest.raises(refusals.NotDisputer):
        deals.resolve_dispute(session, deal=deal, actor=buyer)

    deals.resolve_dispute(session, deal=deal, actor=seller)
    assert not deal.standing.is_disputed
    with pytest.raises(refusals.NotDisputed):
        deals.resolve_dispute(session, deal=deal, actor=seller)


def test_an_office_of_the_region_settles_a_dispute_and_another_does_not(session, make):
    deal = make.deal(confirmed=True)
    deals.dispute_deal(session, deal=deal, actor=make.person_of(deal.seller), reason="少计一套")

    far = make.user(Role.OFFICIAL, office=make.office(region="420500"))
    with pytest.raises(refusals.NotDisputer):
        deals.resolve_dispute(session, deal=deal, actor=far)
    near = make.user(Role.OFFICIAL, office=make.office(region="420600"))
    deals.resolve_dispute(session, deal=deal, actor=near, note="双方核对一致")
    assert not deal.standing.is_disputed


def test_a_refusal_gives_its_reason(session, make):
    deal = make.deal()
    seller = make.person_of(deal.seller)

    with pytest.raises(refusals.ReasonMissing):
        deals.dispute_deal(session, deal=deal, actor=seller, reason=" ")
    with pytest.raises(refusals.ReasonMissing):
        deals.withdraw_deal(session, deal=deal, actor=seller, reason="")


def test_a_withdrawal_ends_the_deal(session, make):
    deal = make.deal(confirmed=True)
    buyer = make.person_of(deal.buyer)
    deals.withdraw_deal(session, deal=deal, actor=buyer, reason="项目取消")

    assert deal.standing.stage is DealStage.WITHDRAWN
    for verb, more in (
        (deals.amend_deal, {"amount": 5}),
        (deals.dispute_deal, {"reason": "x"}),
        (deals.withdraw_deal, {"reason": "x"}),
        (deals.record_contract, {"amount": 1, "number": "1"}),
        (deals.confirm_deal, {}),
    ):
        with pytest.raises(refusals.DealWithdrawn):
            verb(session, deal=deal, actor=buyer, **more)
    assert open_steps(deal, buyer) == []


def test_an_office_withdraws_and_amends_only_what_it_recorded(session, make):
    organiser, other = make.user(Role.ORGANISER), make.user(Role.ORGANISER)
    deal = declare(session, make, by=Party.OFFICE, actor=organiser)

    with pytest.raises(refusals.NotRecorder):
        deals.withdraw_deal(session, deal=deal, actor=other, reason="x")
    deals.amend_deal(session, deal=deal, actor=organiser, amount=20_000_000)
    assert (deal.standing.buyer_consents, deal.standing.seller_consents) == (False, False)
    deals.withdraw_deal(session, deal=deal, actor=organiser, reason="登记有误")
    assert deal.standing.stage is DealStage.WITHDRAWN


def test_an_office_of_the_region_verifies_once(session, make):
    deal = make.deal(confirmed=True, seller=make.enterprise(region="420500"))
    county = make.user(Role.COUNTY_OFFICER, office=make.office(region="420500"))
    deals.verify_deal(session, deal=deal, actor=county, note="已看合同")

    assert deal.standing.assurance is Assurance.VERIFIED
    with pytest.raises(refusals.AlreadyVerified):
        deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL))


def test_whoever_organised_or_recorded_cannot_verify(session, make):
    office = make.office(region="420600")
    deal = make.deal(confirmed=True, event=held_event(make, organiser=office))
    official = make.user(Role.OFFICIAL, office=office)

    with pytest.raises(refusals.VerifierInvolved):
        deals.verify_deal(session, deal=deal, actor=official)

    recorder = make.user(Role.OFFICIAL, office=make.office(region="420600"))
    recorded = declare(session, make, by=Party.OFFICE, actor=recorder)
    for party in (recorded.buyer, recorded.seller):
        deals.confirm_deal(session, deal=recorded, actor=make.person_of(party))
    with pytest.raises(refusals.VerifierInvolved):
        deals.verify_deal(session, deal=recorded, actor=recorder)


def test_only_an_office_of_the_region_verifies_and_only_what_both_confirmed(session, make):
    deal = make.deal()

    with pytest.raises(refusals.NotConfirmed):
        deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL))
    for stranger in (
        make.user(Role.OFFICIAL, office=make.office(region="420500")),
        make.user(Role.ORGANISER),
        make.user(Role.AUDITOR),
        make.person_of(deal.buyer),
    ):
        with pytest.raises(refusals.OutOfRegion):
            deals.verify_deal(session, deal=deal, actor=stranger)


def test_a_deal_wholly_outside_the_province_is_nobodys_to_verify(session, make):
    deal = make.deal(confirmed=True, buyer=make.enterprise(region="310000"), seller=make.enterprise(region="320000"))

    with pytest.raises(refusals.OutOfRegion):
        deals.verify_deal(session, deal=deal, actor=make.user(Role.OFFICIAL))


def test_contract_and_delivery_are_stages_and_never_added_to_the_intent(session, make):
    deal = make.deal(amount=30_000_000, confirmed=True)
    seller = make.person_of(deal.seller)

    deals.record_contract(session, deal=deal, actor=seller, amount=20_000_000, number=" HT-7 ")
    assert (deal.standing.stage, deal.contract_number) == (DealStage.CONTRACT, "HT-7")
    deals.record_delivery(session, deal=deal, actor=seller, amount=19_999_999)
    assert deal.standing.stage is DealStage.DELIVERING
    deals.record_delivery(session, deal=deal, actor=seller, amount=1)
    assert (deal.standing.stage, deal.standing.amount) == (DealStage.DELIVERED, 30_000_000)


def test_a_delivery_beyond_the_contract_is_recorded_and_only_an_office_records_the_contract_that_covers_it(
    session, make
):
    deal = make.deal(confirmed=True)
    buyer, official = make.person_of(deal.buyer), make.user(Role.OFFICIAL)
    deals.record_contract(session, deal=deal, actor=buyer, amount=20_000_000, number="HT-7")
    deals.record_delivery(session, deal=deal, actor=buyer, amount=22_000_000)
    with pytest.raises(refusals.ContractFulfilled):
        deals.record_contract(session, deal=deal, actor=official, amount=30_000_000, number="HT-7-2")

    deals.record_delivery(session, deal=deal, actor=buyer, amount=1)

    with pytest.raises(refusals.ContractFulfilled):
        deals.record_contract(session, deal=deal, actor=buyer, amount=30_000_000, number="HT-7-2")
    deals.record_contract(session, deal=deal, actor=official, amount=22_000_001, number="HT-7-2")
    assert [entry.type.value for entry in deal.entries[2:]] == ["contract", "deliver", "deliver", "contract"]
    assert (deal.standing.amount, deal.contract_number) == (30_000_000, "HT-7-2")
    assert EntryType.CONTRACT not in open_steps(deal, official)


def test_contract_waits_for_confirmation_and_delivery_for_the_contract(session, make):
    deal = make.deal()
    buyer = make.person_of(deal.buyer)

    with pytest.raises(refusals.NotConfirmed):
        deals.record_contract(session, deal=deal, actor=buyer, amount=1, number="1")
    deals.confirm_deal(session, deal=deal, actor=make.person_of(deal.seller))
    with pytest.raises(refusals.NoContract):
        deals.record_delivery(session, deal=deal, actor=buyer, amount=1)
    with pytest.raises(refusals.NumberMissing):
        deals.record_contract(session, deal=deal, actor=buyer, amount=1, number=" ")


def test_what_was_delivered_is_not_withdrawn(session, make):
    deal = make.deal(confirmed=True)
    buyer = make.person_of(deal.buyer)
    deals.record_contract(session, deal=deal, actor=buyer, amount=100, number="HT-7")
    deals.record_delivery(session, deal=deal, actor=buyer, amount=10)

    with pytest.raises(refusals.DeliveryBegun):
        deals.withdraw_deal(session, deal=deal, actor=buyer, reason="x")
    with pytest.raises(refusals.ContractFulfilled):
        deals.record_contract(session, deal=deal, actor=buyer, amount=90, number="HT-8")


def test_the_other_side_is_told_and_the_speaker_is_not(session, make):
    deal = make.deal()
    deals.confirm_deal(session, deal=deal, actor=make.person_of(deal.seller))

    told = [(n.enterprise_id, n.title, n.path) for n in session.scalars(select(Notice).order_by(Notice.id))]
    assert told == [
        (
            deal.seller_id,
            f"{deal.buyer.name}申报了 3,000 万元的意向，请核对并答复",
            f"/deals/{deal.public_id}/confirm",
        ),
        (deal.buyer_id, f"{deal.seller.name}确认了意向", f"/deals/{deal.public_id}"),
    ]


def test_every_verb_leaves_a_trace_without_names(session, make):
    deal = make.deal(confirmed=True)

    traces = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == deal.public_id).order_by(AuditEntry.id))
    assert [(trace.action, trace.detail) for trace in traces] == [
        ("deal declare", {"number": 1, "round": 1, "party": "buyer", "amount": 30_000_000}),
        ("deal confirm", {"number": 2, "round": 1, "party": "seller"}),
    ]


def test_the_ledger_is_one_sealed_chain_and_altered_terms_show(session, make):
    first, second = make.deal(confirmed=True), make.deal()
    head = chain_head(session, queries.LEDGER).seal
    assert first_break(queries.entry_links(session), head=head) is None

    first.months = 36
    session.flush()
    assert first_break(queries.entry_links(session), head=head) == first.entries[0].public_id
    assert second.entries[0].seal == head


def test_two_readers_of_one_deal_cannot_both_speak(session, engine, make):
    deal = make.deal()
    seller = make.person_of(deal.seller)
    session.commit()

    with Session(engine, expire_on_commit=False) as other:
        theirs = other.get_one(Deal, deal.id)
        assert len(theirs.entries) == 1
        assert theirs.standing.round == 1
        other.commit()
        deals.amend_deal(session, deal=deal, actor=make.person_of(deal.buyer), amount=25_000_000)
        session.commit()
        with pytest.raises(Stale):
            deals.confirm_deal(other, deal=theirs, actor=seller)
        other.rollback()
    assert project(deal.entries).round == 2


def met_by_suggestion(session, event, buyer, seller):
    """A meeting the seller asked for because the buyer was suggested to it."""
    run = MatchRun(
        subject=MatchSubject.DOWNSTREAM,
        subject_id=seller.id,
        enterprise_id=seller.id,
        engine_version="1",
        index_version="1",
        input_digest="1",
    )
    suggestion = Suggestion(run=run, rank=1, enterprise_id=buyer.id, score=8_750, evidence={})
    meeting = Meeting(
        timetable=TimetableVersion(event=event, number=1, state=TimetableState.PUBLISHED),
        request=MeetingRequest(
            event=event, asker=seller, asked=buyer, suggestion=suggestion, state=RequestState.ACCEPTED
        ),
        slot=Slot(event_id=event.id, number=1, starts_at=event.starts_at, ends_at=event.starts_at + timedelta(hours=1)),
        table=Table(event_id=event.id, number=1),
        state=MeetingState.HELD,
    )
    session.add(meeting)
    session.flush()
    return meeting


def came_of(session):
    session.flush()
    return session.scalars(select(SuggestionOutcome.outcome).order_by(SuggestionOutcome.id)).all()


def test_matching_hears_of_a_deal_when_both_sides_stand_by_it_and_of_its_end(session, make):
    event, buyer, seller = held_event(make), make.enterprise(), make.enterprise()
    meeting = met_by_suggestion(session, event, buyer, seller)
    deal = declare(session, make, buyer=buyer, seller=seller, event=event, meeting=meeting)
    assert came_of(session) == []

    deals.confirm_deal(session, deal=deal, actor=make.person_of(seller), unit_checked=True)
    assert came_of(session) == [Outcome.DEAL]

    deals.withdraw_deal(session, deal=deal, actor=make.person_of(buyer), reason="需求取消")
    assert came_of(session) == [Outcome.DEAL, Outcome.ENDED]


def test_a_deal_of_no_meeting_teaches_nothing(session, make):
    met_by_suggestion(session, held_event(make), make.enterprise(), make.enterprise())

    make.deal(confirmed=True)

    assert came_of(session) == []
