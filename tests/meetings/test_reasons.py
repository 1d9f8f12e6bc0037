"""Every meeting left out comes with changes after which it could really be held; clashes are real and smallest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.meetings.timetable import (
    Change,
    ChangeKind,
    Clash,
    Instance,
    Participant,
    Remedy,
    Request,
    Rule,
    RuleKind,
    Table,
    Timetable,
    clashes,
    solve,
)
from matchmaker.meetings.timetable.wording import clash_lines, reason
from tests.meetings.checking import broken_rules
from tests.meetings.sessions import random_session


def session(*meetings: Request, slots: int = 3, tables: int = 2, firms: int = 5, **rest) -> Instance:
    hall = rest.pop("hall", (Table(),) * tables)
    return Instance(slots, rest.pop("participants", (Participant(),) * firms), hall, meetings, **rest)


def without_closing(table: Table, slot: int) -> Table:
    return replace(table, closed=table.closed - {slot})


def changed(instance: Instance, meeting: int, change: Change) -> Instance:
    """The session once one change to it is made; the slots of meetings are another matter."""
    me, people = instance.meetings[meeting], list(instance.participants)
    lifted = {
        ChangeKind.LIFT_SLOT: lambda: replace(me, slot=None),
        ChangeKind.LIFT_GROUP: lambda: replace(me, group=None),
        ChangeKind.LIFT_TABLE: lambda: replace(me, table=None),
        ChangeKind.LIFT_ORDER: lambda: replace(me, after=tuple(k for k in me.after if k != change.meeting)),
    }
    if change.kind in lifted:
        meetings = list(instance.meetings)
        meetings[meeting] = lifted[change.kind]()
        return replace(instance, meetings=tuple(meetings))
    for firm in change.firms:
        away, cap = people[firm].unavailable - {change.slot}, people[firm].max_meetings
        people[firm] = Participant(away, cap + 1 if change.kind is ChangeKind.RAISE_CAP else cap)
    tables = [
        without_closing(table, change.slot) if n == change.table else table for n, table in enumerate(instance.tables)
    ]
    if change.kind is ChangeKind.MORE_TABLES:
        tables.append(Table(frozenset(range(instance.slots)) - {change.slot}))
    fairness = None if instance.fairness is None else instance.fairness + change.amount
    return replace(instance, participants=tuple(people), tables=tuple(tables), fairness=fairness)


def remedied(instance: Instance, answer: Timetable, meeting: int, remedy: Remedy) -> tuple[Instance, dict[int, int]]:
    """The session and the slots of all meetings once the changes are made."""
    slots = {held.meeting: held.slot for held in answer.assignments} | {meeting: remedy.slot}
    for change in remedy.changes:
        if change.kind is ChangeKind.MOVE:
            slots[change.meeting] = change.slot
        elif change.kind is ChangeKind.GIVE_WAY:
            del slots[change.meeting]
        else:
            instance = changed(instance, meeting, change)
    return instance, slots


@pytest.mark.parametrize("seed", range(150))
def test_a_remedy_makes_room(seed) -> None:
    instance = random_session(seed)
    answer = solve(instance, work=0.05)

    for left in answer.unplaced:
        assert (left.remedy is None) == (len(set(instance.meetings[left.meeting].sides)) == 1)
        if left.remedy is not None:
            after, slots = remedied(instance, answer, left.meeting, left.remedy)
            fixed = tuple(
                replace(request, slot=slots.get(k), required=k in slots) for k, request in enumerate(after.meetings)
            )
            there = solve(replace(after, meetings=fixed), work=0.2)
            rows = [(held.meeting, held.slot, held.table) for held in there.assignments if held.meeting in slots]
            assert {meeting: slot for meeting, slot, _ in rows} == slots
            assert broken_rules(after, rows, required=False) == []


def test_the_remedies_of_the_plain_cases() -> None:
    cases = {
        Change(ChangeKind.MORE_TABLES, 0): session(Request(0, 1, slot=0, utility=2), Request(2, 3, slot=0), tables=1),
        Change(ChangeKind.RAISE_CAP, firms=(0,)): session(
            Request(0, 1, utility=2), Request(0, 2), participants=(Participant(max_meetings=1), *[Participant()] * 2)
        ),
        Change(ChangeKind.FIRM_PRESENT, 1, firms=(0,)): session(
            Request(0, 1, slot=1), participants=(Participant(frozenset({1})), Participant())
        ),
        Change(ChangeKind.OPEN_TABLE, 0, table=0): session(
            Request(0, 1), slots=1, hall=(Table(frozenset({0}), host=0),)
        ),
    }

    for change, instance in cases.items():
        (left,) = solve(instance, work=0.5).unplaced
        assert left.remedy is not None
        assert left.remedy.changes == (change,)


def test_the_words_name_the_cause_and_the_remedy() -> None:
    (left,) = solve(session(Request(0, 1, utility=2, slot=0), Request(2, 3, slot=0), tables=1), work=0.5).unplaced

    assert reason(left) == (
        "every table is taken in slots 0, when both are free; would fit slot 0 with: one more table in slot 0"
    )


def required(kind: RuleKind, *numbers: int) -> set[Rule]:
    return {Rule(kind, number) for number in numbers}


def must(a: int, b: int, **rest) -> Request:
    return Request(a, b, required=True, **rest)


CLASHES = {
    "more than there are slots": (
        session(*(must(0, k) for k in (1, 2, 3, 4)), tables=4),
        required(RuleKind.REQUIRED, 0, 1, 2, 3),
    ),
    "above the cap": (
        session(must(0, 1), must(0, 2), participants=(Participant(max_meetings=1), *[Participant()] * 2)),
        required(RuleKind.REQUIRED, 0, 1) | {Rule(RuleKind.CAP, 0)},
    ),
    "no slot at all": (
        session(must(0, 1), participants=(Participant(frozenset(range(3))), Participant())),
        {Rule(RuleKind.REQUIRED, 0), Rule(RuleKind.UNAVAILABLE, 0)},
    ),
    "zero tables": (session(must(0, 1), tables=0), {Rule(RuleKind.REQUIRED, 0), Rule(RuleKind.TABLES)}),
    "a forbidden slot": (
        session(must(0, 1, slot=1), participants=(Participant(frozenset({1})), Participant())),
        {Rule(RuleKind.REQUIRED, 0), Rule(RuleKind.FIXED_SLOT, 0), Rule(RuleKind.UNAVAILABLE, 0)},
    ),
    "outside its group": (
        session(must(0, 1, slot=2, group=0), slot_groups=(frozenset({0}),)),
        {Rule(RuleKind.REQUIRED, 0), Rule(RuleKind.FIXED_SLOT, 0), Rule(RuleKind.GROUP, 0)},
    ),
    "a closed table": (
        session(must(0, 1), hall=(Table(frozenset(range(3))),)),
        {Rule(RuleKind.REQUIRED, 0), Rule(RuleKind.TABLES), Rule(RuleKind.CLOSED, 0)},
    ),
    "one after the other in a circle": (
        session(must(0, 1, after=(1,)), Request(2, 3, after=(0,))),
        {Rule(RuleKind.REQUIRED, 0), Rule(RuleKind.ORDER, 0, 1), Rule(RuleKind.ORDER, 1, 0)},
    ),
    "too late to be followed": (
        session(must(0, 1, slot=2), must(2, 3, after=(0,))),
        {Rule(RuleKind.REQUIRED, 1), Rule(RuleKind.FIXED_SLOT, 0), Rule(RuleKind.ORDER, 1, 0)},
    ),
    "a firm that meets itself": (session(must(0, 0)), {Rule(RuleKind.REQUIRED, 0)}),
    "breaks too far apart": (
        session(must(0, 1, slot=0), must(0, 2, slot=2), firms=3, fairness=0),
        {
            *required(RuleKind.REQUIRED, 0, 1),
            *required(RuleKind.FIXED_SLOT, 0, 1),
            Rule(RuleKind.SPREAD),
        },
    ),
    "another firm's booth": (
        session(must(1, 2, table=0), hall=(Table(host=0), Table())),
        {Rule(RuleKind.REQUIRED, 0), Rule(RuleKind.FIXED_TABLE, 0)},
    ),
}


@pytest.mark.parametrize("case", CLASHES)
def test_an_impossible_session_names_the_smallest_clash(case) -> None:
    instance, rules = CLASHES[case]

    clash = clashes(instance)

    assert clash is not None
    assert (set(clash.rules), clash.is_minimal) == (rules, True)
    assert len(clash_lines(instance, clash)) == 1 + len(rules)


def test_a_possible_session_has_no_clash() -> None:
    assert clashes(session(must(0, 1), must(0, 2), must(1, 2))) is None


def test_a_clash_needs_time_to_be_found() -> None:
    assert clashes(session(must(0, 1), tables=0), out_of_time=lambda: True) is None


def test_a_clash_that_was_not_shown_to_be_smallest_says_so() -> None:
    instance = session(must(0, 1), tables=0)
    clash = Clash((Rule(RuleKind.REQUIRED, 0), Rule(RuleKind.TABLES)), is_minimal=False)

    assert clash_lines(instance, clash) == [
        "among these rules some clash (not proved to be the fewest); there are 3 slots",
        "  meeting 0 (0 with 1) must be held",
        "  there are 0 shared tables for 3 slots",
    ]
