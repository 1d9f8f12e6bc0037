"""How long the pages about progress take over a given installation, and how long a count from nothing.

    python -m benchmarks.pages DATA_DIR [--rounds 9] [--as sheng]

The application answers in this process, without a server, as one of the demo's people; times are wall-clock.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts import services as accounts
from matchmaker.accounts.models import User
from matchmaker.app import create_app
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.recounting import recounted
from matchmaker.programmes.queries import current_programme
from matchmaker.settings import Settings

PAGES = (
    "/progress",
    "/progress/standings",
    "/progress/standings?basis=organiser",
    "/progress/deals",
    "/progress/deals?reason=net&month=2026-03",
    "/progress/deals?prefecture=420600",
    "/progress/events",
    "/progress/enterprises",
)


def enter(app, name: str) -> FlaskClient:
    """A browser signed in as one of the people."""
    with Session(app.extensions["engine"]) as session:
        user = session.scalars(select(User).where(User.sign_in_name == name)).one()
        lasting = app.extensions["sign_in_lasting"]
        _row, token = accounts.open_sign_in_for(session, user=user, lasting=lasting)
        session.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return browser


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    spent = []
    for _round in range(rounds):
        started = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - started))
    return spent


def count_from_nothing(app) -> None:
    """Read every row and count, in a session that remembers nothing."""
    with Session(app.extensions["engine"]) as session:
        programme = current_programme(session)
        recounted(session, programme, shanghai_day(utcnow()))
        session.commit()


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data_dir", type=Path)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--as", dest="name", default="sheng")
    chosen = options.parse_args()
    app = create_app(Settings(demo=True, data_dir=chosen.data_dir, database_url="", log_level="WARNING"))
    spent = timed(lambda: count_from_nothing(app), chosen.rounds)
    print(
        f"count from nothing                       median {statistics.median(spent):7.1f} ms, best {min(spent):7.1f} ms"
    )
    browser = enter(app, chosen.name)
    for page in PAGES:
        answer = browser.get(page)
        spent = timed(lambda: browser.get(page), chosen.rounds)  # noqa: B023 -- called at once
        print(
            f"{page:<40} {answer.status_code} median {statistics.median(spent):7.1f} ms, worst {max(spent):7.1f} ms, "
            f"{len(answer.data) / 1024:5.0f} KB"
        )


if __name__ == "__main__":
    main()
