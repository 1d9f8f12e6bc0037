"""One of the first places of a list is tried with a firm seldom seen: seeded, near in score, and marked.

Who is never seen is never chosen, and what is never chosen teaches nothing. A trial moves a firm that is
nearly as good up the list; its score stays what it is, and the list says that it is a trial.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from matchmaker.matching.engine import Match

FIRST: Final = 10  # the places a reader looks at first
_NEVER_GIVEN: Final = 3  # the best are nobody's to try with


@dataclass(frozen=True, slots=True)
class TrialRule:
    """How far trials go.

    places: how many of the first ten places a list gives to them, at most seven. margin: hundredths of a
    point such a firm may be behind the one whose place it takes. seldom: a firm that stood among the first
    ten of fewer kept lists than this is seldom seen. seed: another one draws other trials.
    """

    places: int = 1
    margin: int = 500
    seldom: int = 3
    seed: int = 2024


DEFAULT_TRIAL: Final = TrialRule()


@dataclass(frozen=True, slots=True)
class Placed:
    """A match in its place in the list, and whether it was put there to be tried."""

    match: Match
    is_trial: bool = False


def near_first(matches: list[Match], rule: TrialRule) -> list[int]:
    """The firms behind the first ten whose score is near enough to be tried among them."""
    if not rule.places or len(matches) <= FIRST:
        return []
    least = matches[FIRST - 1].score - rule.margin
    return [match.firm_id for match in matches[FIRST:] if match.score >= least]


def with_trials(matches: list[Match], rule: TrialRule, *, seldom: Collection[int], draw: str) -> list[Placed]:
    """The list with its trials; without a firm that is near enough and seldom seen, the list as it was.

    seldom: the firms that are seldom seen. draw: names the list, so that each draws its own trials.
    """
    placed = [Placed(match) for match in matches]
    for place in _places(rule, draw):
        near = [at for at in range(FIRST, len(placed)) if _may_take(placed[at], placed[place], rule, seldom)]
        if near:
            chosen = min(near, key=lambda at: _lot(rule, draw, f"firm {placed[at].match.firm_id}"))
            placed.insert(place, Placed(placed.pop(chosen).match, is_trial=True))
    return placed


def _places(rule: TrialRule, draw: str) -> list[int]:
    """The places drawn, upper first: a firm put in below pushes none of them out."""
    drawn = sorted(range(_NEVER_GIVEN, FIRST), key=lambda place: _lot(rule, draw, f"place {place}"))
    return sorted(drawn[: rule.places])


def _may_take(firm: Placed, holder: Placed, rule: TrialRule, seldom: Collection[int]) -> bool:
    return firm.match.firm_id in seldom and firm.match.score >= holder.match.score - rule.margin


def _lot(rule: TrialRule, draw: str, what: str) -> str:
    return hashlib.sha256(f"{rule.seed}/{draw}/{what}".encode()).hexdigest()
