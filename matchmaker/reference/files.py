"""Opening the shipped files, and the version and digest that say which edition they are."""

from __future__ import annotations

import csv
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def read_json(name: str) -> Any:
    """The content of one shipped JSON file."""
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of one shipped CSV file, by column name."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def file_digest(name: str) -> str:
    """The SHA-256 of one shipped file as it lies on disk."""
    return hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest()


def manifest() -> dict[str, str]:
    """The SHA-256 this edition promises for each file."""
    return dict(read_json("manifest.json")["files"])


@cache
def digest() -> str:
    """One SHA-256 over all files as they lie on disk: equal digests mean equal reference data."""
    lines = "".join(f"{name} {file_digest(name)}\n" for name in sorted(manifest()))
    return hashlib.sha256(lines.encode()).hexdigest()


REFERENCE_VERSION: str = read_json("manifest.json")["version"]
