"""Why a deal does not count."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from matchmaker.deals.counting import (
    By,
    DealCount,
    DealKind,
    DealReason,
    EntryFacts,
    EntryType,
)
from tests.deals.counting.ledgers import (
    AS_OF,
    YI,
    YICHANG,
    agreed,
    counted,
    deal,
    declared,
    entry,
    event,
    firm,
    frozen,
    only,
)


def test_the_first_reason_that_applies_is_the_reason():
    entries = [*declared(), entry("withdraw", "seller", "2024-03-20")]
    faults = {"event": "E1", "duplicate_of": "X", "seller": "A", "kind": DealKind.CREDIT, "amount": 10 * YI}
    given = {"as_of": AS_OF, "events": [event(held_on=date(2025, 1, 1))]}

    def reason() -> str:
        return only(deal(entries=entries, **faults), **given)

    assert reason().reason == "after_as_of"
    del faults["event"]
    assert reason().reason == "duplicate"
    del faults["duplicate_of"]
    assert reason().reason == "related_party"
    del faults["seller"]
    assert reason().reason == "unconfirmed"
    entries[1:1] = [entry("confirm", "seller", "2024-03-11"), entry("dispute", "seller", "2024-03-12")]
    assert reason().reason == "disputed"
    entries.insert(3, entry("resolve", "seller", "2024-03-13"))
    assert reason().reason == "held"
    entries.insert(4, entry("verify", "office", "2024-03-14"))
    assert reason().reason == "withdrawn"
    entries.pop()
    assert reason().reason == "other_kind"
    del faults["kind"]
    assert reason().reason == "counted"


def test_only_deals_in_gross_have_a_month():
    disputed = deal(entries=[*agreed("2024-03-01", "2024-04-10"), entry("dispute", "buyer", "2024-05-01")], event="E1")
    given = {"events": [event()], "months": [frozen("2024-03", "2024-04-01")]}

    assert (only(disputed, **given).month, only(disputed, **given).late) == (None, False)
    withdrawn = replace(disputed, entries=[*disputed.entries[:2], entry("withdraw", "buyer", "2024-05-01")])
    assert (only(withdrawn, **given).month, only(withdrawn, **given).late) == ("2024-04", True)
    credit = replace(disputed, entries=disputed.entries[:2], kind=DealKind.CREDIT)
    assert (only(credit, **given).month, only(credit, **given).late) == ("2024-04", True)


def test_a_deal_first_declared_after_the_day_is_in_no_total():
    result = counted(deal(entries=agreed("2024-06-01 00:00")), as_of=date(2024, 5, 31))

    assert result.deals["D1"] == DealCount(False, 0, None, False, DealReason.AFTER_AS_OF, 0, 0, None)
    assert (result.declared, result.confirmed, result.gross) == (0, 0, 0)


def test_entries_count_until_the_end_of_the_day_in_shanghai():
    at_the_end = deal(
        entries=[*declared(), EntryFacts(EntryType.CONFIRM, By.SELLER, datetime(2024, 5, 31, 15, 59, 59, 999_999, UTC))]
    )
    after = deal(entries=[*declared(), EntryFacts(EntryType.CONFIRM, By.SELLER, datetime(2024, 5, 31, 16, tzinfo=UTC))])

    assert only(at_the_end, as_of=date(2024, 5, 31)).reason == "counted"
    assert only(after, as_of=date(2024, 5, 31)).reason == "unconfirmed"


def test_a_deal_counts_whether_or_not_its_event_does():
    result = counted(deal(event="E1"), events=[event(approved=False)])

    assert result.events_counted == 0
    assert result.net == 1_000_000
    assert result.by_region_organiser == {YICHANG: 1_000_000}


def test_a_duplicate_never_counts_whatever_became_of_the_other():
    withdrawn = deal("1", [*agreed(), entry("withdraw", "buyer", "2024-04-01")])

    assert counted(withdrawn, deal("2", duplicate_of="1")).net == 0


RELATED = {
    "one parent": [firm("A", parent="P"), firm("B", parent="P"), firm("P")],
    "a parent not listed": [firm("A", parent="HOLDING"), firm("B", parent="HOLDING")],
    "parent and child": [firm("A"), firm("B", parent="A")],
    "a chain of parents": [firm("A", parent="C"), firm("C", parent="D"), firm("D", parent="P"), firm("B", parent="P")],
    "one representative": [firm("A", legal_representative="　王五 "), firm("B", legal_representative="王五")],
}


@pytest.mark.parametrize("firms", RELATED.values(), ids=RELATED)
def test_related_parties_do_not_count(firms):
    assert only(deal(), firms=firms).reason == "related_party"


UNRELATED = {
    "different parents": [firm("A", parent="P"), firm("B", parent="Q")],
    "empty representatives": [firm("A", legal_representative=" "), firm("B", legal_representative="　")],
    "unknown representatives": [firm("A"), firm("B")],
    "names spaced differently": [firm("A", legal_representative="王 五"), firm("B", legal_representative="王五")],
}


@pytest.mark.parametrize("firms", UNRELATED.values(), ids=UNRELATED)
def test_strangers_count(firms):
    assert only(deal(), firms=firms).reason == "counted"


def test_a_firm_does_not_deal_with_itself():
    assert only(deal(seller="A")).reason == "related_party"


def test_parents_that_form_a_circle_are_a_fault_not_an_endless_walk():
    with pytest.raises(ValueError, match="circle"):
        counted(deal(), firms=[firm("A", parent="B"), firm("B", parent="A")])
