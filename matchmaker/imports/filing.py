"""Where the workbooks that were sent lie: by their SHA-256 under the data directory, written aside and moved in."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

FOLDER = "uploads"


def keep(data_dir: Path, content: IO[bytes]) -> str:
    """Store a file, once however often it is sent, and return its digest."""
    digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    content.seek(0)
    target = path_of(data_dir, digest)
    if not target.exists():
        with moved_to(target) as file:
            shutil.copyfileobj(content, file)
    return digest


def path_of(data_dir: Path, digest: str) -> Path:
    """Where the file with this digest lies."""
    return data_dir / FOLDER / digest[:2] / digest


def annotated_path(data_dir: Path, public_id: str) -> Path:
    """Where the annotated copy of a batch lies, if it has one."""
    return data_dir / FOLDER / "annotated" / f"{public_id}.xlsx"


def placings_path(data_dir: Path, public_id: str) -> Path:
    """Where the segments proposed for the lines of a batch lie, if it passed the check."""
    return data_dir / FOLDER / "placings" / f"{public_id}.jsonl"


@contextmanager
def moved_to(target: Path) -> Iterator[IO[bytes]]:
    """A file to write into that takes the target's place once it is whole and on the disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
