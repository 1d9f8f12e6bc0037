"""The demonstration province, written into an empty database by bulk insert in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from matchmaker.demo.records import Province
from matchmaker.demo.settling.aftermath import settle_aftermath
from matchmaker.demo.settling.ledger import settle_deals
from matchmaker.demo.settling.people import settle_people
from matchmaker.demo.settling.publishing import settle_published
from matchmaker.demo.settling.register import settle_lines, settle_register
from matchmaker.demo.settling.rows import Rows
from matchmaker.demo.settling.year import settle_events, settle_meetings, settle_programme

Tell = Callable[[int, int, str], object]


def settle(
    session: Session,
    province: Province,
    *,
    password_hash: str,
    data_dir: Path | None = None,
    tell: Tell = lambda *_: None,
) -> None:
    """Write everything the province consists of; `tell` hears how far it is.

    The reference data must be in. Addresses are drawn from the province's seed, so the same
    seed gives the same pages. data_dir: where the files issued for frozen months go; without it none are issued.
    """
    rows = Rows(session, seed=province.seed)
    steps: list[tuple[str, Callable[[], None]]] = [
        ("企业", lambda: settle_register(rows, province)),
        ("供给与需求", lambda: settle_lines(rows, province)),
        ("账号", lambda: settle_people(rows, province, password_hash)),
        ("计划", lambda: settle_programme(rows, province)),
        ("场次", lambda: settle_events(rows, province)),
        ("洽谈", lambda: settle_meetings(rows, province)),
        ("意向", lambda: settle_deals(rows, province)),
        ("跟进", lambda: settle_aftermath(rows, province)),
    ]
    for number, (name, step) in enumerate(steps):
        tell(number, len(steps), name)
        step()
    rows.renumber()
    settle_published(rows, data_dir)
    tell(len(steps), len(steps), "")
