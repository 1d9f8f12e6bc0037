"""A difference between two names as numbers: what is missing or added, what it is, and how rare it is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from matchmaker.enterprises.resolving.comparing import Difference
from matchmaker.enterprises.resolving.lexicon import INSTITUTIONS, NAME, ORGANISATION, PLACE, TRADE, reading
from matchmaker.enterprises.resolving.parts import NameParts

_KINDS: Final = (NAME, PLACE, ORGANISATION, TRADE)
_FULL_FORM, _SHORT_NAME, _SHORT_REST = 4, 5, 4
_COMMON: Final = 0.35  # the most that a word of place, trade or organisation weighs
_SMALLEST_REGISTER: Final = 1000
_SOFT_END: Final = re.compile("(?:股份|集团|控股|实业|企业|发展|科技)+$")


class Rarity:
    """How much a character of a name tells, from 0 to 1: by how many names of the register share its pairs."""

    def __init__(self, cores: Iterable[str]) -> None:
        held = list(cores)
        self._shared = Counter(pair for core in held for pair in {a + b for a, b in pairwise(core)})
        self._scale = math.log(1 + max(len(held), _SMALLEST_REGISTER))

    def of(self, parts: NameParts) -> tuple[float, ...]:
        """The weight of each character of a name."""
        shared = [0, *(self._shared[one + other] for one, other in pairwise(parts.core)), 0]
        weights = (1 - math.log(1 + max(before, behind)) / self._scale for before, behind in pairwise(shared))
        return tuple(
            weight if kind == NAME else min(weight, _COMMON) for weight, kind in zip(weights, parts.kinds, strict=False)
        )


def measures(
    asked: NameParts, known: NameParts, difference: Difference, mine: Sequence[float], theirs: Sequence[float]
) -> list[float]:
    """The measures of one pair, always the same ones in the same order; mine and theirs weigh their characters."""
    return [
        *_left_over(asked, known, difference, mine, theirs),
        *_held(known, difference, theirs),
        *_slips(asked, known, difference),
        *_edges(asked, known, difference),
        *_replaced(asked, known, difference),
        *_forms(asked, known, difference),
        *_shortness(asked, known, difference),
    ]


def _is_full(parts: NameParts) -> bool:
    return len(parts.legal_form) >= _FULL_FORM or parts.legal_form in INSTITUTIONS


def _capped(value: float, most: float) -> float:
    return min(value, most) / most


def _left_over(
    asked: NameParts, known: NameParts, found: Difference, mine: Sequence[float], theirs: Sequence[float]
) -> Iterator[float]:
    """How much of what kind is only in one of them, and how much that tells."""
    added = Counter(asked.kinds[place] for place in found.added)
    missing = Counter(known.kinds[place] for place in found.missing)
    for kind in _KINDS:
        yield _capped(added[kind], 4)
        yield _capped(missing[kind], 4)
        yield float(added[kind] > 0)
        yield float(missing[kind] > 0)
    for scale, places in ((mine, found.added), (theirs, found.missing)):
        weights = [scale[place] for place in places]
        yield _capped(sum(weights), 4)
        yield max(weights, default=0.0)


def _held(known: NameParts, found: Difference, theirs: Sequence[float]) -> Iterator[float]:
    """How much of the known name is there, letter for letter or by sound."""
    kept = [theirs[place] for place in found.kept]
    alike = [theirs[place] for _, place in found.alike]
    whole = sum(kept) + sum(alike) + sum(theirs[place] for place in found.missing)
    yield _capped(sum(kept), 5)
    yield max(kept, default=0.0)
    yield _capped(sum(alike), 3)
    yield max(alike, default=0.0)
    yield (sum(kept) + sum(alike)) / whole if whole else 0.0
    yield sum(kept) / whole if whole else 0.0
    own = known.kinds.count(NAME)
    own_kept = sum(known.kinds[place] == NAME for place in found.kept)
    own_alike = sum(known.kinds[place] == NAME for _, place in found.alike)
    yield _capped(own_kept, 4)
    yield own_kept / own if own else 1.0
    yield (own_kept + own_alike) / own if own else 1.0
    yield float(own == 0)
    yield float(own > 0 and own_kept == 0)
    first = known.kinds.find(NAME)
    yield float(first >= 0 and first in found.kept)
    yield float(first >= 0 and first + 1 in found.kept)


def _slips(asked: NameParts, known: NameParts, found: Difference) -> Iterator[float]:
    """Slips of the keyboard and what moved."""
    own = sum(known.kinds[place] == NAME for _, place in found.alike)
    exact = sum(reading(asked.core[one]) == reading(known.core[other]) for one, other in found.alike)
    yield _capped(own, 3)
    yield _capped(len(found.alike) - own, 3)
    yield _capped(len(found.alike) - exact, 2)
    yield _capped(found.moved, 4)
    yield _capped(found.bracketed, 4)
    yield _capped(found.swapped, 3)
    yield _capped(found.doubled, 2)
    yield _capped(found.shortened, 2)
    yield _capped(found.blocks, 5)
    yield found.starts_together
    single = len(found.missing) == 1 and not found.added and not found.alike
    yield float(single)
    yield float(single and known.kinds[found.missing[0]] == NAME)
    yield float(single and _is_full(asked))
    untouched = not (found.alike or found.added or found.moved or found.bracketed or found.swapped or found.doubled)
    yield float(untouched)
    edits = len(found.alike) + len(found.added) + len(found.missing) + found.swapped + found.doubled
    yield _capped(edits + (found.moved > 0) + (found.bracketed > 0), 8)


def _edges(asked: NameParts, known: NameParts, found: Difference) -> Iterator[float]:
    """What is missing or added at the beginning and the end."""
    missing, added = set(found.missing), set(found.added)
    last, head = len(known.core) - 1, 0
    while head in missing:
        head += 1
    tail = _run_back(last, missing)
    yield _capped(tail, 4)
    yield float(0 < tail == len(missing))
    yield _capped(head, 4)
    yield float(head > 0 and set(known.kinds[:head]) == {PLACE})
    yield float(bool(found.kept) and last in found.kept)
    yield _capped(_run_back(len(asked.core) - 1, added), 3)
    yield float(0 in added)
    yield float(not added.isdisjoint(asked.inside))


def _run_back(end: int, places: set[int]) -> int:
    start = end
    while start in places:
        start -= 1
    return end - start


def _replaced(asked: NameParts, known: NameParts, found: Difference) -> Iterator[float]:
    """Whether one thing stands for another of its kind."""
    added = {asked.kinds[place] for place in found.added}
    missing = {known.kinds[place] for place in found.missing}
    for kind in (PLACE, NAME, TRADE):
        yield float(kind in added and kind in missing)
    own_for_place = asked.kinds.startswith(NAME) and known.kinds.startswith(PLACE)
    yield float(0 in found.added and 0 in found.missing and own_for_place)


def _forms(asked: NameParts, known: NameParts, found: Difference) -> Iterator[float]:
    """Legal form, branch and brackets: who writes out the form has seldom left out anything else."""
    full = float(_is_full(asked))
    missing = _capped(len(found.missing), 4)
    branch = float(asked.is_branch != known.is_branch)
    yield float(bool(asked.legal_form))
    yield full
    yield float(asked.legal_form == known.legal_form)
    yield full * missing
    yield full * _capped(len(found.added), 4)
    yield branch
    yield branch * missing
    yield float(asked.has_brackets)
    yield float(asked.is_listed_short)
    yield _capped(len(asked.core), 10)
    yield _capped(len(known.core), 12)


def _shortness(asked: NameParts, known: NameParts, found: Difference) -> Iterator[float]:
    """How short names are made: the first characters behind the place, or the firm's own and 股份."""
    is_short = not asked.legal_form and len(asked.core) <= _SHORT_NAME
    untouched = not (found.added or found.alike or found.swapped or found.doubled)
    added_words = {asked.kinds[place] for place in found.added}
    rest, soft = known.rest, _soft_off(asked.core)
    yield float(asked.core == known.core)
    yield float(is_short)
    yield float(is_short and bool(found.alike))
    yield is_short * _capped(sum(asked.kinds[place] != ORGANISATION for place in found.added), 3)
    yield float(is_short and untouched)
    yield float(asked.kinds.endswith(ORGANISATION))
    yield float(asked.kinds.endswith(ORGANISATION) and ORGANISATION in known.kinds)
    yield float(len(rest) <= _SHORT_REST)
    yield float(len(rest) <= _SHORT_REST and ORGANISATION in added_words)
    yield _capped(known.kinds.count(TRADE), 6)
    yield float(soft == _soft_off(rest) and len(rest) < len(known.core))
    yield float(soft == _soft_off(known.core))
    yield float(rest.startswith(asked.core) or known.core.startswith(asked.core))
    yield float((rest + known.legal_form).startswith(asked.core + asked.legal_form))


def _soft_off(text: str) -> str:
    return _SOFT_END.sub("", text) or text
