"""The exposure report in the words of the page and of the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from matchmaker.enterprises.models import EnterpriseSize
from matchmaker.enterprises.wording import SIZES
from matchmaker.i18n import gettext as _
from matchmaker.i18n import lazy
from matchmaker.matching.exposure import Exposure, Group, Respect
from matchmaker.matching.queries.seen import SPECIALISED

RESPECTS: Final = {
    "size": lazy("按规模"),
    "age": lazy("按登记时间"),
    "badge": lazy("按称号"),
    "prefecture": lazy("按市州"),
}
_KEYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "size": {size.value: word for size, word in SIZES.items()},
    "age": {"new": lazy("登记不满 90 天"), "older": lazy("登记满 90 天")},
    "badge": {SPECIALISED: lazy("专精特新"), "other": lazy("其他企业")},
}
_SMALL: Final = (EnterpriseSize.SMALL.value, EnterpriseSize.MICRO.value)


@dataclass(frozen=True, slots=True)
class Named:
    """A group under the word people use for it."""

    name: str
    group: Group


def named(respect: Respect, places: Mapping[str, str]) -> list[Named]:
    """The groups of a respect in the order people expect; places are the prefectures by code."""
    keys = _KEYS.get(respect.name, places)
    by_key = {group.key: group for group in respect.groups}
    return [Named(str(word), by_key[key]) for key, word in keys.items() if key in by_key]


def verdict(found: Exposure) -> str:
    """One sentence that answers whether small firms are seen."""
    size = next(respect for respect in found.respects if respect.name == "size")
    small = [group for group in size.groups if group.key in _SMALL]
    if not small or not small[0].all_places:
        return str(_("还没有推荐列表，无从比较。"))
    firms, places = sum(group.firms for group in small), sum(group.places for group in small)
    share, seen = firms / small[0].all_firms, places / small[0].all_places
    told = _("小型和微型企业占可推荐企业的 %(share)s，占前十位的 %(seen)s。", share=f"{share:.1%}", seen=f"{seen:.1%}")
    return str(told)


def record(found: Exposure) -> dict[str, Any]:
    """The report as plain JSON values."""
    totals = {name: getattr(found, name) for name in _TOTALS}
    return totals | {"respects": [_respect_record(respect) for respect in found.respects]}


_TOTALS: Final = (
    "lists", "firms", "places", "leads", "trials", "lists_with_trials", "never_first", "never_listed", "gini",
)  # fmt: skip


def _respect_record(respect: Respect) -> dict[str, Any]:
    groups = [
        {
            "key": group.key,
            "firms": group.firms,
            "all_firms": group.all_firms,
            "places": group.places,
            "all_places": group.all_places,
            "leads": group.leads,
            "trials": group.trials,
            "ratio": group.ratio,
        }
        for group in respect.groups
    ]
    missing = {"missing_firms": respect.missing_firms, "missing_places": respect.missing_places}
    return {"name": respect.name, "groups": groups} | missing
