"""A timetable obeys every rule, is as good as it says, and says why a meeting was left out."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.meetings.timetable import (
    Assignment,
    Cause,
    Instance,
    Participant,
    Request,
    Stage,
    StageName,
    Status,
    Table,
    Timetable,
    Unplaced,
    solve,
)
from matchmaker.meetings.timetable.domains import domains_of
from matchmaker.meetings.timetable.measuring import table_moves
from matchmaker.meetings.timetable.seating import forced_moves
from tests.meetings.checking import best_by_trying_all, broken_rules, value
from tests.meetings.sessions import random_session


def rows(timetable: Timetable) -> list[tuple[int, int, int]]:
    return [(held.meeting, held.slot, held.table) for held in timetable.assignments]


def session(meetings, *, slots=3, tables=2, firms=4, **rest) -> Instance:
    return Instance(
        slots=slots,
        participants=rest.pop("participants", (Participant(),) * firms),
        tables=rest.pop("hall", (Table(),) * tables),
        meetings=tuple(meetings),
        **rest,
    )


@st.composite
def sessions(draw, most_meetings=12, most_slots=5, most_firms=7, most_tables=3):
    slots, firms = draw(st.integers(1, most_slots)), draw(st.integers(2, most_firms))
    some_slots = st.frozensets(st.integers(0, slots - 1), max_size=2)
    cap = st.one_of(st.none(), st.none(), st.integers(0, 3))
    host = st.one_of(st.none(), st.none(), st.integers(0, firms - 1))
    groups = tuple(draw(st.lists(some_slots, max_size=2)))
    hall = tuple(draw(st.lists(st.builds(Table, some_slots, host), max_size=most_tables)))
    size = draw(st.integers(0, most_meetings))

    def rarely(values):
        return st.one_of(st.none(), st.none(), st.none(), st.sampled_from(values)) if values else st.none()

    request = st.builds(
        Request,
        a=st.integers(0, firms - 1),
        b=st.integers(0, firms - 1),
        utility=st.integers(0, 9),
        required=st.integers(0, 3).map(lambda n: n == 0),
        group=rarely(range(len(groups))),
        slot=rarely(range(slots)),
        table=rarely(range(len(hall))),
        after=st.one_of(st.just(()), st.just(()), st.tuples(st.integers(0, max(0, size - 1)))),
    )
    return Instance(
        slots=slots,
        participants=tuple(draw(st.lists(st.builds(Participant, some_slots, cap), min_size=firms, max_size=firms))),
        tables=hall,
        meetings=tuple(draw(st.lists(request, min_size=size, max_size=size))),
        slot_groups=groups,
        fairness=draw(st.sampled_from([None, None, 0, 1, 2])),
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(sessions(), st.integers(0, 3))
def test_every_rule_is_obeyed_and_every_meeting_accounted_for(instance, seed) -> None:
    answer = solve(instance, seed=seed, work=0.5)

    assert broken_rules(instance, rows(answer), required=False) == []
    held, left = [row[0] for row in rows(answer)], [u.meeting for u in answer.unplaced]
    assert sorted(held + left) == list(range(len(instance.meetings)))
    required, served, utility, breaks = value(instance, rows(answer))
    assert [stage.value for stage in answer.stages[:4]] == [required, served, utility, -breaks]
    assert all(stage.bound >= stage.value for stage in answer.stages[:3])
    assert all(stage.bound <= stage.value for stage in answer.stages[3:])


@settings(max_examples=120, deadline=None, derandomize=True)
@given(sessions(), st.integers(0, 5))
def test_a_timetable_stopped_at_any_moment_is_valid(instance, questions) -> None:
    asked = iter(range(questions))
    answer = solve(instance, work=0.5, out_of_time=lambda: next(asked, None) is None)

    assert broken_rules(instance, rows(answer), required=False) == []


@settings(max_examples=100, deadline=None, derandomize=True)
@given(sessions(most_meetings=4, most_slots=3, most_firms=4, most_tables=1))
def test_tiny_sessions_are_solved_to_the_optimum_and_proved(instance) -> None:
    answer = solve(instance, work=2)

    assert value(instance, rows(answer)) == best_by_trying_all(instance)
    assert [stage.name.value for stage in answer.stages[:4] if not stage.proved] == []
    wanted = sum(request.required for request in instance.meetings)
    all_required = answer.stage(StageName.REQUIRED).value == wanted
    assert answer.status is (Status.OPTIMAL if all_required else Status.INFEASIBLE)


def dense() -> Instance:
    """Twelve firms asking more than five tables can seat in six slots."""
    pairs = [(a, b) for a in range(6) for b in range(6, 12)]
    meetings = [Request(a, b, utility=1 + (7 * a + 3 * b) % 10) for a, b in pairs]
    return session(meetings, slots=6, tables=5, firms=12)


def test_the_same_session_seed_and_work_give_the_same_timetable() -> None:
    assert solve(dense(), seed=7, work=1) == solve(dense(), seed=7, work=1)


def test_utility_is_as_high_as_the_bound_where_tables_are_short() -> None:
    answer = solve(dense(), work=2)

    assert broken_rules(dense(), rows(answer)) == []
    best_thirty = sum(sorted((m.utility for m in dense().meetings), reverse=True)[:30])
    assert answer.stage(StageName.UTILITY).bound <= best_thirty
    assert answer.stage(StageName.UTILITY).proved
    assert answer.stage(StageName.SERVED) == Stage(StageName.SERVED, 12, 12)


def test_nobody_goes_home_without_a_meeting_for_the_sake_of_utility() -> None:
    meetings = [Request(0, 1, utility=100), Request(0, 2, utility=1), Request(1, 3, utility=1)]

    answer = solve(session(meetings, slots=1, tables=2))

    assert [row[0] for row in rows(answer)] == [1, 2]


def test_what_cannot_be_reached_in_one_aim_does_not_limit_the_next() -> None:
    # Slots aside, the first two would serve all four firms with a utility of 2; but they want the same table at once.
    meetings = [Request(0, 1, slot=0), Request(2, 3, slot=0), Request(0, 2, utility=9, slot=1)]

    answer = solve(session(meetings, slots=2, tables=1))

    assert answer.stage(StageName.SERVED) == Stage(StageName.SERVED, 3, 3)
    assert answer.stage(StageName.UTILITY) == Stage(StageName.UTILITY, 10, 10)


def test_with_no_time_at_all_the_timetable_is_still_valid_and_useful() -> None:
    answer = solve(dense(), out_of_time=lambda: True)

    assert broken_rules(dense(), rows(answer)) == []
    assert answer.status is Status.FEASIBLE
    assert len(answer.assignments) > 20


def test_progress_is_told_and_ends_with_the_final_number_of_breaks() -> None:
    told: list[Stage] = []

    answer = solve(dense(), work=1, progress=told.append)

    assert [stage for stage in told if stage.name is StageName.BREAKS][-1].value == answer.stage(StageName.BREAKS).value


def test_a_gap_is_closed_when_that_costs_nothing() -> None:
    meetings = [Request(0, 1, slot=0), Request(0, 2), Request(0, 3)]

    answer = solve(session(meetings, slots=5, tables=1))

    assert [(row[0], row[1]) for row in rows(answer)] in ([(0, 0), (1, 1), (2, 2)], [(0, 0), (1, 2), (2, 1)])
    assert answer.stage(StageName.BREAKS) == Stage(StageName.BREAKS, 0, 0)


def test_people_stay_at_their_table() -> None:
    meetings = [Request(a, b) for a, b in ((0, 1), (0, 2), (0, 3), (4, 5), (4, 6), (4, 7))]

    answer = solve(session(meetings, slots=3, tables=2, firms=8))

    assert answer.stage(StageName.TABLE_MOVES) == Stage(StageName.TABLE_MOVES, 0, 0)


def test_a_host_receives_at_its_own_booth_and_nobody_else_sits_there() -> None:
    hall = (Table(host=0), Table())

    answer = solve(session([Request(0, 1), Request(2, 3)], slots=1, hall=hall))

    assert rows(answer) == [(0, 0, 0), (1, 0, 1)]


def test_moving_between_two_booths_is_counted_and_known_to_be_unavoidable() -> None:
    answer = solve(session([Request(0, 2), Request(1, 2)], slots=2, hall=(Table(host=0), Table(host=1))))

    assert answer.stage(StageName.TABLE_MOVES) == Stage(StageName.TABLE_MOVES, 1, 1)


def test_predecessors_are_held_earlier() -> None:
    answer = solve(session([Request(0, 1, after=(1,)), Request(2, 3, after=(2,)), Request(0, 2)]))

    assert {row[0]: row[1] for row in rows(answer)} == {2: 0, 1: 1, 0: 2}


def left_out(instance: Instance) -> tuple[Unplaced, ...]:
    """Every request left out with its cause; what would place it has tests of its own."""
    answer = solve(instance, work=1)
    assert broken_rules(instance, rows(answer), required=False) == []
    return tuple(replace(left, remedy=None) for left in answer.unplaced)


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        (session([Request(1, 1)]), Unplaced(0, Cause.SAME_FIRM, firms=(1,))),
        (session([Request(0, 1)], tables=0), Unplaced(0, Cause.NO_TABLE, slots=(0, 1, 2))),
        (
            session([Request(0, 1, table=1)], hall=(Table(), Table(closed=frozenset({0, 1, 2})))),
            Unplaced(0, Cause.NO_TABLE, slots=(0, 1, 2), table=1),
        ),
        (
            session([Request(0, 1)], participants=(Participant(frozenset({0})), Participant(frozenset({1, 2})))),
            Unplaced(0, Cause.NO_COMMON_SLOT, firms=(0, 1)),
        ),
        (
            session([Request(0, 1, slot=2)], participants=(Participant(), Participant(frozenset({2})))),
            Unplaced(0, Cause.FIXED_SLOT, firms=(1,), slots=(2,)),
        ),
        (
            session([Request(0, 1, slot=2, group=0)], slot_groups=(frozenset({0, 1}),)),
            Unplaced(0, Cause.FIXED_SLOT, slots=(2,)),
        ),
        (
            session([Request(0, 1)], participants=(Participant(max_meetings=0), Participant())),
            Unplaced(0, Cause.CAP, firms=(0,)),
        ),
        (
            session([Request(0, 1, utility=9), Request(0, 2, utility=9), Request(0, 3)], slots=2),
            Unplaced(2, Cause.FIRM_FULL, firms=(0,)),
        ),
        (
            session(
                [Request(0, 2, utility=9, slot=0), Request(1, 3, utility=9, slot=1), Request(0, 1)],
                slots=2,
            ),
            Unplaced(2, Cause.NO_FREE_SLOT, firms=(0, 1)),
        ),
        (
            session([Request(0, 1, utility=9), Request(2, 3)], slots=1, tables=1),
            Unplaced(1, Cause.HALL_FULL, slots=(0,)),
        ),
        (
            session([Request(0, 1, slot=2), Request(2, 3, after=(0,))]),
            Unplaced(1, Cause.PRECEDENCE, before=0),
        ),
        (
            session([Request(0, 1, slot=0, utility=9), Request(0, 2, slot=2)], fairness=0),
            Unplaced(1, Cause.SPREAD, slots=(2,)),
        ),
    ],
)
def test_the_reason_names_the_rule_that_binds(instance, expected) -> None:
    assert left_out(instance) == (expected,)


def test_a_cap_reached_is_the_reason() -> None:
    people = (Participant(max_meetings=1), Participant(), Participant())

    assert left_out(session([Request(0, 1, utility=9), Request(0, 2)], participants=people, tables=1, slots=1)) == (
        Unplaced(1, Cause.CAP, firms=(0,)),
    )


def test_circular_precedence_is_answered_not_raised() -> None:
    answer = solve(session([Request(0, 1, after=(1,), required=True), Request(2, 3, after=(0,))]))

    assert answer.assignments == ()
    assert {left.cause for left in answer.unplaced} == {Cause.PRECEDENCE}
    assert answer.status is Status.INFEASIBLE


def test_more_required_meetings_than_slots_are_proved_impossible_and_most_are_held() -> None:
    instance = session(
        [Request(0, 1, required=True), Request(0, 2, required=True), Request(0, 3, required=True)], slots=2
    )

    answer = solve(instance)

    assert answer.stage(StageName.REQUIRED) == Stage(StageName.REQUIRED, 2, 2)
    assert (answer.status, len(answer.unplaced)) == (Status.INFEASIBLE, 1)


def test_a_required_meeting_is_held_before_dearer_ones() -> None:
    meetings = [Request(0, 1, utility=9), Request(0, 1, utility=1, required=True)]

    assert solve(session(meetings, slots=1)).assignments == (Assignment(1, 0, 0),)


def test_a_session_of_nothing_has_an_empty_timetable() -> None:
    answer = solve(Instance(slots=0))

    assert (answer.assignments, answer.unplaced, answer.status) == ((), (), Status.OPTIMAL)


def test_a_session_too_large_for_the_exact_model_is_timetabled_all_the_same() -> None:
    pairs = [(a, 60 + (a + k) % 60) for a in range(60) for k in range(14)]
    meetings = [Request(a, b, required=True) for a, b in pairs]
    instance = session(meetings, slots=20, tables=45, firms=120)

    answer = solve(instance, work=0.2)

    assert broken_rules(replace(instance, fairness=None), rows(answer)) == []
    assert answer.status in {Status.FEASIBLE, Status.OPTIMAL}


def test_of_two_people_who_part_after_a_talk_one_changes_table() -> None:
    talks = (Request(0, 1, slot=0), Request(0, 2, slot=1), Request(1, 3, slot=1))
    answer = solve(Instance(2, (Participant(),) * 4, (Table(),) * 2, talks))

    assert answer.stage(StageName.TABLE_MOVES) == Stage(StageName.TABLE_MOVES, 1, 1)


@pytest.mark.parametrize("seed", range(60))
def test_no_seating_needs_fewer_table_moves_than_the_floor_says(seed) -> None:
    instance = random_session(seed)
    held = solve(instance, work=0.02).assignments
    slots, domains = {each.meeting: each.slot for each in held}, domains_of(instance)
    if prod(len(domains.tables[each.meeting]) for each in held) > 5_000:
        return  # more seatings than can be tried
    seatings = product(*(domains.tables[each.meeting] for each in held))

    fewest = min(
        table_moves(instance, seated)
        for tables in seatings
        for seated in [[replace(each, table=table) for each, table in zip(held, tables, strict=True)]]
        if broken_rules(instance, [(each.meeting, each.slot, each.table) for each in seated], required=False) == []
    )

    assert forced_moves(instance, domains, slots) <= fewest
