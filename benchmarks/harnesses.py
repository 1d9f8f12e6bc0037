"""Where the harnesses lie that measure this project with data that is not part of it."""

from __future__ import annotations

import os
from pathlib import Path


def harness_folder(name: str, holds: str, chosen: str | None) -> Path | None:
    """The folder of one harness in `chosen`, MATCHMAKER_HARNESS or ../shared/bench; None where its file is missing."""
    folder = Path(chosen or os.environ.get("MATCHMAKER_HARNESS", "../shared/bench")) / name
    return folder if (folder / holds).exists() else None
