"""Every measured comparison that needs nothing from outside: `make bench`."""

from __future__ import annotations

import subprocess
import sys

PARTS = (
    "benchmarks.matching",
    "benchmarks.segments",
    "benchmarks.million",
    "benchmarks.timetables",
    "benchmarks.ledgers",
    "benchmarks.growing",
    "benchmarks.demo",
)


def main() -> None:
    """Run the parts one after the other, each in a process of its own."""
    for part in PARTS:
        print(f"\n== {part} ==", flush=True)
        subprocess.run([sys.executable, "-m", part], check=True)


if __name__ == "__main__":
    main()
