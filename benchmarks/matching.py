"""The matching engine beside what a user would pick instead, on real companies, in one run.

    python -m benchmarks.matching [--limit 300] [--engines baselines:CharTfidf,…] [--harness DIR]
    python -m benchmarks.matching --ablation      # our engine without each of its parts in turn

The harness and its research data are not part of this project. Without them (MATCHMAKER_HARNESS, or
../shared/bench) this part says so and ends. Every engine runs in a process of its own, on one core.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import ablation
from benchmarks.harnesses import harness_folder

OURS = "benchmarks.adapters:Matching"
PEERS = "baselines:CharTfidf,baselines:FTS5Trigram,baselines:RapidFuzzOnly"
FIGURES = {
    "T1a": ("ndcg@10",),
    "T1b": ("ndcg@10", "recall@10"),
    "T3": ("recall@10",),
    "T2up": ("ndcg@20", "recall@50"),
    "T2down": ("ndcg@20", "recall@50"),
    "T4a": ("top1",),
    "T4b": ("f1",),
}


def measured(folder: Path, engine: str, limit: int) -> dict[str, Any]:
    """What the harness found for one engine."""
    with tempfile.TemporaryDirectory() as aside:
        out = Path(aside) / "figures.json"
        command = [sys.executable, str(folder / "harness.py"), "--engine", engine, "--limit", str(limit)]
        alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        subprocess.run([*command, "--out", str(out)], check=True, env=alone, stdout=subprocess.DEVNULL)
        found: dict[str, Any] = json.loads(out.read_text())
        return found


def row(name: str, values: list[str]) -> str:
    """One line of the table."""
    return f"{name:<26}" + "".join(f"{value:>18}" for value in values)


def main() -> None:
    """Print the table: a line for each task and figure, a column for each engine."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--limit", type=int, default=300, help="queries of each task; 0: all")
    options.add_argument("--engines", default=PEERS)
    options.add_argument("--harness")
    options.add_argument("--ablation", action="store_true")
    chosen = options.parse_args()
    folder = harness_folder("matching", "harness.py", chosen.harness)
    if folder is None:
        print("the matching harness is not here (MATCHMAKER_HARNESS); nothing was measured")
        return
    if chosen.ablation:
        for line in ablation.table(folder, chosen.limit):
            print(line, flush=True)
        return
    engines = [OURS, *filter(None, chosen.engines.split(","))]
    results = [measured(folder, engine, chosen.limit) for engine in engines]
    print(row("", [engine.split(":")[1] for engine in engines]))
    for task, figures in FIGURES.items():
        for figure in figures:
            print(row(f"{task} {figure}", [f"{one[task][figure]:.4f}" if task in one else "-" for one in results]))
    for kind in sorted(results[0]["T3"]["by"]):
        print(row(f"T3 {kind}", [f"{one['T3']['by'][kind]['recall@10']:.3f}" for one in results]))
    for kind in sorted(results[0]["T4b"]["by"]):
        print(row(f"T4b {kind}", [f"{one['T4b']['by'][kind]:.3f}" for one in results]))
    for task in FIGURES:
        times = [
            f"{one[task]['cpu_p50_ms']:.1f} / {one[task]['cpu_p99_ms']:.1f}" if task in one else "-" for one in results
        ]
        print(row(f"{task} CPU ms p50 / p99", times))
    print(row("fit CPU s", [f"{one['fit_cpu_s']:.1f}" for one in results]))
    print(row("peak memory MB", [f"{one['peak_rss_mb']:.0f}" for one in results]))


if __name__ == "__main__":
    main()
