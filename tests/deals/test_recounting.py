"""A programme counted from its rows: the same numbers as every other way of counting it."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import event as listening
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Role
from matchmaker.deals import recounting
from matchmaker.deals.counting import DealKind as Kind
from matchmaker.deals.counting import DealReason, EventReason, count
from matchmaker.deals.facts import decode_facts, result_of
from matchmaker.deals.judging import counted_answer
from matchmaker.deals.models import Deal, DealEntry, EntryType, Party
from matchmaker.deals.recounting import Reached, export_facts, recount, recounted
from matchmaker.deals.recounting.firms import without_circles
from matchmaker.deals.recounting.memory import memory_for
from matchmaker.enterprises.models import EnterpriseKind
from matchmaker.enterprises.services.merging import end_merger, merge_duplicate
from matchmaker.events.models import EventState, Side
from tests.deals.worked_example import YI, confirmed, declared, freeze

DECLARED = ("declare", "buyer", "2026-03-10T02:00")
BOTH = (DECLARED, ("confirm", "seller", "2026-03-12T02:00"))
LATE = date(2026, 12, 31)


def test_the_worked_example_of_the_rules_comes_to_five_point_eight_yi(session, worked_example):
    counted = recount(session, worked_example, LATE)

    totals = (counted.declared, counted.gross, counted.withdrawn, counted.net)
    assert totals == (1_350_000_000, 600_000_000, 20_000_000, 580_000_000)
    assert counted.by_kind[Kind.INVESTMENT] == 40 * YI
    assert counted.by_month["2026-04"].late == 80_000_000
    assert counted.by_month["2026-07"].withdrawn == 20_000_000


def test_the_exported_facts_recount_to_the_same_numbers(session, worked_example, make):
    make.recorded_deal(*confirmed(1_000_001), currency="USD", rate="7.1234567890123456789")
    document = recounting.written(export_facts(session, worked_example))

    offline = count(decode_facts(document.encode()), LATE)

    assert result_of(offline) == result_of(recount(session, worked_example, LATE))
    assert '"rate": 7.1234567890123456789' in document
    assert json.loads(document)["frozen_months"] == [{"month": "2026-03", "frozen_at": "2026-04-08T10:00:00Z"}]


def test_exported_facts_keep_people_equal_and_unnamed(session, make):
    programme = make.programme()
    one, other = (make.enterprise(legal_representative=name) for name in ("欧阳试", " 欧阳试"))
    make.recorded_deal(*BOTH, buyer=one, seller=other)

    document = recounting.written(export_facts(session, programme))

    assert "欧阳" not in document
    assert [firm["legal_representative"] for firm in json.loads(document)["enterprises"]] == ["person-1", "person-1"]
    (judged,) = count(decode_facts(document.encode()), LATE).deals.values()
    assert judged.reason is DealReason.RELATED_PARTY


def test_a_firm_registered_twice_counts_once_and_trades_with_itself_no_more_once_merged(session, make):
    programme = make.programme()
    event = make.event(programme=programme, state=EventState.APPROVED, own_matching=True)
    survivor, duplicate, other, below = (make.enterprise() for _ in range(4))
    below.parent_code = duplicate.credit_code
    for firm in (survivor, duplicate, other):
        make.check_in(event, firm)
    with_itself = make.recorded_deal(*BOTH, buyer=survivor, seller=duplicate)
    with_its_own = make.recorded_deal(*BOTH, buyer=survivor, seller=below)
    abroad = make.recorded_deal(*BOTH, buyer=duplicate, seller=other)
    official = make.user(Role.OFFICIAL)

    def reasons() -> list[DealReason]:
        deals = recount(session, programme, LATE).deals
        return [deals[deal.public_id].reason for deal in (with_itself, with_its_own, abroad)]

    assert reasons() == [DealReason.COUNTED] * 3
    merge_duplicate(session, duplicate=duplicate, survivor=survivor, actor=official)

    assert reasons() == [DealReason.RELATED_PARTY, DealReason.RELATED_PARTY, DealReason.COUNTED]
    facts = export_facts(session, programme)
    assert {guest["credit_code"] for each in facts["events"] for guest in each["check_ins"]} == {
        survivor.credit_code,
        other.credit_code,
    }
    assert next(deal["buyer"] for deal in facts["deals"] if deal["id"] == abroad.public_id) == survivor.credit_code
    end_merger(session, duplicate=duplicate, survivor=survivor, actor=official)
    assert reasons() == [DealReason.COUNTED] * 3


def test_a_confirmed_deal_of_three_thousand_wan_moves_the_net_by_exactly_0_30_yi(session, make):
    programme = make.programme(year=2026)
    today = date(2099, 12, 31)
    deal = make.recorded_deal(DECLARED)
    before = recount(session, programme, today).net
    make.recorded_deal(*BOTH)

    assert (before, recount(session, programme, today).net) == (0, 30_000_000)
    assert recount(session, programme, today).deals[deal.public_id].reason is DealReason.UNCONFIRMED


def test_one_deals_answer_is_what_the_full_recount_says_of_it(session, worked_example):
    full = recount(session, worked_example, LATE).deals
    deals = session.scalars(select(Deal)).all()

    answers = {deal.public_id: counted_answer(session, deal, LATE) for deal in deals}

    assert answers == dict(full)
    assert len(answers) == 7


def test_counties_count_for_their_prefecture_and_other_provinces_for_none(session, make):
    programme = make.programme()
    near, far = make.enterprise(region="420607"), make.enterprise(region="410000")
    make.recorded_deal(*BOTH, buyer=near, seller=far)
    make.recorded_deal(*confirmed(1_000_001), buyer=near, seller=make.enterprise(region="420100"))

    counted = recount(session, programme, LATE)

    assert counted.by_region_shared == {"420100": 500_000, "420600": 30_500_001}


def test_a_deal_belongs_to_the_year_of_its_event_or_of_its_declaration(session, make):
    old, new = make.programme(2025), make.programme(2026)
    december = {"held_on": date(2025, 12, 30), "state": EventState.HELD, "programme": old}
    event = make.event(starts_at=make.moment("2025-12-30T01:00"), **december)
    by_event = make.recorded_deal(*confirmed(YI, at="2026-01-05T02:00"), event=event)
    # 00:30 in Shanghai on New Year's Day is still the old year in UTC.
    at_new_year = make.recorded_deal(("declare", "buyer", "2025-12-31T16:30"))
    at_old_year = make.recorded_deal(("declare", "buyer", "2025-12-31T15:30"))

    assert set(recount(session, old, LATE).deals) == {by_event.public_id, at_old_year.public_id}
    assert set(recount(session, new, LATE).deals) == {at_new_year.public_id}


def test_a_duplicate_goes_with_the_deal_it_repeats(session, make):
    old, new = make.programme(2025), make.programme(2026)
    first = make.recorded_deal(*declared(YI, at="2025-11-05T02:00"))
    event = make.event(starts_at=make.moment("2026-03-20T01:00"), held_on=date(2026, 3, 20), programme=new)
    again = make.recorded_deal(*BOTH, duplicate_of=first, event=event)
    thrice = make.recorded_deal(*BOTH, duplicate_of=again)
    kept = make.recorded_deal(*BOTH)

    assert set(recount(session, new, LATE).deals) == {kept.public_id}
    reasons = {key: deal.reason for key, deal in recount(session, old, LATE).deals.items()}
    assert reasons[again.public_id] is reasons[thrice.public_id] is DealReason.DUPLICATE
    offline = count(decode_facts(recounting.written(export_facts(session, old)).encode()), LATE)
    assert result_of(offline) == result_of(recount(session, old, LATE))


def test_firms_that_name_themselves_or_one_another_as_parents_do_not_stop_the_count(session, make):
    programme = make.programme()
    alone = make.enterprise(credit_code="DEMOALONE000000001", parent_code="DEMOALONE000000001")
    one = make.enterprise(credit_code="DEMOCIRCLE00000001", parent_code="DEMOCIRCLE00000002")
    two = make.enterprise(credit_code="DEMOCIRCLE00000002", parent_code="DEMOCIRCLE00000001")
    within = make.recorded_deal(*BOTH, buyer=one, seller=two)
    across = make.recorded_deal(*BOTH, buyer=one, seller=alone)

    deals = recount(session, programme, LATE).deals

    assert deals[within.public_id].reason is DealReason.RELATED_PARTY
    assert deals[across.public_id].reason is DealReason.COUNTED
    assert {deal.public_id: counted_answer(session, deal, LATE) for deal in (within, across)} == dict(deals)


def test_a_circle_of_parents_ends_at_its_smallest_code():
    assert without_circles({"d": "c", "c": "b", "b": "c", "e": "e", "g": "f"}) == {"d": "c", "c": "b", "g": "f"}


def test_parents_outside_the_programme_still_relate_the_parties(session, make):
    programme = make.programme()
    make.enterprise(credit_code="DEMOHOLDING0000001", parent_code="DEMOSTATE000000001")
    one = make.enterprise(parent_code="DEMOHOLDING0000001")
    other = make.enterprise(parent_code="DEMOSTATE000000001")
    deal = make.recorded_deal(*BOTH, buyer=one, seller=other)

    assert recount(session, programme, LATE).deals[deal.public_id].reason is DealReason.RELATED_PARTY


def test_an_event_counts_with_its_own_check_ins_once_another_office_approved_it(session, make):
    programme = make.programme(min_enterprises=2)
    held = {"held_on": date(2026, 3, 20), "programme": programme}
    starts_at = make.moment("2026-03-20T01:00")
    approved = make.event(state=EventState.APPROVED, starts_at=starts_at, **held)
    waiting = make.event(state=EventState.CLOSING, starts_at=starts_at, **held)
    firm = make.enterprise()
    for event in (approved, waiting):
        make.check_in(event, firm, Side.BUYER).at = starts_at
        make.check_in(event, make.enterprise(), Side.SELLER).at = starts_at
    session.flush()

    counted = recount(session, programme, LATE)

    assert (counted.events_counted, counted.enterprises, counted.attendances) == (1, 2, 2)
    assert counted.events[waiting.public_id].reason is EventReason.NOT_APPROVED


def test_contract_and_delivery_stand_beside_the_count_as_of_their_day(session, make):
    programme = make.programme()
    later = (
        ("contract", "buyer", "2026-05-10T02:00", 28_000_000),
        ("deliver", "seller", "2026-06-10T02:00", 5_000_000),
    )
    more = (("deliver", "seller", "2026-07-10T02:00", 6_000_000), ("contract", "buyer", "2026-08-10T02:00", 29_000_000))
    deal = make.recorded_deal(*BOTH, *later, *more)

    def reached(day: date) -> Reached:
        return recounted(session, programme, day).reached[deal.public_id]

    assert reached(date(2026, 5, 9)) == Reached(None, None)
    assert reached(date(2026, 6, 10)) == Reached(28_000_000, 5_000_000)
    assert reached(date(2026, 8, 10)) == Reached(29_000_000, 11_000_000)


@pytest.fixture
def reader(engine):
    """A session that only reads, as the pages have it."""
    with Session(engine.execution_options(begin="DEFERRED")) as session:
        yield session


def statements_of(engine, work) -> int:
    """How many statements some work sends to the database."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    listening.listen(engine, "before_cursor_execute", note)
    work()
    listening.remove(engine, "before_cursor_execute", note)
    return sum("deal_entry.party" in statement or "enterprise.name" in statement for statement in sent)


def test_an_unchanged_programme_is_not_read_again(engine, session, make, reader):
    programme = make.programme()
    make.recorded_deal(*BOTH)
    session.commit()
    first = recount(reader, programme, LATE)
    reader.commit()

    assert statements_of(engine, lambda: recount(reader, programme, LATE)) == 0
    assert recount(reader, programme, LATE) is first
    assert recount(reader, programme, date(2026, 3, 1)).net == 0


def _set(row, **values):
    for name, value in values.items():
        setattr(row, name, value)


def _come(make, event, side: Side = Side.SELLER) -> None:
    make.check_in(event, make.enterprise(), side).at = event.starts_at


def _withdraw(make, deal) -> None:
    said = {"type": EntryType.WITHDRAW, "party": Party.BUYER, "at": make.moment("2026-04-01T02:00")}
    make.session.add(DealEntry(deal_id=deal.id, number=3, round=1, seal="", **said))


# Everything a count depends on, and what changing it makes of (events, enterprises, net).
CHANGES = {
    "a later entry": (lambda at: _withdraw(at.make, at.deal), (1, 2, 0)),
    "a new deal": (lambda at: at.make.recorded_deal(*confirmed(YI)), (1, 2, 130_000_000)),
    "a check-in": (lambda at: _come(at.make, at.event), (1, 3, 30_000_000)),
    "a check-in taken back": (lambda at: at.make.session.delete(at.event.check_ins[0]), (0, 0, 30_000_000)),
    "an approval undone": (lambda at: _set(at.event, state=EventState.CLOSING), (0, 0, 30_000_000)),
    "a firm's kind": (lambda at: _set(at.buyer, kind=EnterpriseKind.BANK), (0, 0, 30_000_000)),
    "a firm's revenue": (lambda at: _set(at.deal.buyer, last_year_revenue=1), (1, 2, 0)),
    "a deal's term": (lambda at: _set(at.deal, months=24), (1, 2, 15_000_000)),
    "the rules": (lambda at: _set(at.programme, min_enterprises=9), (0, 0, 30_000_000)),
}


@pytest.fixture
def scene(session, make):
    """A counted event with a buyer and a seller, and a confirmed deal of theirs."""
    programme = make.programme(min_enterprises=2)
    day = {"starts_at": make.moment("2026-03-01T01:00"), "held_on": date(2026, 3, 1), "state": EventState.APPROVED}
    event = make.event(programme=programme, **day)
    _come(make, event, Side.BUYER)
    _come(make, event)
    buyer = event.check_ins[0].enterprise
    deal = make.recorded_deal(*BOTH, event=event)
    session.commit()
    return SimpleNamespace(make=make, programme=programme, event=event, buyer=buyer, deal=deal)


@pytest.mark.parametrize("name", CHANGES)
def test_no_change_leaves_a_remembered_count_stale(session, scene, reader, name):
    change, after = CHANGES[name]
    before = recount(reader, scene.programme, LATE)
    assert (before.events_counted, before.enterprises, before.net) == (1, 2, 30_000_000)
    reader.commit()

    change(scene)
    session.commit()

    counted = recount(reader, scene.programme, LATE)
    assert (counted.events_counted, counted.enterprises, counted.net) == after


def test_a_frozen_month_is_noticed(session, make, reader):
    programme = make.programme()
    make.recorded_deal(*BOTH)
    session.commit()
    assert set(recount(reader, programme, LATE).by_month) == {"2026-03"}
    reader.commit()

    freeze(session, programme, "2026-03", make.moment("2026-03-11T02:00"))
    session.commit()

    assert set(recount(reader, programme, LATE).by_month) == {"2026-04"}


def test_a_writer_sees_its_own_changes_and_leaves_nothing_to_remember(session, make, reader):
    programme = make.programme()
    session.commit()
    deal = make.recorded_deal(*BOTH)
    assert recount(session, programme, LATE).net == 30_000_000
    session.rollback()

    assert recount(reader, make.programme(), LATE).net == 0
    assert memory_for(session).find(("books", programme.id), None) is None
    assert deal not in session
