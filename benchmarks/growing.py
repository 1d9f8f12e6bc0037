"""How long the overview takes at the server as the ledger grows: exits 1 above the limit.

    python -m benchmarks.growing [--deals 3000 100000 1000000] [--pending 50]

For each size an SQLite database is filled with so many deals of 2,000 firms at 100 events, three entries a deal;
its projection is made, and the overview is read as an office reads it: with nothing to lay over, and with deals
declared since the worker last came by. Times are CPU milliseconds of this process, the median of nine readings.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.pages import enter
from matchmaker.accounts.models import Membership, Office, OfficeLevel, Role, User
from matchmaker.app import create_app
from matchmaker.chains.services import load_reference
from matchmaker.db import new_public_id, shanghai_day, utcnow
from matchmaker.deals.models import Deal, DealEntry, DealKind, EntryType, Party
from matchmaker.enterprises.models import Enterprise, Identity
from matchmaker.events.models import CheckIn, EventState, MatchmakingEvent, Side
from matchmaker.operations import migrations
from matchmaker.programmes.models import PlanPoint, Programme
from matchmaker.progress.projection.following import rebuild
from matchmaker.regions.queries import prefectures
from matchmaker.settings import Settings

MILLISECONDS = 50
FIRMS, EVENTS, GUESTS, BLOCK = 2_000, 100, 40, 10_000


def furnish(session: Session) -> tuple[list[int], list[int]]:
    """A programme of this year with its office, firms and events; the ids of firms and events."""
    draw, today = random.Random(1), shanghai_day(utcnow())
    places = prefectures(session)
    office = Office(name="省局", level=OfficeLevel.PROVINCE, region=places[0].parent)
    person = User(sign_in_name="sheng", name="测试", password_hash="")
    person.memberships.append(Membership(role=Role.OFFICIAL, office=office, starts_on=today))
    plan = [PlanPoint(month=month, share=10_000 * month // 12) for month in range(1, 13)]
    programme = Programme(
        year=today.year, name="计划", event_target=100, enterprise_target=10_000, amount_target=2 * 10**11, plan=plan
    )
    firms = [
        Enterprise(
            name=f"试样{number}", identity=Identity.SAMPLE, credit_code=f"DEMO{number:014d}", region=draw.choice(places)
        )
        for number in range(FIRMS)
    ]
    starts = utcnow() - timedelta(days=20)
    events = [
        MatchmakingEvent(
            programme=programme, organiser=office, region=draw.choice(places), title=f"专场{number}", venue="会展中心",
            starts_at=starts, held_on=shanghai_day(starts), state=EventState.APPROVED,
        )
        for number in range(EVENTS)
    ]  # fmt: skip
    session.add_all([person, programme, *firms, *events])
    session.flush()
    for event in events:
        for place, firm in enumerate(draw.sample(firms, GUESTS)):
            side = Side.BUYER if place % 2 else Side.SELLER
            session.add(CheckIn(event_id=event.id, enterprise_id=firm.id, side=side, at=starts))
    session.commit()
    return [firm.id for firm in firms], [event.id for event in events]


def add_deals(session: Session, firms: list[int], events: list[int], *, first: int, count: int) -> None:
    """Put so many deals on the ledger, straight into the tables."""
    draw = random.Random(first)
    for start in range(first, first + count, BLOCK):
        numbers = range(start, min(start + BLOCK, first + count))
        session.execute(insert(Deal), [_deal(draw, number, firms, events) for number in numbers])
        session.execute(insert(DealEntry), [entry for number in numbers for entry in _entries(draw, number)])
    session.commit()


def _deal(draw: random.Random, number: int, firms: list[int], events: list[int]) -> dict[str, Any]:
    buyer, seller = draw.sample(firms, 2)
    return {
        "id": number, "public_id": new_public_id(), "number": f"YX-{number:09d}", "buyer_id": buyer,
        "seller_id": seller, "kind": DealKind.PURCHASE if draw.random() < 0.8 else DealKind.CREDIT,
        "subject": "压铸模", "months": draw.choice((12, 24)), "event_id": draw.choice(events),
    }  # fmt: skip


def _entries(draw: random.Random, number: int) -> Iterator[dict[str, Any]]:
    at = utcnow() - timedelta(days=draw.uniform(1, 15))
    said = ((EntryType.DECLARE, Party.BUYER), (EntryType.CONFIRM, Party.SELLER), (EntryType.CONTRACT, Party.BUYER))
    for position, (what, party) in enumerate(said[: draw.choice((1, 2, 3, 3, 3, 3))], 1):
        yield {
            "public_id": new_public_id(), "deal_id": number, "number": position, "type": what, "party": party,
            "round": 1, "amount": None if what is EntryType.CONFIRM else draw.randrange(1, 10**8), "at": at, "seal": "",
        }  # fmt: skip


def measure(count: int, pending: int, directory: Path) -> float:
    """Print the figures of one size; the median milliseconds with nothing to lay over."""
    app = create_app(Settings(_env_file=None, demo=True, data_dir=directory, database_url="", log_level="WARNING"))
    engine = app.extensions["engine"]
    migrations.upgrade(engine)
    with Session(engine) as session:
        load_reference(session)
        firms, events = furnish(session)
        add_deals(session, firms, events, first=1, count=count)
        started = time.process_time()
        programme = session.query(Programme).one()
        rebuild(session, programme)
        session.commit()
        made = time.process_time() - started
    browser = enter(app, "sheng")
    still = read(browser)
    with Session(engine) as session:
        add_deals(session, firms, events, first=count + 1, count=pending)
    moving = read(browser)
    print(
        f"{count:>9,} deals: overview {still:5.1f} ms, with {pending} to lay over {moving:5.1f} ms; "
        f"made from nothing in {made:5.1f} s CPU",
        flush=True,
    )
    return still


def read(browser: Any) -> float:
    """The median CPU milliseconds of reading the overview, once it has been read before."""
    spent = []
    for _round in range(10):
        started = time.process_time()
        answer = browser.get("/progress")
        spent.append(1000 * (time.process_time() - started))
        if answer.status_code != 200:
            sys.exit(f"the overview answered {answer.status_code}")
    return statistics.median(spent[1:])


def main() -> None:
    """Measure each size, and compare the last with the limit."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--deals", type=int, nargs="+", default=[3_000, 100_000, 1_000_000])
    options.add_argument("--pending", type=int, default=50)
    chosen = options.parse_args()
    worst = 0.0
    for count in chosen.deals:
        with tempfile.TemporaryDirectory() as directory:
            worst = max(worst, measure(count, chosen.pending, Path(directory)))
    if worst > MILLISECONDS:
        sys.exit(f"above the limit of {MILLISECONDS} ms")


if __name__ == "__main__":
    main()
