"""Why two names may mean one firm, as values that a page puts into words."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from matchmaker.enterprises.resolving.comparing import Difference, compare
from matchmaker.enterprises.resolving.lexicon import PLACE
from matchmaker.enterprises.resolving.parts import NameParts, read_name
from matchmaker.text import fold


class Reason(enum.Enum):
    """One way in which two names of one firm come to differ."""

    SAME = "same"
    SCRIPT = "script"
    BRANCH = "branch"
    LEGAL_FORM = "legal_form"
    BRACKETS = "brackets"
    ORDER = "order"
    SOUND = "sound"
    DOUBLED = "doubled"
    PLACE_ADDED = "place_added"
    PLACE_MISSING = "place_missing"
    ADDED = "added"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Told:
    """A reason with the pieces it is about: what the asked name has, what the known one has."""

    reason: Reason
    asked: str = ""
    known: str = ""


def reasons(asked: str, known: str) -> list[Told]:
    """In what the asked name differs from the known one, from what says least against one firm to what says most."""
    if asked == known:
        return [Told(Reason.SAME)]
    mine, theirs = read_name(asked), read_name(known)
    found = compare(mine, theirs)
    told = [*_around(asked, known, mine, theirs), *_within(mine, theirs, found)]
    return sorted(told, key=lambda each: list(Reason).index(each.reason)) or [Told(Reason.SCRIPT)]


def _around(asked: str, known: str, mine: NameParts, theirs: NameParts) -> Iterator[Told]:
    if mine.is_branch != theirs.is_branch:
        yield Told(Reason.BRANCH)
    if mine.legal_form != theirs.legal_form:
        yield Told(Reason.LEGAL_FORM, mine.legal_form, theirs.legal_form)
    if mine.has_brackets != theirs.has_brackets or mine.inside != theirs.inside:
        yield Told(Reason.BRACKETS)
    if mine.province != theirs.province:
        yield from [Told(Reason.PLACE_ADDED, asked=mine.province)] if mine.province else []
        yield from [Told(Reason.PLACE_MISSING, known=theirs.province)] if theirs.province else []
    if fold(asked) == fold(known) and asked != known:
        yield Told(Reason.SCRIPT)


def _within(mine: NameParts, theirs: NameParts, found: Difference) -> Iterator[Told]:
    if (found.moved or found.swapped) and not (mine.has_brackets or theirs.has_brackets):
        yield Told(Reason.ORDER)
    for one, other in found.alike:
        yield Told(Reason.SOUND, mine.core[one], theirs.core[other])
    if found.doubled:
        yield Told(Reason.DOUBLED)
    for piece, is_place in _pieces(mine, found.added):
        yield Told(Reason.PLACE_ADDED if is_place else Reason.ADDED, asked=piece)
    for piece, is_place in _pieces(theirs, found.missing):
        yield Told(Reason.PLACE_MISSING if is_place else Reason.MISSING, known=piece)


def _pieces(parts: NameParts, places: list[int]) -> Iterator[tuple[str, bool]]:
    """Neighbouring characters of one sort together."""
    ordered = enumerate(sorted(places))
    for (_, is_place), run in groupby(ordered, key=lambda each: (each[1] - each[0], parts.kinds[each[1]] == PLACE)):
        yield "".join(parts.core[place] for _, place in run), is_place
