"""The sealed records of this installation's own database, followed to the heads kept beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.accounts import queries as accounts
from matchmaker.audit import GENESIS, Link, first_break
from matchmaker.db import make_engine
from matchmaker.deals import queries as deals
from matchmaker.operations.exporting.rows import snapshots_of
from matchmaker.operations.verifying.layout import digest_of
from matchmaker.progress.closing import queries as months
from matchmaker.settings import Settings


@dataclass(frozen=True, slots=True)
class Chain:
    """One record: how long it is, its last seal, and where it is broken, if anywhere."""

    name: str
    count: int
    seal: str
    broken: str | None


def checked_chains() -> Iterator[Chain]:
    """The audit record, the deal ledger and the published months, each as it was found."""
    links: dict[str, Callable[[Session], Iterable[Link]]] = {
        "audit_entry": accounts.audit_links,
        deals.LEDGER: deals.entry_links,
        months.CHAIN: months.snapshot_links,
    }
    with Session(make_engine(Settings().database_url, pooled=False).execution_options(begin="DEFERRED")) as session:
        for name, follow in links.items():
            head = accounts.chain_head(session, name)
            broken = first_break(follow(session), head=head.seal if head else None)
            yield Chain(name, head.count if head else 0, head.seal if head else GENESIS, broken)
        spoilt = next((each.month for each in snapshots_of(session) if digest_of([each.content]) != each.digest), None)
        if spoilt is not None:
            yield Chain(months.CHAIN, 0, GENESIS, spoilt)
