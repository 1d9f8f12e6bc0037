"""Learn the weights, try them on coined names they have not seen, and write them down."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.naming.coining import GENERAL, LISTED
from benchmarks.naming.learning import Network, Questions, asked, chances, learn, mean_of, short_names, together
from benchmarks.naming.slips import SLIPS
from matchmaker.enterprises.resolving import DUPLICATE_THRESHOLD

_TARGET = Path(__file__).parents[2] / "matchmaker" / "reference" / "name_weights.json"
_REGISTERS = ((1, 5000, LISTED, 10000), (2, 5000, GENERAL, 5000), (3, 10000, LISTED, 9000), (4, 12000, GENERAL, 5000))
_SEEDS = range(2)


def taught(kinds: list[str], share: float) -> Questions:
    parts = [
        asked(seed, int(size * share), style, int(count * share), kinds) for seed, size, style, count in _REGISTERS
    ]
    if "short" in kinds:
        parts.append(short_names(77, int(5000 * share), int(6000 * share)))
    return together(parts)


def told_apart(network: Network, questions: Questions) -> list[tuple[str, int, float, float]]:
    """By kind: how many, how many rightly decided, and how many had the right firm first."""
    odds, _ = network.weigh(questions.measured)
    share = chances(odds, questions.present)[:, :-1]
    score, first = share.max(axis=1), share.argmax(axis=1)
    said, hit = score >= DUPLICATE_THRESHOLD, first == questions.right
    is_held = questions.right != -1
    right = np.where(is_held, said & hit, ~said)
    rows = []
    for kind in sorted(set(questions.kinds)):
        chosen = questions.kinds == kind
        held = chosen & is_held
        rows.append((kind, int(chosen.sum()), right[chosen].mean(), hit[held].mean() if held.any() else float("nan")))
    return rows


def show(rows: list[tuple[str, int, float, float]]) -> None:
    for kind, count, right, first in rows:
        print(f"{kind:<16}{count:>6}{right:>9.3f}{first:>9.3f}")


def write(network: Network) -> None:
    numbers = {
        "hidden": network.hidden.T.round(4).tolist(),
        "hidden_bias": network.hidden_bias.round(4).tolist(),
        "output": network.output.round(4).tolist(),
        "direct": network.direct.round(4).tolist(),
        "bias": round(float(network.bias[0]), 4),
    }
    _TARGET.write_text(json.dumps(numbers, separators=(",", ":")) + "\n", encoding="utf-8")


def leave_out(share: float) -> None:
    """Train without one kind of slip and test on it, for each in turn."""
    kinds = list(SLIPS)
    print(f"{'left out':<16}{'n':>6}{'right':>9}{'first':>9}")
    for kind in kinds:
        network = learn(taught([other for other in kinds if other != kind], share))
        tried = asked(9, 3000, LISTED, 700, [kind])
        show([row for row in told_apart(network, tried) if row[0] == kind])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--leave-out", action="store_true", help="test each kind of slip on weights that never saw it")
    parser.add_argument("--write", action="store_true", help="write matchmaker/reference/name_weights.json")
    parser.add_argument("--share", type=float, default=1.0, help="train on this share of the questions")
    chosen = parser.parse_args()
    if chosen.leave_out:
        leave_out(chosen.share)
        return
    questions = taught(list(SLIPS), chosen.share)
    network = mean_of([learn(questions, seed=seed) for seed in _SEEDS])
    print(f"{'kind':<16}{'n':>6}{'right':>9}{'first':>9}")
    show(told_apart(network, asked(9, 5000, LISTED, 4000, list(SLIPS))))
    if chosen.write:
        write(network)


if __name__ == "__main__":
    main()
