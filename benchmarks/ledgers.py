"""How long `matchmaker count` takes on a nation-sized ledger, and how much memory: exits 1 above the limits.

    python -m benchmarks.ledgers [--deals 1000000] [--keep FACTS.json]

The ledger is coined from a seed: a year of deals between 50,000 firms at 2,000 events, with every kind of entry,
amendments, disputes, withdrawals, duplicates, related parties, foreign amounts and frozen months. Entries are three a
deal. CPU time is that of the counting process, memory its peak resident size.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

SECONDS, GIGABYTES = 60, 3
AS_OF = "2024-12-31"
FIRMS, EVENTS, GUESTS = 50_000, 2_000, 40
_NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
_PREFECTURES = [f"42{number:02d}00" for number in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 28)]
_KINDS = ("purchase",) * 16 + ("technology", "investment", "credit", "framework")


def write_ledger(target: IO[str], *, deals: int, seed: int) -> None:
    """Write a FACTS.json of so many deals with three times as many entries, never holding more than a row."""
    draw = random.Random(seed)
    _section(target, "{", "enterprises", (_firm(draw, number) for number in range(FIRMS)))
    _section(target, ",", "events", (_event(draw, number) for number in range(EVENTS)))
    _section(target, ",", "deals", (_deal(draw, number, deals) for number in range(deals)))
    frozen = (
        {"month": f"2024-{month:02d}", "frozen_at": f"2024-{month + 1:02d}-08T10:00:00Z"} for month in range(1, 9)
    )
    _section(target, ",", "frozen_months", frozen)
    target.write("}\n")


def _section(target: IO[str], before: str, name: str, rows: Iterable[dict[str, Any]]) -> None:
    target.write(f'{before}"{name}": [\n')
    for position, row in enumerate(rows):
        target.write((",\n" if position else "") + json.dumps(row, ensure_ascii=False))
    target.write("]\n")


def _firm(draw: random.Random, number: int) -> dict[str, Any]:
    firm: dict[str, Any] = {
        "credit_code": f"914200{number:012d}",
        "name": f"湖北第{number}机械制造有限公司",
        "region": draw.choice(_PREFECTURES) if draw.random() < 0.8 else None,
        "kind": "enterprise" if draw.random() < 0.97 else "institution",
        "legal_representative": f"代表{draw.randrange(FIRMS)}",
    }
    if draw.random() < 0.6:
        firm["last_year_revenue"] = draw.randrange(10**6, 10**10)
    if number and draw.random() < 0.1:
        firm["parent"] = f"914200{draw.randrange(number):012d}"  # always an earlier one, so that no circle arises
    return firm


def _event(draw: random.Random, number: int) -> dict[str, Any]:
    held = _NEW_YEAR + timedelta(days=draw.randrange(365))
    return {
        "id": f"E{number:05d}",
        "organiser": draw.choice(_PREFECTURES),
        "held_on": f"{held:%Y-%m-%d}",
        "own_matching": draw.random() < 0.9,
        "approved": draw.random() < 0.9,
        "check_ins": [
            {
                "credit_code": f"914200{draw.randrange(FIRMS):012d}",
                "side": draw.choice(("buyer", "seller")),
                "at": _written(held + timedelta(minutes=draw.randrange(60))),
            }
            for _guest in range(GUESTS)
        ],
    }


def _deal(draw: random.Random, number: int, deals: int) -> dict[str, Any]:
    buyer = draw.randrange(FIRMS)
    deal: dict[str, Any] = {
        "id": f"D{number:08d}",
        "buyer": f"914200{buyer:012d}",
        "seller": f"914200{(buyer + draw.randrange(1, FIRMS)) % FIRMS:012d}",
        "kind": draw.choice(_KINDS),
        "amount": draw.randrange(10_000, 200_000_000),
        "months": draw.choice((12, 12, 12, 24, 36)),
    }
    if draw.random() < 0.9:
        deal["event"] = f"E{draw.randrange(EVENTS):05d}"
    if draw.random() < 0.02:
        deal |= {"currency": "USD", "rate": round(draw.uniform(6.9, 7.3), 4)}
    if number and draw.random() < 0.02:
        deal["duplicate_of"] = f"D{draw.randrange(number):08d}"
    deal["entries"] = list(_entries(draw, 2 + number % 3, deal["amount"]))
    return deal


def _entries(draw: random.Random, count: int, amount: int) -> Iterator[dict[str, Any]]:
    """A declaration, mostly the other side's confirmation, then whatever life brings."""
    at = _NEW_YEAR + timedelta(seconds=draw.randrange(330 * 86_400))
    declarer, other = draw.choice((("buyer", "seller"), ("seller", "buyer")))
    yield {"type": "declare", "by": declarer, "at": _written(at)}
    for position in range(1, count):
        at += timedelta(seconds=draw.randrange(1, 20 * 86_400))
        if position == 1 and draw.random() < 0.9:
            yield {"type": "confirm", "by": other, "at": _written(at)}
            continue
        said = draw.choice(("verify", "contract", "deliver", "amend", "dispute", "resolve", "withdraw", "confirm"))
        entry = {"type": said, "by": "office" if said == "verify" else other, "at": _written(at)}
        if said == "amend":
            entry["amount"] = amount + draw.randrange(1_000)  # type: ignore[assignment]
        yield entry


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def main() -> None:
    """Coin the ledger, count it in a process of its own, and compare with the limits."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--deals", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="write the ledger here and leave it")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        facts = chosen.keep or Path(scratch) / "FACTS.json"
        with facts.open("w", encoding="utf-8") as target:
            write_ledger(target, deals=chosen.deals, seed=chosen.seed)
        size = facts.stat().st_size / 1e6
        with (Path(scratch) / "result.json").open("wb") as result:
            command = [sys.executable, "-m", "matchmaker", "count", str(facts), "--as-of", AS_OF, "--json"]
            subprocess.run(command, check=True, stdout=result)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds, gigabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2
        print(f"{chosen.deals:,} deals, {size:,.0f} MB: {seconds:.1f} s CPU, peak {gigabytes:.2f} GB")
    if seconds > SECONDS or gigabytes > GIGABYTES:
        sys.exit(f"above the limits of {SECONDS} s and {GIGABYTES} GB")


if __name__ == "__main__":
    main()
