"""How lists are put in order: the weights of the parts and the trials, in versions of which one is in use.

    <data>/ranking/<version>.json    weights, trials, and what they were learned from; named after its content
    <data>/ranking/CURRENT           which of them is in use; replaced by one rename

Where none is in use, or the one in use is not exactly as it was written or was learned from another engine,
lists go by the engine's own weights. A version is never removed: older lists are made again with theirs.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from matchmaker.matching.durable import replace_file
from matchmaker.matching.engine import DEFAULT_WEIGHTS, ENGINE_VERSION, Part, Weights
from matchmaker.matching.trying import DEFAULT_TRIAL, TrialRule

log = logging.getLogger(__name__)

FOLDER: Final = "ranking"
POINTER: Final = "CURRENT"
_VERSION_LENGTH: Final = 16
_MOST_WEIGHT: Final = 1_000_000


class BrokenRanking(Exception):
    """The file is gone, not as it was written, or of another engine."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One way to put lists in order; the version "" is the engine's own.

    learned: when and from what, and the figures by which it was preferred, as plain JSON values.
    """

    version: str = ""
    weights: Weights = DEFAULT_WEIGHTS
    trial: TrialRule = DEFAULT_TRIAL
    learned: Mapping[str, Any] = field(default_factory=dict)

    @property
    def engine_version(self) -> str:
        """The engine together with the ranking: what a kept list names as its maker."""
        return f"{ENGINE_VERSION}+{self.version}" if self.version else ENGINE_VERSION


ENGINES_OWN: Final = Ranking()
_seen: dict[Path, tuple[tuple[int, ...], Ranking]] = {}


def current_ranking(data_dir: Path) -> Ranking:
    """The ranking in use; read again only when the pointer was replaced."""
    mark = _mark(data_dir)
    known = _seen.get(data_dir)
    if known is None or known[0] != mark:
        _seen[data_dir] = known = (mark, _read_current(data_dir))
    return known[1]


def is_sound(data_dir: Path) -> bool:
    """Whether what is said to be in use can be used; with nothing in use all is well."""
    try:
        return _pointed_at(data_dir) is None or ranking_in_use(data_dir) is not None
    except BrokenRanking:
        return False


def ranking_in_use(data_dir: Path) -> Ranking | None:
    """The ranking in use as it is on the disk; None when it is the engine's own. Raises BrokenRanking."""
    pointed = _pointed_at(data_dir)
    return None if pointed is None else load_ranking(data_dir, pointed)


def load_ranking(data_dir: Path, version: str) -> Ranking:
    """A kept version, in use or not; "" is the engine's own. Raises BrokenRanking."""
    if not version:
        return ENGINES_OWN
    if len(version) != _VERSION_LENGTH or not version.isalnum():
        raise BrokenRanking(f"{version[:40]} is no version of a ranking")
    try:
        content = (data_dir / FOLDER / f"{version}.json").read_bytes()
    except OSError as problem:
        raise BrokenRanking(f"the ranking {version} is gone") from problem
    if _name_of(content) != version:
        raise BrokenRanking(f"the ranking {version} is not as it was written")
    return _ranking(version, content)


def ranking_of(data_dir: Path, engine_version: str) -> Ranking:
    """The ranking a kept list was made with, by its engine version. Raises BrokenRanking."""
    engine, _plus, version = engine_version.partition("+")
    if engine != ENGINE_VERSION:
        raise BrokenRanking(f"made by engine {engine}; this is {ENGINE_VERSION}")
    return load_ranking(data_dir, version)


def kept_versions(data_dir: Path) -> list[str]:
    """Every version that was written here, oldest first."""
    files = (data_dir / FOLDER).glob("*.json")
    return [path.stem for path in sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name))]


def write_ranking(
    data_dir: Path, *, weights: Weights, trial: TrialRule, learned: Mapping[str, Any] | None = None
) -> Ranking:
    """Keep a ranking as a file named after its content, and return it; it is not yet in use."""
    record = {
        "engine_version": ENGINE_VERSION,
        "weights": _weights_record(weights),
        "trial": asdict(trial),
        "learned": dict(learned or {}),
    }
    content = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode()
    (data_dir / FOLDER).mkdir(parents=True, exist_ok=True)
    path = data_dir / FOLDER / f"{_name_of(content)}.json"
    if not path.exists():
        replace_file(path, content)
    return load_ranking(data_dir, path.stem)


def use_ranking(data_dir: Path, version: str) -> Ranking:
    """Have every list from now on go by a kept version; "" is the engine's own. Raises BrokenRanking."""
    ranking = load_ranking(data_dir, version)
    (data_dir / FOLDER).mkdir(parents=True, exist_ok=True)
    replace_file(data_dir / FOLDER / POINTER, json.dumps({"version": version}).encode())
    return ranking


def _read_current(data_dir: Path) -> Ranking:
    try:
        return ranking_in_use(data_dir) or ENGINES_OWN
    except BrokenRanking:
        log.exception("ranking refused")
        return ENGINES_OWN


def _pointed_at(data_dir: Path) -> str | None:
    try:
        version = json.loads((data_dir / FOLDER / POINTER).read_bytes())["version"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise BrokenRanking("the pointer cannot be read") from problem
    if not isinstance(version, str):
        raise BrokenRanking("the pointer names no version")
    return version or None


def _mark(data_dir: Path) -> tuple[int, ...]:
    """What changes when the pointer is replaced; () when there is none."""
    try:
        facts = (data_dir / FOLDER / POINTER).stat()
    except OSError:
        return ()
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


def _name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_VERSION_LENGTH]


def _ranking(version: str, content: bytes) -> Ranking:
    try:
        record = json.loads(content)
        if record["engine_version"] != ENGINE_VERSION:
            raise BrokenRanking(f"the ranking {version} was learned from engine {record['engine_version']}")
        weights = _weights(record["weights"])
        return Ranking(version, weights, TrialRule(**record["trial"]), record["learned"])
    except (ValueError, TypeError, KeyError) as problem:
        raise BrokenRanking(f"the ranking {version} cannot be read") from problem


def _weights_record(weights: Weights) -> dict[str, dict[str, int]]:
    return {side: {part.value: weight for part, weight in getattr(weights, side).items()} for side in _SIDES}


def _weights(record: Mapping[str, Mapping[str, int]]) -> Weights:
    """Weights in the order of the engine's own, one for each of its parts. Raises ValueError and KeyError."""
    sides = {}
    for side, own in _SIDES.items():
        if {Part(name) for name in record[side]} != set(own):
            raise ValueError("the parts are not those of this engine")
        sides[side] = {part: _weight(record[side][part.value]) for part in own}
    return Weights(**sides)


def _weight(value: object) -> int:
    if not isinstance(value, int) or not 0 < value <= _MOST_WEIGHT:
        raise ValueError(f"{value!r} is no weight")
    return value


_SIDES: Final = {"search": DEFAULT_WEIGHTS.search, "partner": DEFAULT_WEIGHTS.partner}
