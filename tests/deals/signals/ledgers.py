"""Small ledgers for the rules."""

from __future__ import annotations

import itertools
from datetime import date

from hypothesis import strategies as st

from matchmaker.deals.signals import DealLine, FirmLine, Ledger, Report

WAN = 10_000
_numbers = itertools.count(1)


def deal(buyer="A", seller="B", amount=3_210 * WAN, declared_on="2026-03-10", **values):
    day = date.fromisoformat(declared_on)
    return DealLine(values.pop("id", f"d{next(_numbers):05d}"), buyer, seller, amount, day, **values)


def ledger(*deals, **firms):
    """A ledger of these deals; firms nothing is said of are known by name only."""
    known = {code: FirmLine(code, code) for each in deals for code in each.pair}
    return Ledger(
        deals, known | {code: FirmLine(**({"code": code, "family": code} | said)) for code, said in firms.items()}
    )


_FIRMS = st.sampled_from("ABCDEF")
_PAIRS = st.tuples(_FIRMS, _FIRMS).filter(lambda pair: pair[0] != pair[1])
_AMOUNTS = st.one_of(
    st.integers(1, 10**12), st.sampled_from([3_000, 30_000_000, 31_000_000, 100_000_000, 300_000_000_000])
)
_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_REPORTS = st.lists(st.builds(Report, st.sampled_from(["buyer", "seller"]), _AMOUNTS), max_size=3).map(tuple)


@st.composite
def ledgers(draw):
    """Any ledger: a few firms, related or not, and their deals at events or without."""
    deals = []
    for number in range(draw(st.integers(0, 30))):
        buyer, seller = draw(_PAIRS)
        event = draw(st.sampled_from([None, "e1", "e2", "e3", "e4"]))
        deals.append(
            DealLine(
                f"d{number:03d}",
                buyer,
                seller,
                draw(_AMOUNTS),
                draw(_DAYS),
                event=event,
                event_on=draw(_DAYS) if event else None,
                organiser=draw(st.sampled_from(["甲局", "乙局"])) if event else "",
                segment=draw(st.sampled_from([None, "s1"])),
                reports=draw(_REPORTS),
            )
        )
    firms = {
        code: FirmLine(
            code,
            draw(st.sampled_from([code, "P"])),
            draw(st.sampled_from(["", "某甲", "某乙"])),
            draw(st.none() | st.integers(0, 10**11)),
        )
        for code in "ABCDEF"
    }
    return Ledger(deals, firms)
