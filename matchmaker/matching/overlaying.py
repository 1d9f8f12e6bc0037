"""What changed since the index was built, laid over it at the next reading; kept, so that its lists can be replayed.

    <data>/index/overlays/<version>.<digest>.json    the changed firms with all their lines, over that version

The name is the digest of the content. An overlay lives as long as the index it lies over.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from matchmaker.matching.durable import replace_file
from matchmaker.matching.engine import BrokenIndex, Firm, Index, LayeredIndex, Line
from matchmaker.matching.indexing import FOLDER, Published, load_version
from matchmaker.matching.queries import indexable

OVERLAYS: Final = "overlays"
MOST_CHANGED: Final = 2000  # an import changes more; then the rebuilt index is waited for
_DIGEST_LENGTH: Final = 16

_latest: dict[Path, tuple[tuple[str, int], Published]] = {}
_laying = threading.Lock()


def with_changes(session: Session, published: Published, data_dir: Path) -> Published:
    """The index with every change up to now, or as it is when too much has changed to lay over it."""
    last = indexable.last_change(session)
    if last == published.edition.last_change:
        return published
    key = (published.version, last)
    with _laying:
        known = _latest.get(data_dir)
        if known is None or known[0] != key:
            known = _latest[data_dir] = (key, _laid_over(session, published, last, data_dir))
        return known[1]


def _laid_over(session: Session, published: Published, last: int, data_dir: Path) -> Published:
    changed = indexable.changed_firms(session, since=published.edition.last_change)
    if len(changed) > MOST_CHANGED or not isinstance(published.index, Index):
        return published
    firms, lines = indexable.registers_of(session, changed)
    content = _content(changed, firms, lines)
    version = f"{published.edition.version}.{_digest(content)}"
    path = _path(data_dir, version)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)
    edition = replace(published.edition, version=version, last_change=last)
    return replace(published, index=LayeredIndex(published.index, changed, firms, lines), edition=edition)


def load_layered(data_dir: Path, version: str) -> Index | LayeredIndex:
    """An index by the version a list names, with what lay over it. Raises BrokenIndex when either is gone."""
    base_version, _, digest = version.partition(".")
    base = load_version(data_dir, base_version)
    if not digest:
        return base
    try:
        content = _path(data_dir, version).read_bytes()
    except OSError as gone:
        raise BrokenIndex(f"{version}: what lay over it is gone") from gone
    if _digest(content) != digest:
        raise BrokenIndex(f"{version}: not as it was written")
    told = json.loads(content)
    return LayeredIndex(base, told["changed"], map(_firm, told["firms"]), map(_line, told["lines"]))


def clear_overlays(data_dir: Path) -> None:
    """Remove the overlays whose index is gone."""
    root = data_dir / FOLDER
    for path in (root / OVERLAYS).glob("*.json"):
        if not (root / path.name.partition(".")[0]).is_dir():
            path.unlink(missing_ok=True)


def _content(changed: Iterable[int], firms: list[Firm], lines: list[Line]) -> bytes:
    told = {"changed": sorted(changed), "firms": list(map(asdict, firms)), "lines": list(map(asdict, lines))}
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH]


def _path(data_dir: Path, version: str) -> Path:
    return data_dir / FOLDER / OVERLAYS / f"{version}.json"


def _firm(told: dict[str, Any]) -> Firm:
    return Firm(**{**told, "trades": tuple(told["trades"])})


def _line(told: dict[str, Any]) -> Line:
    return Line(**{**told, "certificates": tuple(told["certificates"])})
