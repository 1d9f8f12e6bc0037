"""Where the bytes lie: by their SHA-256 under the data directory, never beside anything that is served.

A file is written aside, brought to the disk, renamed into its place and its folder brought to the disk, all before the
row that names it commits. A crash in between leaves a file that no row names; `loose` finds it. Nothing is deleted.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from matchmaker.deals.evidence import refusals
from matchmaker.imports.filing import moved_to

FOLDER = "evidence"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def path_of(data_dir: Path, digest: str) -> Path:
    """Where the file with this digest lies."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("no digest")
    return data_dir / FOLDER / digest[:2] / digest


def keep(data_dir: Path, digest: str, content: bytes) -> None:
    """Store a file, once however often it is sent; one that was damaged meanwhile is made whole. Raises NotStored."""
    target = path_of(data_dir, digest)
    if read(data_dir, digest) is not None:
        return
    try:
        with moved_to(target) as file:
            file.write(content)
        for folder in (target.parent, target.parent.parent):
            _settle(folder)
    except OSError as fault:
        raise refusals.NotStored from fault


def read(data_dir: Path, digest: str) -> bytes | None:
    """The content of a file, or None where it is missing or no longer what it is named after."""
    try:
        content = path_of(data_dir, digest).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def loose(data_dir: Path, known: Collection[str]) -> Iterator[Path]:
    """The files that no row names, oldest places first."""
    for path in sorted((data_dir / FOLDER).glob("*/*")):
        if path.is_file() and path.name not in known:
            yield path


def _settle(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
