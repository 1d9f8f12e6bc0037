"""Whatever the ledger, what was published and what has changed since add up to what is said now."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.audit import canonical
from matchmaker.deals.counting import By, EntryFacts, EntryType, Facts, FrozenMonth, MonthCount, count
from matchmaker.deals.facts import result_of
from matchmaker.progress.closing.reckoning import NOTHING, Saying, cumulative, differences, reckon
from matchmaker.progress.closing.statements import (
    Cause,
    Correction,
    corrections,
    late_in,
    statement_now,
    statement_of,
    withdrawals_of,
)
from matchmaker.progress.closing.triangle import TODAY, Cell, Column, sums, triangle
from tests.deals.counting.ledgers import deal, firm, moment
from tests.deals.counting.test_any_ledger import facts

LAST = date(2024, 9, 1)
MONTHS = {f"2024-{number:02d}" for number in range(1, 13)}


def saying(given: Facts, as_of: date) -> Saying:
    found = count(given, as_of)
    return Saying(found.by_month, statement_now(found, given.deals))


def frozen_on(freeze: FrozenMonth) -> date:
    return freeze.frozen_at.date()


def freezes_in_order(given: Facts) -> list[FrozenMonth]:
    return sorted(given.frozen_months, key=lambda freeze: (freeze.frozen_at, freeze.month))


@settings(max_examples=100, deadline=None)
@given(given=facts(), then=st.integers(1, 240))
def test_a_snapshot_reads_back_as_what_was_said(given, then):
    as_of = date.fromordinal(date(2024, 1, 1).toordinal() + then)
    found = count(given, as_of)

    read = statement_of(canonical(result_of(found)), withdrawals_of(found, given.deals))

    assert corrections(read, statement_now(found, given.deals), MONTHS) == []
    booked = {month: sum(each.in_month(month) for each in read.values()) for month in MONTHS}
    assert booked == {month: found.by_month.get(month, NOTHING).net for month in MONTHS}


@settings(max_examples=150, deadline=None)
@given(given=facts(), other=facts())
def test_published_and_reversing_lines_add_up_to_the_restated_total(given, other):
    """Whatever was edited in between: even where the books of today are altogether other books."""
    for changed in (given, other):
        frozen: set[str] = set()
        before = Saying({}, {})
        for freeze in freezes_in_order(given):
            after = saying(changed, frozen_on(freeze))
            found = reckon(freeze.month, frozen=frozen, before=before, after=after)
            steps = found.published + found.corrected + found.on_time + found.late - found.ended
            assert steps == found.cumulative == cumulative(after.months, {*frozen, freeze.month})
            frozen.add(freeze.month)
            before = after

        now = saying(changed, LAST)
        lines = corrections(before.deals, now.deals, frozen)
        assert cumulative(before.months, frozen) + differences(lines) == cumulative(now.months, frozen)
        assert all(line.difference for line in lines)


@settings(max_examples=100, deadline=None)
@given(given=facts())
def test_a_month_as_first_published_and_its_lines_since_are_the_month_as_it_is_now(given):
    freezes = freezes_in_order(given)
    sayings = [saying(given, frozen_on(freeze)) for freeze in freezes] + [saying(given, LAST)]
    for number, freeze in enumerate(freezes):
        published = sayings[number].months.get(freeze.month, NOTHING).net
        steps = zip(sayings[number:], sayings[number + 1 :], strict=False)
        since = [corrections(before.deals, after.deals, {freeze.month}) for before, after in steps]

        restated = sayings[-1].months.get(freeze.month, NOTHING).net
        assert published + sum(map(differences, since)) == restated


@settings(max_examples=100, deadline=None)
@given(given=facts())
def test_the_last_column_of_the_triangle_is_the_net(given):
    columns, frozen = [], frozenset()
    for freeze in freezes_in_order(given):
        frozen |= {freeze.month}
        columns.append(Column(freeze.month, frozen, saying(given, frozen_on(freeze)).months))
    found = count(given, LAST)
    columns.append(Column(TODAY, frozen, found.by_month))

    rows = triangle(columns, sorted(set(found.by_month) - frozen))

    assert sums(rows)[-1:] == ([found.net] if rows else [])
    for row in rows:
        told = [cell for cell in row.cells if cell is not None]
        assert told[0].change is None
        assert told[0].amount + sum(cell.change for cell in told[1:]) == told[-1].amount


MARCH = FrozenMonth("2024-03", moment("2024-04-08T10:00"))
AGREED = (
    EntryFacts(EntryType.DECLARE, By.BUYER, moment("2024-03-10")),
    EntryFacts(EntryType.CONFIRM, By.SELLER, moment("2024-03-12")),
)


def one(*entries: EntryFacts, **values) -> Saying:
    """What is said of one deal of March, 100 yuan, at the end of April; another, of nothing, never changes."""
    known = [deal("D", **({"amount": 100, "entries": [*AGREED, *entries]} | values)), deal("E", [*AGREED], amount=0)]
    return saying(Facts([firm("A"), firm("B")], [], known, [MARCH]), date(2024, 4, 30))


def lines(after: Saying, before: Saying | None = None) -> list[Correction]:
    return reckon("2024-04", frozen={"2024-03"}, before=before or one(), after=after).lines


def later(type_: EntryType, by: By = By.SELLER, amount: int | None = None) -> EntryFacts:
    return EntryFacts(type_, by, moment("2024-04-20"), amount)


def test_a_withdrawal_of_a_published_deal_is_a_line_in_the_open_month():
    after = one(later(EntryType.WITHDRAW))

    found = reckon("2024-04", frozen={"2024-03"}, before=one(), after=after)

    assert found.lines == [Correction("D", "2024-03", 100, 0, Cause.WITHDRAWN)]
    assert (found.published, found.corrected, found.on_time, found.late, found.ended) == (100, -100, 0, 0, 0)
    assert found.cumulative == 0
    assert after.months["2024-03"].net == 100  # the month as restated keeps it; the open month takes it out (R17)


def test_an_amount_changed_after_the_freeze_is_a_line_with_both_amounts():
    after = one(later(EntryType.AMEND, By.BUYER, 80), later(EntryType.CONFIRM))

    assert lines(after) == [Correction("D", "2024-03", 100, 80, Cause.AMENDED)]


def test_a_deal_amended_and_then_withdrawn_has_a_line_for_each():
    after = one(later(EntryType.AMEND, By.BUYER, 80), later(EntryType.CONFIRM), later(EntryType.WITHDRAW))

    assert lines(after) == [
        Correction("D", "2024-03", 100, 80, Cause.AMENDED),
        Correction("D", "2024-03", 80, 0, Cause.WITHDRAWN),
    ]


def test_a_dispute_takes_a_published_deal_out_and_its_end_brings_it_back():
    disputed = one(later(EntryType.DISPUTE))

    assert lines(disputed) == [Correction("D", "2024-03", 100, 0, Cause.DISPUTED)]
    assert lines(one(), before=disputed) == [Correction("D", "2024-03", 0, 100, Cause.RETURNED)]


def test_a_published_deal_linked_as_a_duplicate_goes_out():
    assert lines(one(duplicate_of="E")) == [Correction("D", "2024-03", 100, 0, Cause.DUPLICATE)]


def test_a_late_confirmation_is_late_in_the_open_month_and_no_reversing_line():
    silent = [AGREED[0]]
    before = one(entries=silent)
    after = one(entries=[*silent, later(EntryType.CONFIRM)])

    assert lines(after, before) == []
    assert after.months["2024-04"].net == 100
    assert late_in("2024-04", after.deals) == []  # without an event its own month is that of the agreement


def test_the_triangle_shows_each_change_once():
    march = {"2024-03": count_of(100)}
    columns = [
        Column("2024-03", frozenset({"2024-03"}), march),
        Column("2024-04", frozenset({"2024-03", "2024-04"}), {"2024-03": count_of(80), "2024-04": count_of(7)}),
        Column(TODAY, frozenset({"2024-03", "2024-04"}), {"2024-03": count_of(80), "2024-04": count_of(7)}),
    ]

    rows = triangle(columns, ["2024-05"])

    assert [row.month for row in rows] == ["2024-03", "2024-04", "2024-05"]
    assert rows[0].cells == [Cell("2024-03", 100, None), Cell("2024-04", 80, -20), Cell(TODAY, 80, 0)]
    assert rows[1].cells == [None, Cell("2024-04", 7, None), Cell(TODAY, 7, 0)]
    assert rows[2].cells == [None, None, Cell(TODAY, 0, None)]
    assert sums(rows) == [100, 87, 87]


def count_of(amount: int) -> MonthCount:
    return MonthCount(amount, 0, 0)
