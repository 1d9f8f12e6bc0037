"""Lists of partners for a whole province at once, cut into blocks: a killed run goes on where it was.

    <data>/suggestions/building-<key>/<block>.jsonl    finished blocks of a run that goes on
    <data>/suggestions/<key>.jsonl                     a finished run: one line a firm, by its id
    <data>/suggestions/CURRENT                         the name of the newest finished run

A firm whose own lines are as they were in the last run keeps its lists, so that a night's work follows
what changed. Where a block is cut changes nothing in the result.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from matchmaker.matching.durable import replace_file
from matchmaker.matching.engine import ENGINE_VERSION, Direction, Index, Weights

FOLDER: Final = "suggestions"
POINTER: Final = "CURRENT"
PARTNERS: Final = 20
FIRMS_IN_BLOCK: Final = 250
_DIRECTIONS: Final[tuple[Direction, ...]] = ("upstream", "downstream")
_KEY_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Batch:
    """A finished run: its name, and how many firms were listed anew and how many kept their lists."""

    key: str
    path: Path
    computed: int
    kept: int


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker process needs to list one block of firms."""

    folder: Path
    weights: Weights
    firms: tuple[int, ...]
    digests: tuple[str, ...]
    path: Path


def run_batch(
    index: Index,
    index_folder: Path,
    data_dir: Path,
    *,
    processes: int,
    block: int = FIRMS_IN_BLOCK,
    anew: bool = False,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> Batch:
    """List the partners of every firm of an index both ways and make the result current.

    index_folder: where the index lies, for the worker processes to load. anew: keep no list of the last run.
    """
    root = data_dir / FOLDER
    digests = firm_digests(index)
    key = _key(digests, index.weights)
    kept = {} if anew else {firm: line for firm, line in last_lists(data_dir).items() if _is_kept(line, firm, digests)}
    open_firms = [firm for firm in digests if firm not in kept]
    building = root / f"building-{key}"
    building.mkdir(parents=True, exist_ok=True)
    works = list(_works(open_firms, digests, index, index_folder, building, block))
    _compute(works, processes, report)
    finished = {firm: line for work in works for firm, line in _lists_in(work.path).items()}
    path = root / f"{key}.jsonl"
    lines = (json.dumps((kept | finished)[firm], sort_keys=True) for firm in digests)
    replace_file(path, "".join(f"{line}\n" for line in lines).encode())
    replace_file(root / POINTER, path.name.encode())
    shutil.rmtree(building, ignore_errors=True)
    _clear_away(root, path)
    return Batch(key, path, len(open_firms), len(kept))


def last_lists(data_dir: Path) -> dict[int, dict[str, Any]]:
    """The newest finished run by firm: its digest and its partners up- and downstream as (firm id, score)."""
    root = data_dir / FOLDER
    try:
        return _lists_in(root / (root / POINTER).read_text(encoding="ascii"))
    except OSError:
        return {}


def firm_digests(index: Index) -> dict[int, str]:
    """For every firm, by id, a name for all it states: two equal firms share it in whatever index they stand."""
    tables = index.tables
    columns = ("line_side", "line_segment", "line_share", "line_certificates", "line_quantity", "line_days")
    stated = [getattr(tables, name) for name in columns]
    found = {}
    for place, firm in enumerate(tables.firm_id.tolist()):
        lines = np.sort(tables.firm_lines.row(place)[0])
        told = [ENGINE_VERSION, int(tables.firm_region[place]), int(tables.firm_trust[place])]
        told += [tables.written.at(tables.line_written[lines]), *(column[lines].tolist() for column in stated)]
        found[firm] = hashlib.sha256(repr(told).encode()).hexdigest()[:_KEY_LENGTH]
    return dict(sorted(found.items()))


def _key(digests: Mapping[int, str], weights: Weights) -> str:
    told = [ENGINE_VERSION, sorted(digests.items()), repr(weights)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:_KEY_LENGTH]


def _is_kept(line: dict[str, Any], firm: int, digests: Mapping[int, str]) -> bool:
    return bool(line["digest"] == digests.get(firm))


def _works(
    firms: Sequence[int], digests: Mapping[int, str], index: Index, folder: Path, building: Path, block: int
) -> Iterator[Work]:
    for start in range(0, len(firms), block):
        chosen = tuple(firms[start : start + block])
        name = hashlib.sha256(repr(chosen).encode()).hexdigest()[:_KEY_LENGTH]
        yield Work(folder, index.weights, chosen, tuple(digests[one] for one in chosen), building / f"{name}.jsonl")


def _compute(works: list[Work], processes: int, report: Callable[[int, int], None]) -> None:
    waiting = [work for work in works if not work.path.exists()]
    done, total = len(works) - len(waiting), len(works)
    report(done, total)
    if not waiting:
        return
    with ProcessPoolExecutor(min(processes, len(waiting))) as pool:
        for finished in as_completed([pool.submit(_list_block, work) for work in waiting]):
            finished.result()
            done += 1
            report(done, total)


_loaded: dict[Path, Index] = {}


def _list_block(work: Work) -> None:
    """In a worker process: the lists of one block, there whole or not at all."""
    if work.folder not in _loaded:
        _loaded[work.folder] = Index.load(work.folder).weighted(work.weights)
    index = _loaded[work.folder]
    lines = (
        json.dumps(
            {"firm": firm, "digest": digest} | {way: index.rank_partners(firm, way, PARTNERS) for way in _DIRECTIONS}
        )
        for firm, digest in zip(work.firms, work.digests, strict=True)
    )
    replace_file(work.path, "".join(f"{line}\n" for line in lines).encode())


def _lists_in(path: Path) -> dict[int, dict[str, Any]]:
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {line["firm"]: line for line in lines}


def _clear_away(root: Path, newest: Path) -> None:
    for path in root.glob("*.jsonl"):
        if path != newest:
            path.unlink(missing_ok=True)
