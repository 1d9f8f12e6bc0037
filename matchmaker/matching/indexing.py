"""The published index: built from the registers, kept as files, loaded once by each process.

    <data>/index/<version>/    the engine's files; the version is a digest of their content
    <data>/index/CURRENT       which of them is current, and up to which change; replaced by one rename

Whoever reads sees the old index or the new one, never half of either. A directory that is not exactly
as it was written is never served: it counts as missing and is built anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import shutil
import threading
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from matchmaker.db import utcnow
from matchmaker.jobs.models import Job
from matchmaker.jobs.services import Progress, release
from matchmaker.matching.durable import replace_file
from matchmaker.matching.engine import ENGINE_VERSION, BrokenIndex, Index, LayeredIndex
from matchmaker.matching.product_graph import graph_in_use, links_in_use
from matchmaker.matching.queries.indexable import Cursor, Registers, registers
from matchmaker.matching.ranking import ENGINES_OWN, Ranking, current_ranking

log = logging.getLogger(__name__)

FOLDER: Final = "index"
POINTER: Final = "CURRENT"
KEPT_VERSIONS: Final = 4  # older lists can be replayed as long as their index is kept
_MANIFEST: Final = "manifest.json"
_VERSION_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Edition:
    """What the pointer says: which version is current, when it was built and from what."""

    version: str
    manifest: str  # SHA-256 of the version's manifest, which names the digest of every other file
    engine_version: str
    built_at: str
    firms: int
    lines: int
    last_change: int
    change_count: int
    graph: str = ""  # the product graph it knows, if any

    @property
    def moment(self) -> datetime:
        """When it was built."""
        return datetime.fromisoformat(self.built_at)

    @property
    def cursor(self) -> Cursor:
        """Up to which change the index speaks for the registers."""
        return Cursor(self.last_change, self.change_count)


@dataclass(frozen=True, slots=True)
class Published:
    """An index ready to be asked, with its edition and the ranking its lists go by."""

    index: Index | LayeredIndex
    edition: Edition
    ranking: Ranking = ENGINES_OWN

    @property
    def version(self) -> str:
        """What names the index and the ranking together: a list of either's successor is another list."""
        return f"{self.edition.version}+{self.ranking.version}" if self.ranking.version else self.edition.version


class _Shelf:
    """The index of each data directory that this process has loaded."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._held: dict[Path, tuple[tuple[int, ...], Published | None]] = {}

    def current(self, data_dir: Path) -> Published | None:
        seen, mark = self._held.get(data_dir), _mark(data_dir / FOLDER / POINTER)
        if seen is not None and seen[0] == mark:
            return seen[1]
        if seen is not None and seen[1] is not None and mark:
            return self._exchange(data_dir, mark, seen[1])
        with self._loading:
            return self._reload(data_dir, mark)

    def _exchange(self, data_dir: Path, mark: tuple[int, ...], old: Published) -> Published | None:
        """Let one thread load the new index while the others go on with the old one."""
        if not self._loading.acquire(blocking=False):
            return old
        try:
            return self._reload(data_dir, mark)
        finally:
            self._loading.release()

    def _reload(self, data_dir: Path, mark: tuple[int, ...]) -> Published | None:
        seen = self._held.get(data_dir)
        if seen is None or seen[0] != mark:
            self._held[data_dir] = seen = (mark, _load_current(data_dir))
        return seen[1]


_shelf = _Shelf()
_ranked: dict[Path, tuple[Published, Published]] = {}  # what was loaded, and the same by the ranking in use


def edition_record(edition: Edition) -> dict[str, Any]:
    """An edition as plain JSON values."""
    return asdict(edition)


def current_index(data_dir: Path) -> Published | None:
    """The current index, loaded once and exchanged when the pointer has changed; None when there is no sound one.

    Its lists go by the ranking in use, which is exchanged in the same way.
    """
    loaded, ranking = _shelf.current(data_dir), current_ranking(data_dir)
    if loaded is None or ranking is ENGINES_OWN:
        return loaded
    known = _ranked.get(data_dir)
    if known is None or known[0] is not loaded or known[1].ranking is not ranking:
        ranked = replace(loaded, index=loaded.index.weighted(ranking.weights), ranking=ranking)
        _ranked[data_dir] = known = (loaded, ranked)
    return known[1]


def current_edition(data_dir: Path) -> Edition | None:
    """What the pointer says, without loading anything; None when there is none for this engine."""
    try:
        edition = Edition(**json.loads((data_dir / FOLDER / POINTER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return edition if edition.engine_version == ENGINE_VERSION else None


def load_version(data_dir: Path, version: str, *, manifest: str = "") -> Index:
    """A version that is still kept, current or not. Raises BrokenIndex when it is gone or not as it was written.

    manifest: the SHA-256 its manifest must have; a version's own name is the beginning of it.
    """
    folder = data_dir / FOLDER / version
    if not _digest_of_manifest(folder).startswith(manifest or version):
        raise BrokenIndex(f"{folder}: its manifest is not the one it was named after")
    return Index.load(folder)


def reindex(session: Session, job: Job, report: Progress, *, data_dir: Path) -> dict[str, Any]:
    """The background work: build the index anew and publish it; done twice it changes nothing."""
    edition = rebuild(session, data_dir, report)
    return {"version": edition.version, "firms": edition.firms, "lines": edition.lines}


def rebuild(session: Session, data_dir: Path, report: Progress) -> Edition:
    """Read the registers, build an index of them and of the product graph in use, and make it current."""
    read = registers(session)
    release(session)
    graph, links = graph_in_use(data_dir), links_in_use(data_dir)
    read = replace(read, knowledge=replace(read.knowledge, products=links))
    told = f"{len(read.firms):,} / {len(read.lines):,}"

    def tell(done: int, total: int) -> None:
        report(done, total, told)

    index = Index.build(read.firms, read.lines, read.knowledge, tell)
    return publish(index, read, data_dir, graph=graph.version if graph and links else "")


def publish(index: Index, read: Registers, data_dir: Path, *, graph: str = "") -> Edition:
    """Write an index aside, name it after its content and make it current, unless a newer one already is."""
    root = data_dir / FOLDER
    root.mkdir(parents=True, exist_ok=True)
    aside = root / f"building-{os.getpid()}-{secrets.token_hex(4)}"
    index.save(aside)
    manifest = _digest_of_manifest(aside)
    version = manifest[:_VERSION_LENGTH]
    _settle(aside, root / version)
    edition = Edition(
        version=version,
        manifest=manifest,
        engine_version=ENGINE_VERSION,
        built_at=utcnow().isoformat(),
        firms=len(read.firms),
        lines=len(read.lines),
        last_change=read.cursor.last,
        change_count=read.cursor.count,
        graph=graph,
    )
    known = current_edition(data_dir)
    if known is None or known.last_change <= edition.last_change or not (root / known.version).is_dir():
        _point_to(edition, root)
    _clear_away(root, version)
    return edition


def _load_current(data_dir: Path) -> Published | None:
    edition = current_edition(data_dir)
    if edition is None:
        return None
    try:
        return Published(load_version(data_dir, edition.version, manifest=edition.manifest), edition)
    except BrokenIndex:
        log.exception("index refused", extra={"index": edition.version})
        return None


def _mark(pointer: Path) -> tuple[int, ...]:
    """What changes when the pointer is replaced; () when there is none."""
    try:
        facts = pointer.stat()
    except OSError:
        return ()
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


def _digest_of_manifest(folder: Path) -> str:
    try:
        return hashlib.sha256((folder / _MANIFEST).read_bytes()).hexdigest()
    except OSError as problem:
        raise BrokenIndex(f"{folder}: no manifest") from problem


def _settle(aside: Path, place: Path) -> None:
    """Give a finished directory its name; one of the same name that is broken makes room."""
    if place.exists() and not _is_sound(place):
        place.rename(place.with_name(f"broken-{secrets.token_hex(4)}"))
    if place.exists():
        shutil.rmtree(aside)
    else:
        aside.rename(place)


def _is_sound(folder: Path) -> bool:
    try:
        Index.load(folder)
    except BrokenIndex:
        return False
    return True


def _point_to(edition: Edition, root: Path) -> None:
    content = json.dumps(edition_record(edition), ensure_ascii=False, sort_keys=True)
    replace_file(root / POINTER, content.encode())


def _clear_away(root: Path, newest: str) -> None:
    """Remove what no list can be replayed from any more, and what a crash left half-built."""
    folders = sorted((path for path in root.iterdir() if path.is_dir()), key=lambda path: -path.stat().st_mtime)
    finished = [path for path in folders if len(path.name) == _VERSION_LENGTH and path.name != newest]
    current = current_edition(root.parent)
    kept = {newest, current.version if current else newest, *(path.name for path in finished[: KEPT_VERSIONS - 1])}
    for path in folders:
        if path.name not in kept and not _is_being_built(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_being_built(path: Path) -> bool:
    """Whether another process may still be writing a directory; after ten minutes it is not."""
    return path.name.startswith(("building-", ".building-")) and utcnow().timestamp() - path.stat().st_mtime < 600  # noqa: PLR2004
