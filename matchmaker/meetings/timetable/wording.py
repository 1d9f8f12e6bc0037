"""Reasons, remedies and clashes as plain sentences for the terminal; numbers are positions in the file."""

from __future__ import annotations

from matchmaker.meetings.timetable.values import Cause, Change, ChangeKind, Clash, Instance, Rule, RuleKind, Unplaced

CAUSES = {
    Cause.SAME_FIRM: "the same participant on both sides",
    Cause.CAP: "{firms} has as many meetings as it wants",
    Cause.FIXED_SLOT: "it cannot be held in its fixed slot {slots}",
    Cause.NO_COMMON_SLOT: "{firms} are never both present in the slots it may take",
    Cause.NO_TABLE: "no table it may use is open when both are present",
    Cause.PRECEDENCE: "meeting {before}, which must come first, leaves no slot for it",
    Cause.FIRM_FULL: "{firms} has no slot left that would suit",
    Cause.NO_FREE_SLOT: "{firms} have no free slot in common",
    Cause.HALL_FULL: "every table is taken in slots {slots}, when both are free",
    Cause.SPREAD: "the breaks would lie too far apart",
    Cause.OUTWEIGHED: "the whole is better without it",
}

CHANGES = {
    ChangeKind.HOLD: "hold it there",
    ChangeKind.MOVE: "move meeting {meeting} to slot {slot}",
    ChangeKind.GIVE_WAY: "leave out meeting {meeting}",
    ChangeKind.MORE_TABLES: "one more table in slot {slot}",
    ChangeKind.OPEN_TABLE: "table {table} open in slot {slot}",
    ChangeKind.FIRM_PRESENT: "participant {firm} present in slot {slot}",
    ChangeKind.RAISE_CAP: "one meeting more for participant {firm}",
    ChangeKind.LIFT_SLOT: "its fixed slot lifted",
    ChangeKind.LIFT_GROUP: "its group of slots lifted",
    ChangeKind.LIFT_TABLE: "its fixed table {table} lifted",
    ChangeKind.LIFT_ORDER: "no need to come after meeting {meeting}",
    ChangeKind.WIDEN_SPREAD: "an allowed spread of breaks larger by {amount}",
}

RULES = {
    RuleKind.REQUIRED: "meeting {number} ({sides}) must be held",
    RuleKind.UNAVAILABLE: "participant {number} is away in slots {away}",
    RuleKind.CAP: "participant {number} wants at most {cap} meetings",
    RuleKind.TABLES: "there are {tables} shared tables for {slots} slots",
    RuleKind.CLOSED: "table {number} is closed in slots {closed}",
    RuleKind.BOOTH: "participant {number} receives at its own table only",
    RuleKind.FIXED_SLOT: "meeting {number} is fixed in slot {slot}",
    RuleKind.FIXED_TABLE: "meeting {number} is fixed at table {table}",
    RuleKind.GROUP: "meeting {number} is tied to slots {group}",
    RuleKind.ORDER: "meeting {number} must come after meeting {other}",
    RuleKind.SPREAD: "breaks may differ by at most {fairness}",
}


def reason(left: Unplaced) -> str:
    """Why a meeting is left out, and what would help."""
    firms = f"participant{'s' * (len(left.firms) > 1)} {' and '.join(map(str, left.firms))}"
    cause = CAUSES[left.cause].format(firms=firms, slots=_list(left.slots), before=left.before)
    if left.remedy is None:
        return cause
    return f"{cause}; would fit slot {left.remedy.slot} with: {', '.join(map(change, left.remedy.changes))}"


def change(one: Change) -> str:
    """One change."""
    firm = one.firms[0] if one.firms else None
    return CHANGES[one.kind].format(slot=one.slot, firm=firm, meeting=one.meeting, table=one.table, amount=one.amount)


def clash_lines(instance: Instance, clash: Clash) -> list[str]:
    """The rules that clash, one a line, after a line that says so."""
    title = "these rules clash" if clash.is_minimal else "among these rules some clash (not proved to be the fewest)"
    return [f"{title}; there are {instance.slots} slots", *(f"  {rule(instance, one)}" for one in clash.rules)]


def rule(instance: Instance, one: Rule) -> str:
    """One rule of the session."""
    words: dict[str, object] = {"number": one.number, "other": one.other}
    match one.kind:
        case RuleKind.UNAVAILABLE | RuleKind.CAP:
            person = instance.participants[one.number]
            words |= {"away": _list(sorted(person.unavailable)), "cap": person.max_meetings}
        case RuleKind.CLOSED:
            words["closed"] = _list(sorted(instance.tables[one.number].closed))
        case RuleKind.TABLES | RuleKind.SPREAD | RuleKind.BOOTH:
            words["tables"] = sum(table.host is None for table in instance.tables)
            words |= {"slots": instance.slots, "fairness": instance.fairness}
        case _:
            request = instance.meetings[one.number]
            words |= {"sides": f"{request.a} with {request.b}", "slot": request.slot, "table": request.table}
            words["group"] = _list(sorted(instance.slot_groups[request.group])) if request.group is not None else ""
    return RULES[one.kind].format(**words)


def _list(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, (list, tuple)) else ""
