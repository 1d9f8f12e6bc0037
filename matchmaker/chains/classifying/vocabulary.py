"""Words the classifier knows beyond the graph: of trades in the chains, and of trades in none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from matchmaker import reference

_CLASS_ENDS: Final = re.compile("(?:制造|加工|服务|业|活动|生产|供应|及其他|其他|未列明)+$")
_LISTED: Final = re.compile("[、和及与]")
_LEAST: Final = 2
# Coal, drilling, pipelines, freight agents, engineering, water works: without a segment, yet at work in the chains.
_AROUND: Final = frozenset({"06", "11", "57", "58", "75", "76"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` and `industries` by segment code, `outside` by topic; the classes of an industry are broader words."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    industries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def shipped_vocabulary() -> Vocabulary:
    """The trade words this release ships, and what the national classification of industries adds to them.

    A segment takes the names of its classes. A division none of whose classes has a segment is outside the chains.
    """
    names = {row.code: row.name for row in reference.industries()}
    industries = {
        code: tuple(word for industry in row.industries for word in class_words(names[industry]))
        for code, row in reference.segments().items()
    }
    return Vocabulary(reference.trade_words(), industries, reference.outside_words() | _outside_divisions())


def class_words(name: str) -> Iterable[str]:
    """The products and services named by a class: 谷物、豆类及薯类批发 → 谷物, 豆类, 薯类批发."""
    parts = (_CLASS_ENDS.sub("", part.removeprefix("其他")) for part in _LISTED.split(name))
    return (part for part in parts if len(part) >= _LEAST)


def _outside_divisions() -> dict[str, tuple[str, ...]]:
    inside = _AROUND | {industry[:2] for row in reference.segments().values() for industry in row.industries}
    found: dict[str, tuple[str, ...]] = {}
    for row in reference.industries():
        if row.level == "小类" and row.code[:2] not in inside:
            found[row.code[:2]] = (*found.get(row.code[:2], ()), *class_words(row.name))
    return found
