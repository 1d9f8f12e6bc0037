"""How one name differs from another, character by character."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from rapidfuzz.distance import Indel

from matchmaker import reference
from matchmaker.enterprises.resolving.parts import NameParts

Span = tuple[int, int, int]  # from, to, and where it stands in the other name


@dataclass(slots=True)
class Difference:
    """What became of each character; positions are those of the asked core (`added`) or of the known one.

    kept: the same in both, or moved. alike: pairs that only sound the same, asked and known.
    added: only in the asked name. missing: only in the known one.
    The counts say how many characters moved as a block, moved in or out of brackets, changed places singly,
    were typed twice, or name a place in one character (鄂 for 湖北).
    """

    kept: list[int] = field(default_factory=list)
    alike: list[tuple[int, int]] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    blocks: int = 0
    moved: int = 0
    bracketed: int = 0
    swapped: int = 0
    doubled: int = 0
    shortened: int = 0
    starts_together: float = 0.0


def _edits(one: str, other: str) -> Iterator[tuple[str, int, int, int, int]]:
    for edit in Indel.opcodes(one, other):
        yield edit.tag, edit.src_start, edit.src_end, edit.dest_start, edit.dest_end


def compare(asked: NameParts, known: NameParts) -> Difference:
    """The difference between a typed name and one of the register."""
    found = Difference()
    starts = {0, known.place_length}
    only_asked: list[Span] = []
    only_known: list[Span] = []
    for tag, start, end, known_start, known_end in _edits(asked.core, known.core):
        if tag == "equal":
            found.blocks += 1
            found.kept.extend(range(known_start, known_end))
            if start == 0 and known_start in starts:
                found.starts_together = 1.0
        if tag in ("delete", "replace"):
            only_asked.append((start, end, known_start))
        if tag in ("insert", "replace"):
            only_known.append((known_start, known_end, start))
    _pair_moved(found, asked, known, only_asked, only_known)
    _pair_alike(found, asked, known, only_asked, only_known)
    if any(one == 0 and other in starts for one, other in found.alike):
        found.starts_together = 0.5
    _pair_single(found, asked, known)
    _drop_doubled(found, asked)
    _pair_short_places(found, asked, known)
    return found


def _pair_moved(
    found: Difference, asked: NameParts, known: NameParts, only_asked: list[Span], only_known: list[Span]
) -> None:
    """A piece taken from one place and put in another: 佰奥智能(昆山) for 昆山佰奥智能."""
    for mine in list(only_asked):
        heard = asked.sounds[mine[0] : mine[1]]
        for theirs in only_known:
            if known.sounds[theirs[0] : theirs[1]] == heard and asked.core[mine[0]] == known.core[theirs[0]]:
                found.kept.extend(range(theirs[0], theirs[1]))
                _count_moved(found, asked, len(heard))
                if mine[0] == 0 and theirs[0] in (0, known.place_length):
                    found.starts_together = 1.0
                only_asked.remove(mine)
                only_known.remove(theirs)
                break


def _count_moved(found: Difference, asked: NameParts, length: int) -> None:
    if asked.has_brackets:
        found.bracketed += length
    elif length == 1:
        found.swapped += 1
    else:
        found.moved += length


def _pair_alike(
    found: Difference, asked: NameParts, known: NameParts, only_asked: list[Span], only_known: list[Span]
) -> None:
    """What stands in both names between the same neighbours is compared by sound."""
    for start, end, at in only_asked:
        facing = [other for other in only_known if other[2] in (start, end) and at in (other[0], other[1])]
        if not facing:
            found.added.extend(range(start, end))
            continue
        other_start, other_end, _ = facing[0]
        only_known.remove(facing[0])
        for tag, a, b, x, y in _edits(asked.sounds[start:end], known.sounds[other_start:other_end]):
            mine, theirs = range(start + a, start + b), range(other_start + x, other_start + y)
            if tag == "equal":
                found.alike.extend(zip(mine, theirs, strict=True))
            else:
                found.added.extend(mine)
                found.missing.extend(theirs)
    found.missing = sorted([*found.missing, *chain.from_iterable(range(x, y) for x, y, _ in only_known)])


def _pair_single(found: Difference, asked: NameParts, known: NameParts) -> None:
    """A character that is in both, but elsewhere."""
    for place in list(found.added) if found.missing else ():
        facing = next((other for other in found.missing if known.core[other] == asked.core[place]), None)
        if facing is not None:
            found.added.remove(place)
            found.missing.remove(facing)
            found.kept.append(facing)
            _count_moved(found, asked, 1)


def _drop_doubled(found: Difference, asked: NameParts) -> None:
    for place in list(found.added):
        if asked.core[place] in _neighbours(asked.core, place):
            found.added.remove(place)
            found.doubled += 1


def _neighbours(text: str, place: int) -> Iterator[str]:
    yield from text[max(0, place - 1) : place]
    yield from text[place + 1 : place + 2]


def _pair_short_places(found: Difference, asked: NameParts, known: NameParts) -> None:
    """鄂武商 for 武汉武商: one character for a place the known name spells out."""
    short = reference.name_words().short_places
    for place in list(found.added) if found.missing else ():
        name = short.get(asked.core[place], "")
        start = known.core.find(name) if name else -1
        spelled = range(start, start + len(name)) if start >= 0 else range(0)
        if any(other in spelled for other in found.missing):
            found.added.remove(place)
            found.missing = [other for other in found.missing if other not in spelled]
            found.shortened += 1
            found.starts_together = 1.0 if place == 0 else found.starts_together
