"""A company name taken apart: the core that tells firms apart, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from matchmaker import reference
from matchmaker.enterprises.resolving.lexicon import (
    NAME,
    PLACE,
    branch_pattern,
    legal_pattern,
    place_at,
    provinces,
    sound,
    word_at,
)
from matchmaker.text import fold

_OPENING, _CLOSING = "([【〔", ")]】〕"
_MARKS: Final = re.compile(r"[()\[\]{}〔〕【】《》<>「」“”\"'‘’·•・\-—_.,、，。:;/\\*\s]+")
# What a stock exchange puts before and behind a short name.
_LISTED_BEFORE: Final = re.compile(r"^(?:退市|\*?s?\*?st|xd|xr|dr|n(?=[^\x00-\x7f])|c(?=[^\x00-\x7f]))")
_LISTED_BEHIND: Final = re.compile(r"(?:[ab]股?|-?u|-?w|退市?|\(退市\))$")
_SHARE_CLASS: Final = re.compile("[ab]股?$")
_LONGEST_SHORT_NAME: Final = 9
_LONGEST_NAME: Final = 60
_PROTECTED: Final = 2  # what follows the place is the firm's own even where it is a word of a trade


@dataclass(frozen=True, slots=True)
class NameParts:
    """One name as it is compared.

    core: folded, without marks, legal form and branch; `sounds` and `kinds` say of each of its characters how it
    sounds and what it belongs to. inside: the places in the core that stood in brackets. province: what stood before
    the place and only says where that lies.
    """

    core: str
    sounds: str
    kinds: str
    inside: frozenset[int]
    province: str
    legal_form: str
    is_branch: bool
    has_brackets: bool
    is_listed_short: bool

    @property
    def place_length(self) -> int:
        """How many characters of place the core begins with."""
        return len(self.kinds) - len(self.kinds.lstrip(PLACE))

    @property
    def rest(self) -> str:
        """The core without the place it begins with."""
        return self.core[self.place_length :]


@lru_cache(maxsize=20_000)
def read_name(name: str) -> NameParts:
    """Take a name apart; whatever is typed gives parts, if only empty ones."""
    folded = fold(name[:_LONGEST_NAME])
    whole = branch_pattern().sub("", folded)
    whole = whole if _MARKS.sub("", whole) else folded
    bare = _without_listing(whole)
    text, inside = _outside_marks(bare)
    legal = legal_pattern().search(text)
    core = text[: legal.start()] if legal and legal.start() else text
    legal_form = text[len(core) :]
    outer = _outer_province(core)
    province, core = core[:outer], core[outer:]
    inside = frozenset(place - outer for place in inside if place >= outer)
    kinds = _with_place_inside(core, _kinds_of(core), inside)
    if bare != whole and len(core) > _PROTECTED and _names_short_place(core, whole):
        kinds = PLACE + kinds[1:]
    return NameParts(
        core=core,
        sounds="".join(map(sound, core)),
        kinds=kinds,
        inside=inside,
        province=province,
        legal_form=legal_form,
        is_branch=whole != folded,
        has_brackets=any(mark in bare for mark in _OPENING + _CLOSING),
        is_listed_short=bare != whole,
    )


def _outer_province(core: str) -> int:
    """The length of a province that only says where the place behind it lies: 湖北襄阳 is 襄阳."""
    first = place_at(core, 0)
    is_province = first.removesuffix("省").removesuffix("市") in provinces() and not first.startswith("中国")
    return len(first) if is_province and place_at(core, len(first)) else 0


def _without_listing(name: str) -> str:
    """A short name without the marks of the exchange: *ST河化, 万科A, 国恒退."""
    if len(name) > _LONGEST_SHORT_NAME or legal_pattern().search(_MARKS.sub("", name)):
        return name
    return _LISTED_BEHIND.sub("", _LISTED_BEFORE.sub("", name)) or name


def _names_short_place(core: str, listed: str) -> bool:
    """Whether a share's name begins with a place in one character: 苏常柴A."""
    return core[0] in reference.name_words().short_places and _SHARE_CLASS.search(listed) is not None


def _outside_marks(name: str) -> tuple[str, frozenset[int]]:
    text: list[str] = []
    inside: set[int] = set()
    is_inside = False
    for character in name:
        if character in _OPENING or character in _CLOSING:
            is_inside = character in _OPENING
        elif not _MARKS.fullmatch(character):
            inside.update([len(text)] if is_inside else [])
            text.append(character)
    return "".join(text), frozenset(inside)


def _kinds_of(core: str) -> str:
    """The kind of each character: first places, then the firm's own, then words of trade and organisation among it."""
    start = _places_length(core)
    kinds = [PLACE] * start
    own = 0 if start and word_at(core, start)[0] else min(_PROTECTED, len(core) - start)
    kinds += [NAME] * own
    kinds += _words(core, start + own)
    return "".join(kinds)


def _words(core: str, start: int) -> Iterator[str]:
    while start < len(core):
        word, kind = word_at(core, start)
        yield from kind * len(word) or NAME
        start += len(word) or 1


def misheard(asked: NameParts, known: NameParts) -> NameParts:
    """The asked name without what only sounds like the known one's province: 赏海浦东 beside 上海浦东 is 浦东."""
    province = known.province.removesuffix("省").removesuffix("市")
    length = len(province)
    if not province or asked.province or asked.sounds[:length] != "".join(map(sound, province)):
        return asked
    again = read_name(province + asked.core[length:])
    if again.core != asked.core[length:]:
        return asked
    inside = frozenset(place - length for place in asked.inside if place >= length)
    return replace(asked, core=again.core, sounds=again.sounds, kinds=again.kinds, inside=inside)


def _places_length(core: str) -> int:
    """Where the places end: a second one follows a province, or says by its suffix that it is one."""
    end, after_province = 0, True
    while place := place_at(core, end):
        if not after_province and place[-1] not in "省市县区州":
            break
        end += len(place)
        after_province = place.rstrip("省市") in provinces()
    return end


def _with_place_inside(core: str, kinds: str, inside: frozenset[int]) -> str:
    """A place in brackets is a place wherever it stands: 佰奥智能(昆山)."""
    start = min(inside, default=len(core))
    if start >= len(core):
        return kinds
    length = len(place_at(core, start))
    return kinds[:start] + PLACE * length + kinds[start + length :]
