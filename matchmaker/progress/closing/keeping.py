"""Files under their own digest: what is kept once is never written again, and what is damaged is never handed out."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def keep(folder: Path, content: bytes) -> str:
    """Write the content under its SHA-256, safely on the disk before this returns, and give back that name."""
    digest = hashlib.sha256(content).hexdigest()
    if find(folder, digest) is None:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(folder / digest)
        _settle(folder)
    return digest


def find(folder: Path, digest: str) -> bytes | None:
    """The content kept under a digest; None when it is missing or no longer what it was."""
    try:
        content = (folder / digest).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def _settle(folder: Path) -> None:
    """Have the folder itself written, so that the new name outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
