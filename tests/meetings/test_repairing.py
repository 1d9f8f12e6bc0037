"""A repair obeys every rule, leaves alone what it can, and names those it disturbs."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from matchmaker.meetings.timetable import Assignment, Instance, Participant, Request, Table, repair, solve
from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.domains import domains_of
from matchmaker.meetings.timetable.repairing.making_room import take_over
from tests.meetings.checking import broken_rules
from tests.meetings.sessions import disturbed, random_session


def session(*meetings: Request, slots: int = 3, tables: int = 2, firms: int = 4) -> Instance:
    return Instance(slots, (Participant(),) * firms, (Table(),) * tables, meetings)


def rows(assignments) -> list[tuple[int, int, int]]:
    return [(held.meeting, held.slot, held.table) for held in assignments]


@pytest.mark.parametrize("seed", [*range(200), 1_603])  # the last: a table given up, taken by its owner and wanted back
def test_any_session_is_repaired_within_its_rules(seed) -> None:
    before = random_session(seed)
    published = list(solve(before, work=0.05).assignments)
    after, cancelled = disturbed(before, published, seed)

    mended = repair(after, published, cancelled=cancelled, work=0.5)

    held = {one.meeting: one for one in mended.timetable.assignments}
    was = {one.meeting: one for one in published}
    assert broken_rules(after, rows(held.values()), required=False) == []
    assert not cancelled & held.keys()
    assert set(mended.moved) == {k for k in was.keys() & held.keys() if was[k] != held[k]}
    assert set(mended.dropped) == was.keys() - held.keys()
    assert set(mended.added) == held.keys() - was.keys()
    told = {person for k in (*mended.moved, *mended.dropped, *mended.added) for person in after.meetings[k].sides}
    assert set(mended.told) == told
    left = set(range(len(after.meetings))) - held.keys() - cancelled
    assert {one.meeting for one in mended.timetable.unplaced} == left


def test_nothing_changes_when_nothing_happened() -> None:
    before = random_session(7)
    published = list(solve(before, work=0.2).assignments)

    mended = repair(before, published)

    assert (mended.broken, mended.moved, mended.dropped) == ((), (), ())


def test_a_lost_table_costs_a_walk_to_the_next_one() -> None:
    before = session(Request(0, 1), Request(2, 3), tables=3)
    after = replace(before, tables=(Table(frozenset(range(3))), Table(), Table()))

    mended = repair(after, [Assignment(0, 1, 0), Assignment(1, 1, 1)])

    assert rows(mended.timetable.assignments) == [(0, 1, 2), (1, 1, 1)]
    assert (mended.broken, mended.moved, mended.told) == ((0,), (0,), (0, 1))


def test_one_other_makes_way_when_nothing_else_helps() -> None:
    # Firm 0 comes late and can meet firm 1 only in slot 1, where firm 1 meets firm 2, who could meet at any time.
    after = replace(
        session(Request(0, 1, required=True), Request(1, 2, required=True), slots=2, tables=1, firms=3),
        participants=(Participant(frozenset({0})), Participant(), Participant()),
    )

    mended = repair(after, [Assignment(0, 0, 0), Assignment(1, 1, 0)])

    assert rows(mended.timetable.assignments) == [(0, 1, 0), (1, 0, 0)]
    assert (mended.broken, mended.moved, mended.dropped) == ((0,), (0, 1), ())


def test_what_is_required_pushes_out_what_is_only_wished_for() -> None:
    before = session(Request(0, 1), slots=1, tables=1)
    after = replace(before, meetings=(Request(0, 1), Request(2, 3, required=True)))

    mended = repair(after, [Assignment(0, 0, 0)])

    assert (mended.dropped, mended.added, mended.told) == ((0,), (1,), (0, 1, 2, 3))


def test_walk_ins_in_a_full_hall_take_the_places_of_as_many_and_nobody_else_moves() -> None:
    chance = random.Random(5)
    pairs = sorted({tuple(sorted(chance.sample(range(90), 2))) for _ in range(560)})
    wished = tuple(Request(a, b, utility=chance.randint(1, 100)) for a, b in pairs)
    before = session(*wished, slots=12, tables=24, firms=90)
    published = list(solve(before, work=1).assignments)
    guests = [Request(90 + n // 3, other, required=True) for n, other in enumerate(chance.sample(range(90), 24))]
    after = session(*wished, *guests, slots=12, tables=24, firms=98)

    mended = repair(after, published, work=5)

    assert len(published) == 12 * 24
    assert broken_rules(after, rows(mended.timetable.assignments)) == []
    assert (len(mended.added), len(mended.dropped), mended.moved) == (24, 24, ())


def test_what_is_stuck_begins_in_the_place_of_the_one_wanted_least() -> None:
    busy = session(Request(0, 1, 70), Request(2, 3, 5), Request(4, 5, 60), Request(6, 7), slots=2, tables=2, firms=8)
    board = Board(busy, domains_of(busy), {0: 0, 1: 0, 2: 1})
    board.place(3, 1)
    late = replace(busy, meetings=(*busy.meetings, Request(0, 6, required=True)))
    board = Board(late, domains_of(late), board.slot_of)

    take_over(board, {0, 1, 2, 3, 4}, [4])

    assert board.slot_of == {0: 0, 1: 0, 2: 1, 4: 1}


def test_a_waiting_request_takes_the_place_of_a_cancelled_meeting() -> None:
    before = session(Request(0, 1), Request(2, 3), slots=1, tables=1)

    mended = repair(before, [Assignment(0, 0, 0)], cancelled={0})

    assert rows(mended.timetable.assignments) == [(1, 0, 0)]
    assert mended.timetable.unplaced == ()


def test_what_must_follow_a_cancelled_meeting_is_dropped() -> None:
    before = session(Request(0, 1), Request(2, 3, after=(0,)))

    mended = repair(before, [Assignment(0, 0, 0), Assignment(1, 1, 0)], cancelled={0})

    assert (mended.dropped, mended.timetable.assignments) == ((0, 1), ())


def test_without_any_time_what_stands_is_kept() -> None:
    before = session(Request(0, 1), Request(2, 3), tables=2)
    after = replace(before, tables=(Table(frozenset(range(3))), Table()))

    mended = repair(after, [Assignment(0, 1, 0), Assignment(1, 1, 1)], work=0, out_of_time=lambda: True)

    assert Assignment(1, 1, 1) in mended.timetable.assignments
    assert broken_rules(after, rows(mended.timetable.assignments)) == []


def test_the_same_work_and_seed_give_the_same_repair() -> None:
    before = random_session(11)
    published = list(solve(before, work=0.2).assignments)
    after, cancelled = disturbed(before, published, 3)

    assert repair(after, published, cancelled=cancelled) == repair(after, published, cancelled=cancelled)


def test_a_published_meeting_unknown_to_the_session_is_refused() -> None:
    with pytest.raises(ValueError, match="meeting 5 is not in the session"):
        repair(session(Request(0, 1)), [Assignment(5, 0, 0)])


def test_a_place_that_is_gone_is_broken() -> None:
    before = session(Request(0, 1), tables=1)

    mended = repair(before, [Assignment(0, 9, 9)])

    assert (mended.broken, mended.moved) == ((0,), (0,))
