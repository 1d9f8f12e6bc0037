"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write a file aside, bring it to the disk and give it its name by one rename."""
    aside = path.with_name(f"{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
