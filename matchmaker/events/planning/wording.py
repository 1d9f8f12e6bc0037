"""The rules of a year as plain sentences for the terminal; numbers are positions in the file."""

from __future__ import annotations

from matchmaker.events.planning.values import TEAM_REST, Clash, Programme, Rule, RuleKind

RULES = {
    RuleKind.EVENT: "event {number} is held ({days} days, {size} seats, in cities {cities})",
    RuleKind.FIXED: "event {number} keeps its fixed day and venue",
    RuleKind.VENUE_CLOSED: "venue {number} is closed on {closed} days",
    RuleKind.LEADER_AWAY: "leader {number} is away on {away} days",
    RuleKind.LEADER_GAP: "leader {number} needs {gap} days between two events",
    RuleKind.TEAM_REST: "team {number} needs {rest} days between two events",
    RuleKind.CHAIN_ORDER: "in chain {number} the counties come before the province",
    RuleKind.PER_DAY: "at most {per_day} events on one day",
    RuleKind.QUARTER: "at least {quarter_min} events begin from day {first} to day {last}",
}


def clash_lines(programme: Programme, clash: Clash) -> list[str]:
    """The rules that clash, one a line, after a line that says so."""
    title = "these rules clash" if clash.is_minimal else "among these rules some clash (not proved to be the fewest)"
    return [f"{title}; the year has {programme.days} days", *(f"  {rule(programme, one)}" for one in clash.rules)]


def rule(programme: Programme, one: Rule) -> str:
    """One rule of the year."""
    words: dict[str, object] = {"number": one.number, "gap": programme.gap, "rest": TEAM_REST}
    words |= {"per_day": programme.per_day, "quarter_min": programme.quarter_min}
    match one.kind:
        case RuleKind.EVENT:
            event = programme.events[one.number]
            words |= {"days": event.days, "size": event.size, "cities": ", ".join(map(str, sorted(event.cities)))}
        case RuleKind.VENUE_CLOSED:
            words["closed"] = len(programme.venues[one.number].closed)
        case RuleKind.LEADER_AWAY:
            words["away"] = len(programme.away[one.number])
        case RuleKind.QUARTER:
            words["first"], words["last"] = programme.quarters[one.number]
        case _:
            pass
    return RULES[one.kind].format(**words)
