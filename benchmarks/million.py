"""How long the first stage of a search takes among a million lines.

    python -m benchmarks.million [--lines 1000000]

Lines are coined from the chains' own product names with materials, uses and grades in front, so that
characters are as common as they are in real catalogues. Times are CPU milliseconds of one core: reading
the postings and choosing the candidates, and the whole retrieval with its comparison of names.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable

from benchmarks.adapters import chain_graph
from matchmaker import reference
from matchmaker.matching.engine import SUPPLY, Firm, Index, Knowledge, Line
from matchmaker.matching.engine.retrieval import CANDIDATES, best

BEFORE = ("高强度", "耐高温", "车用", "船用", "工业级", "医用", "食品级", "精密", "特种", "环保型", "轻量化", "大功率",
          "微型", "新型", "防腐", "阻燃", "进口替代", "出口型", "定制", "通用")  # fmt: skip
MADE_OF = ("不锈钢", "铝合金", "铜", "碳钢", "钛合金", "尼龙", "橡胶", "陶瓷", "玻璃纤维", "硅胶", "聚氨酯", "铸铁")
AFTER = ("", "组件", "总成", "材料", "产品", "系列", "加工", "配件", "模块", "制造")


def coined(count: int, seed: int) -> list[str]:
    """Wordings of products, mostly distinct."""
    draw = random.Random(seed)
    products = sorted({term for one in reference.segments().values() for term in one.terms})
    return [
        "".join((draw.choice(BEFORE), draw.choice(MADE_OF), draw.choice(BEFORE) if draw.random() < 0.3 else "",
                 draw.choice(products), draw.choice(AFTER)))
        for _ in range(count)
    ]  # fmt: skip


def milliseconds(call: Callable[[str], object], texts: list[str]) -> tuple[float, float]:
    """Median and 99th percentile of the CPU time of a call."""
    spent = []
    for text in texts:
        started = time.process_time()
        call(text)
        spent.append((time.process_time() - started) * 1e3)
    return statistics.median(spent), sorted(spent)[int(len(spent) * 0.99)]


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=1_000_000)
    count = options.parse_args().lines
    firms = [Firm(number) for number in range(count // 20)]
    # Segments are given: placing lines in them is measured apart.
    code = next(iter(reference.segments()))
    lines = [Line(n, n % len(firms), "product", text, code) for n, text in enumerate(coined(count, 1))]
    started = time.process_time()
    index = Index.build(firms, lines, Knowledge(chain_graph()))
    print(
        f"{count:,} lines, {len(index.tables.text):,} distinct texts, "
        f"built in {time.process_time() - started:.0f} s CPU"
    )
    retrieval = index._search.retrieval
    asked = coined(600, 2)

    def first_stage(text: str) -> object:
        return best(retrieval._alike(retrieval.read(text)[1]), CANDIDATES)

    for text in asked[:100]:
        retrieval.like(text, SUPPLY)
    for name, call in (("first stage", first_stage), ("retrieval", lambda text: retrieval.like(text, SUPPLY))):
        middle, worst = milliseconds(call, asked[100:])
        print(f"{name:<12} p50 {middle:6.2f} ms   p99 {worst:6.2f} ms")


if __name__ == "__main__":
    main()
