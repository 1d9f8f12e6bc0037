"""The parts that prove and improve a timetable: clauses, cores, smoothing, ejection."""

from __future__ import annotations

import itertools

import pytest
from pysat.solvers import Solver

from matchmaker.meetings.timetable import Instance, Participant, Request, StageName, Status, Table, solve
from matchmaker.meetings.timetable.board import Board
from matchmaker.meetings.timetable.clauses import Clauses
from matchmaker.meetings.timetable.cores import fewest_breaks
from matchmaker.meetings.timetable.domains import domains_of
from matchmaker.meetings.timetable.measuring import breaks_of, is_fair
from matchmaker.meetings.timetable.placing import place_all
from matchmaker.meetings.timetable.smoothing import smooth
from tests.meetings.checking import broken_rules


def session(meetings, *, slots, firms, tables, away=(), fairness=None, hosts=()) -> Instance:
    people = [Participant(frozenset(slot for person, slot in away if person == n)) for n in range(firms)]
    hall = (*(Table(host=host) for host in hosts), *(Table(),) * tables)
    return Instance(slots=slots, participants=tuple(people), tables=hall, meetings=tuple(meetings), fairness=fairness)


def everybody_meets(*, slots=8, tables=5, fairness=None, hosts=()) -> Instance:
    """Six buyers and six sellers, four talks each, and a few absences in the middle of the day."""
    meetings = [Request(a, 6 + (a + k) % 6, required=True) for a in range(6) for k in range(4)]
    away = [(0, 2), (3, 4), (7, 3), (10, 5)]
    return session(meetings, slots=slots, firms=12, tables=tables, away=away, fairness=fairness, hosts=hosts)


def prove(instance: Instance, conflicts: int = 100_000):
    return fewest_breaks(
        instance, domains_of(instance), conflicts=conflicts, out_of_time=lambda: False, tell=lambda _: None
    )


@pytest.mark.parametrize("size", range(1, 6))
@pytest.mark.parametrize("most", range(1, 6))
def test_a_count_says_exactly_how_many_hold(size, most) -> None:
    clauses = Clauses()
    literals = [clauses.new() for _ in range(size)]
    count = clauses.count(literals, most)

    for values in itertools.product((-1, 1), repeat=size):
        with Solver("cadical153", bootstrap_with=clauses.all) as solver:
            assert solver.solve(assumptions=[x * sign for x, sign in zip(literals, values, strict=True)])
            true = set(solver.get_model())
        assert [one in true for one in count] == [values.count(1) > n for n in range(min(size, most))]


def test_the_fewest_breaks_are_what_trying_every_order_gives() -> None:
    # One firm meets four others in five slots; two of those are only there at the very start and the very end.
    meetings = [Request(0, other, required=True) for other in (1, 2, 3)]
    away = [(1, slot) for slot in (1, 2, 3, 4)] + [(2, slot) for slot in (0, 1, 2, 3)]

    proof = prove(session(meetings, slots=5, firms=4, tables=1, away=away))

    assert (proof.bound, proof.is_impossible) == (1, False)
    assert {0: 0, 1: 4}.items() <= (proof.slots or {}).items()


@pytest.mark.parametrize("fairness", [None, 0, 1])
@pytest.mark.parametrize("hosts", [(), (0, 1)])
def test_proved_slots_obey_every_rule_and_reach_the_bound(fairness, hosts) -> None:
    instance = everybody_meets(fairness=fairness, hosts=hosts)

    proof = prove(instance)

    assert proof.slots is not None
    board = Board(instance, domains_of(instance))
    for meeting, slot in proof.slots.items():
        assert slot in board.open_slots(meeting)
        board.place(meeting, slot)
    assert len(proof.slots) == len(instance.meetings)
    assert is_fair(instance, proof.slots)
    assert sum(breaks_of(instance, proof.slots)) == proof.bound


def test_what_cannot_all_be_held_is_refuted() -> None:
    assert prove(everybody_meets(slots=3)).is_impossible


def test_a_proof_without_any_conflict_allowed_claims_nothing() -> None:
    proof = prove(everybody_meets(), conflicts=0)

    assert (proof.slots, proof.bound, proof.is_impossible) == (None, 0, False)


def test_a_session_to_be_held_whole_is_proved_optimal() -> None:
    instance = everybody_meets()

    answer = solve(instance, work=5)

    assert answer.status is Status.OPTIMAL
    assert broken_rules(instance, [(held.meeting, held.slot, held.table) for held in answer.assignments]) == []
    assert answer.stage(StageName.BREAKS).value == prove(instance).bound


@pytest.mark.parametrize("hosts", [(), (0, 6, 1)])
def test_smoothing_keeps_every_meeting_and_every_rule(hosts) -> None:
    instance = everybody_meets(slots=10, tables=4, hosts=hosts)
    domains = domains_of(instance)
    board = Board(instance, domains)
    place_all(board, range(len(instance.meetings)), lambda: False)

    slots = smooth(instance, domains, board.slot_of, steps=20_000, seed=3, out_of_time=lambda: False)

    again = Board(instance, domains)
    for meeting, slot in slots.items():
        assert slot in again.open_slots(meeting)
        again.place(meeting, slot)
    assert slots.keys() == board.slot_of.keys()
    assert sum(breaks_of(instance, slots)) < sum(breaks_of(instance, board.slot_of))


def test_smoothing_is_the_same_for_the_same_seed() -> None:
    instance = everybody_meets(slots=10)
    domains = domains_of(instance)
    board = Board(instance, domains)
    place_all(board, range(len(instance.meetings)), lambda: False)

    first, second = (
        smooth(instance, domains, board.slot_of, steps=3_000, seed=5, out_of_time=lambda: False) for _ in range(2)
    )

    assert first == second


def test_in_a_hall_without_a_spare_seat_everybody_is_placed() -> None:
    # Six talks at once in every one of four slots: each table is taken all day.
    meetings = [Request(a, 6 + (a + k) % 6, required=True) for a in range(6) for k in range(4)]
    instance = session(meetings, slots=4, firms=12, tables=6)
    board = Board(instance, domains_of(instance))

    place_all(board, range(len(meetings)), lambda: False)

    assert len(board.slot_of) == len(meetings)
    assert board.spare == [0, 0, 0, 0]
