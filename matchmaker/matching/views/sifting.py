"""The filters of a list in words: what may be chosen, what is in force, and the way out of an empty list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from matchmaker.enterprises import wording
from matchmaker.enterprises.models import EnterpriseSize
from matchmaker.i18n import gettext as _
from matchmaker.i18n import lazy
from matchmaker.matching.filtering import Filters, ways_out
from matchmaker.matching.queries import naming
from matchmaker.matching.queries.runs import Shown
from matchmaker.matching.views.reading import Reading, Sifted

LEASTS: Final = (40, 50, 60, 70, 80)
_NAMES: Final = {
    "prefecture": lazy("市州"),
    "chain": lazy("产业链"),
    "segment": lazy("环节"),
    "badge": lazy("称号"),
    "size": lazy("规模"),
    "meets": lazy("硬条件全部符合"),
    "strangers": lazy("不看已合作的"),
    "least": lazy("最低分"),
}
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """One filter in force: its part of the address, its value there, and its words."""

    name: str
    value: str
    text: str

    def is_strange(self, choices: dict[str, Choices]) -> bool:
        """Whether its value is one that the list does not offer."""
        return self.name in choices and self.value not in dict(choices[self.name])


@dataclass(frozen=True, slots=True)
class Exit:
    """One filter to drop, in words, and how many that shows."""

    name: str
    text: str
    count: int


def filter_choices(rows: Iterable[Shown]) -> dict[str, Choices]:
    """Only what occurs in the list, so that no choice leads to nothing."""
    shown = list(rows)
    places = {(place or each.enterprise.region).code: (place or each.enterprise.region).short_name
              for each in shown for place in [each.enterprise.region.prefecture]}  # fmt: skip
    segments = [line.segment for each in shown if (line := each.capability or each.need) and line.segment]
    badges = {badge.name for each in shown for badge in each.enterprise.badges}
    sizes = {each.enterprise.size for each in shown if each.enterprise.size}
    return {
        "prefecture": sorted(places.items()),
        "chain": sorted({segment.chain.code: segment.chain.name for segment in segments}.items()),
        "segment": sorted({segment.code: segment.name for segment in segments}.items()),
        "badge": [(name, name) for name in sorted(badges)],
        "size": [(size.value, str(wording.SIZES[size])) for size in EnterpriseSize if size in sizes],
        "least": [(str(least), str(_("%(least)s 分以上", least=least))) for least in LEASTS],
    }


def filters_told(filters: Filters, session: Session) -> list[Told]:
    """The filters in force, in words."""
    if not filters.active:
        return []
    names = naming.names(session)
    values = ((name, getattr(filters, name)) for name in filters.active)
    return [Told(name, str(value), _told(name, value, names)) for name, value in values]


def _told(name: str, value: Any, names: naming.Names) -> str:
    said: dict[str, Callable[[], str]] = {
        "prefecture": lambda: names.region(value),
        "segment": lambda: names.segment(value),
        "chain": lambda: names.chain(value),
        "size": lambda: str(dict(wording.choices(wording.SIZES)).get(value, value)),
        "badge": lambda: str(value),
        "least": lambda: str(_("%(least)s 分以上", least=value)),
    }
    return said[name]() if name in said else str(_NAMES[name])


def ways_out_of(list_: Sifted, read: Reading) -> list[Exit]:
    """Where a filtered list is empty: the one filter to drop, and how many that shows, the most first."""
    if list_.shown:
        return []
    return [Exit(way.name, str(_NAMES[way.name]), way.count) for way in ways_out(list_.rows, read.filters)]
