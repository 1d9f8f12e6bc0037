"""The names a workbook may use for regions, segments and industries, as plain look-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz, process

from matchmaker.text import fold

_CLOSE = 60.0  # of 100; below this a suggestion misleads more than it helps
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be named: `label` tells it from all others, aliases give way to names."""

    code: str
    name: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """Names folded to codes; a name that several things share gives several codes."""

    codes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]  # code → label

    def find(self, text: str) -> tuple[str, ...]:
        """The codes that the text names: none, one, or several when it is ambiguous."""
        return self.codes.get(fold(text), ())

    def nearest(self, text: str) -> tuple[str, ...]:
        """The labels closest to a text that names nothing."""
        found = process.extract(fold(text), self.codes.keys(), scorer=fuzz.WRatio, limit=9, score_cutoff=_CLOSE)
        labels = (self.labels[code] for name, _score, _index in found for code in self.codes[name])
        return tuple(dict.fromkeys(labels))[:_SUGGESTIONS]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose rows the sender may bring in; with nothing said, everybody's.

    only_code: the enterprise that speaks for itself alone. barred: registered firms that are not the
    sender's, by code with the reason. barred_places: where the sender may not register a firm.
    """

    only_code: str | None = None
    barred: Mapping[str, str] = field(default_factory=dict)
    barred_places: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything the checker compares a workbook with, gathered by the caller beforehand."""

    regions: Lookup
    segments: Lookup
    industries: Lookup
    known_codes: Collection[str] = frozenset()  # credit codes of the firms already registered
    allow_samples: bool = False
    reach: Reach = Reach()
    today: date | None = None  # a need that ends before it is not published


def lookup(entries: Iterable[Entry]) -> Lookup:
    """The look-up over these entries."""
    names: dict[str, dict[str, None]] = {}
    aliases: dict[str, dict[str, None]] = {}
    labels: dict[str, str] = {}
    for entry in entries:
        labels[entry.code] = entry.label
        for text in (entry.code, entry.name, entry.label):
            names.setdefault(fold(text), {})[entry.code] = None
        for text in entry.aliases:
            aliases.setdefault(fold(text), {})[entry.code] = None
    merged = aliases | names
    return Lookup({name: tuple(codes) for name, codes in merged.items() if name}, labels)


def region_entries(places: Iterable[tuple[str, str, str, str | None]]) -> list[Entry]:
    """Entries for (code, name, short name, code of the place around it or None)."""
    listed = list(places)
    by_code = {code: (name, short, around) for code, name, short, around in listed}
    return [_region_entry(code, by_code) for code, *_rest in listed]


def _region_entry(code: str, by_code: Mapping[str, tuple[str, str, str | None]]) -> Entry:
    name, short, around = by_code[code]
    path = [(name, short)]
    while around is not None and around in by_code:
        outer, outer_short, around = by_code[around]
        path.insert(0, (outer, outer_short))
    full = ["".join(part[0] for part in path[start:]) for start in range(len(path))]
    shorts = ["".join(part[1] for part in path[start:]) for start in range(len(path))]
    label = full[1] if len(full) > 2 else name  # noqa: PLR2004 -- the province goes without saying
    return Entry(code, name, label, tuple(dict.fromkeys([*full, *shorts])))


def segment_entries(segments: Iterable[tuple[str, str, str]]) -> list[Entry]:
    """Entries for (code, name, name of the chain)."""
    return [
        Entry(code, name, f"{chain}/{name}", tuple(f"{chain}{mark}{name}" for mark in ("", "-", "·", ">", "—", ":")))
        for code, name, chain in segments
    ]


def industry_entries(industries: Iterable[tuple[str, str, str | None]]) -> list[Entry]:
    """Entries for (code, name, code of the class around it or None); codes also with their section's letter."""
    listed = list(industries)
    around = {code: parent for code, _name, parent in listed}
    return [Entry(code, code, f"{code} {name}", (_section(code, around) + code,)) for code, name, _parent in listed]


def _section(code: str, around: Mapping[str, str | None]) -> str:
    outer = code
    while parent := around.get(outer):
        outer = parent
    return outer if outer != code else ""
