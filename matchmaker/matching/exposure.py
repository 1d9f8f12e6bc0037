"""Who is seen: how the first ten places of all current lists are shared out among the firms that could stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEAST_FIRMS: Final = 8  # below this a share says more about chance than about the lists
NEW_DAYS: Final = 90
RULE_VERSION: Final = 1  # of how exposure is counted; a figure of another version is not compared with these


@dataclass(frozen=True, slots=True)
class Seen:
    """One firm that could be suggested, and the first ten places it holds.

    groups: its group in every respect; one that is not known is left out. known: places in lists of firms that
    said they are partners already, which are no new leads.
    """

    groups: Mapping[str, str]
    places: int = 0
    trials: int = 0
    known: int = 0
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the firms, with their places and those of all firms of which the respect is known."""

    key: str
    firms: int
    all_firms: int
    places: int
    all_places: int
    leads: int
    trials: int

    @property
    def ratio(self) -> float | None:
        """The share of places for the share of firms: 1 is in proportion; None for fewer than eight firms."""
        if self.firms < LEAST_FIRMS or not self.all_places:
            return None
        return (self.places / self.all_places) / (self.firms / self.all_firms)


@dataclass(frozen=True, slots=True)
class Respect:
    """The firms in groups of one respect, and the firms and places of which it is not known."""

    name: str
    groups: tuple[Group, ...]
    missing_firms: int
    missing_places: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who is seen, in all.

    never_first: firms in no list's first ten. never_listed: firms in no list at all. gini: 0 when all firms hold
    equally many of the first ten places, near 1 when few hold all; None without any.
    """

    lists: int
    firms: int
    places: int
    leads: int
    trials: int
    lists_with_trials: int
    never_first: int
    never_listed: int
    gini: float | None
    respects: tuple[Respect, ...]


def exposure(firms: Sequence[Seen], *, lists: int, lists_with_trials: int, respects: Iterable[str]) -> Exposure:
    """Add up who is seen. respects: in which respects to group the firms."""
    places = sum(firm.places for firm in firms)
    return Exposure(
        lists=lists,
        firms=len(firms),
        places=places,
        leads=places - sum(firm.known for firm in firms),
        trials=sum(firm.trials for firm in firms),
        lists_with_trials=lists_with_trials,
        never_first=sum(not firm.places for firm in firms),
        never_listed=sum(not firm.is_listed for firm in firms),
        gini=gini([firm.places for firm in firms]),
        respects=tuple(_respect(name, firms) for name in respects),
    )


def gini(amounts: Sequence[int]) -> float | None:
    """How unequal amounts are, from 0 for all alike; None when there are none."""
    total = sum(amounts)
    if not total:
        return None
    below = sum(place * amount for place, amount in enumerate(sorted(amounts), start=1))
    return (2 * below - (len(amounts) + 1) * total) / (len(amounts) * total)


def _respect(name: str, firms: Sequence[Seen]) -> Respect:
    grouped: dict[str, list[Seen]] = {}
    for firm in firms:
        if name in firm.groups:
            grouped.setdefault(firm.groups[name], []).append(firm)
    known = [firm for members in grouped.values() for firm in members]
    places = sum(firm.places for firm in known)
    groups = (_group(key, members, len(known), places) for key, members in sorted(grouped.items()))
    return Respect(name, tuple(groups), len(firms) - len(known), sum(firm.places for firm in firms) - places)


def _group(key: str, members: list[Seen], all_firms: int, all_places: int) -> Group:
    places = sum(firm.places for firm in members)
    return Group(
        key=key,
        firms=len(members),
        all_firms=all_firms,
        places=places,
        all_places=all_places,
        leads=places - sum(firm.known for firm in members),
        trials=sum(firm.trials for firm in members),
    )
