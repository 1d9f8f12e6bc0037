"""The months of a programme, what was published of them, what is said now, and the lines between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from matchmaker.accounts.models import User
from matchmaker.audit import Link
from matchmaker.deals.counting import MonthCount
from matchmaker.deals.recounting import Recount
from matchmaker.programmes.models import Period, PeriodState, Programme
from matchmaker.programmes.queries import periods_of
from matchmaker.progress.closing import scopes  # noqa: F401 -- registers who sees what was published
from matchmaker.progress.closing.models import IssuedFile, Snapshot
from matchmaker.progress.closing.reckoning import NOTHING, Months, Reckoning, Saying, reckon
from matchmaker.progress.closing.statements import Correction, corrections, statement_now, statement_of
from matchmaker.progress.closing.triangle import TODAY, Column
from matchmaker.web.visibility import everyones, visible

CHAIN = "snapshot"
_BECAUSE = "totals are every office's; lines are shown as far as their deals are visible"


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month with what was published of it and what is said now; without a snapshot nothing was published."""

    period: Period
    snapshot: Snapshot | None
    now: MonthCount

    @property
    def published(self) -> MonthCount | None:
        """The month as published."""
        return None if self.snapshot is None else months_in(self.snapshot).get(self.period.month, NOTHING)

    @property
    def change(self) -> int | None:
        """What is said now less what was published."""
        return None if self.published is None else self.now.net - self.published.net


def months_of(session: Session, programme: Programme, now: Months) -> list[MonthLine]:
    """Every month of the programme in order."""
    known = {snapshot.month: snapshot for snapshot in snapshots_of(session, programme)}
    periods = periods_of(session, programme)
    return [MonthLine(each, known.get(each.month), now.get(each.month, NOTHING)) for each in periods]


def snapshots_of(session: Session, programme: Programme) -> list[Snapshot]:
    """The snapshots of a programme in the order of freezing, without their content."""
    statement = select(Snapshot).where(Snapshot.programme_id == programme.id).order_by(Snapshot.number)
    return list(session.scalars(everyones(statement, because=_BECAUSE)))


def published_by(session: Session, programme: Programme, as_of: date) -> dict[str, int]:
    """The net of each month as it was published by the end of a day."""
    known = (each for each in snapshots_of(session, programme) if each.as_of <= as_of)
    return {each.month: months_in(each).get(each.month, NOTHING).net for each in known}


def revisions(published: Mapping[str, int], now: Months) -> list[tuple[str, int, int]]:
    """The months told otherwise now than they were published: month, published, now."""
    found = ((month, told, now.get(month, NOTHING).net) for month, told in published.items())
    return sorted((month, told, is_now) for month, told, is_now in found if told != is_now)


def months_in(snapshot: Snapshot) -> dict[str, MonthCount]:
    """What a snapshot says of every month."""
    return {month: MonthCount(*found) for month, found in snapshot.by_month.items()}


def files_of(session: Session, user: User, snapshots: Sequence[Snapshot]) -> dict[int, list[IssuedFile]]:
    """The issued files this reader may have, by snapshot."""
    statement = visible(IssuedFile, user).where(IssuedFile.snapshot_id.in_([each.id for each in snapshots]))
    found: dict[int, list[IssuedFile]] = {each.id: [] for each in snapshots}
    for file in session.scalars(statement.order_by(IssuedFile.id)):
        found[file.snapshot_id].append(file)
    return found


def find_file(session: Session, user: User, month: str, public_id: str) -> IssuedFile | None:
    """A file issued for a month, if this reader may have it."""
    statement = visible(IssuedFile, user).join(Snapshot)
    return session.scalar(statement.where(IssuedFile.public_id == public_id, Snapshot.month == month))


def saying_of(session: Session, snapshot: Snapshot) -> Saying:
    """Everything a snapshot says."""
    statement = select(Snapshot).where(Snapshot.id == snapshot.id)
    loaded = session.scalar(
        everyones(
            statement.options(undefer(Snapshot.content), undefer(Snapshot.withdrawals)).execution_options(
                populate_existing=True
            ),
            because=_BECAUSE,
        )
    )
    if loaded is None:
        raise LookupError("a snapshot is never removed")
    return Saying(months_in(loaded), statement_of(loaded.content, loaded.withdrawals))


def saying_now(recount: Recount) -> Saying:
    """Everything a recount says."""
    return Saying(recount.count.by_month, statement_now(recount.count, recount.books.facts.deals))


def first_open(periods: Sequence[Period]) -> str | None:
    """The month in which whatever changes now is shown: the first that is not frozen."""
    return next((each.month for each in periods if each.state is not PeriodState.FROZEN), None)


def reckoning_of(session: Session, month: str, snapshots: Sequence[Snapshot], recount: Recount) -> Reckoning:
    """How a month joins those published before it: as told when it froze, or as it would be told now."""
    number = next((each.number for each in snapshots if each.month == month), len(snapshots) + 1)
    earlier, own = [each for each in snapshots if each.number < number], snapshots[number - 1 : number]
    return reckon(
        month,
        frozen={each.month for each in earlier},
        before=saying_of(session, earlier[-1]) if earlier else Saying({}, {}),
        after=saying_of(session, own[0]) if own else saying_now(recount),
    )


def columns_of(snapshots: Sequence[Snapshot], now: Months) -> list[Column]:
    """The occasions on which something was said of the months, the last of them today."""
    frozen: frozenset[str] = frozenset()
    columns = []
    for snapshot in snapshots:
        frozen |= {snapshot.month}
        columns.append(Column(snapshot.month, frozen, months_in(snapshot)))
    return [*columns, Column(TODAY, frozen, now)]


def changes_of(
    session: Session, month: str, column: str, snapshots: Sequence[Snapshot], recount: Recount
) -> list[Correction] | None:
    """The lines by which a month differs between an occasion and the one before; None where there is no such cell."""
    keys = [each.month for each in snapshots] + [TODAY]
    if column not in keys or month not in keys[: keys.index(column)]:
        return None
    position = keys.index(column)
    before = saying_of(session, snapshots[position - 1])
    after = saying_now(recount) if column == TODAY else saying_of(session, snapshots[position])
    return corrections(before.deals, after.deals, {month})


def snapshot_content(snapshot: Snapshot, programme: Programme, withdrawals: Mapping[str, str]) -> dict[str, Any]:
    """What of a snapshot is sealed: with the digest, its whole content."""
    return {
        "programme": programme.public_id,
        "month": snapshot.month,
        "number": snapshot.number,
        "taken_at": snapshot.taken_at.isoformat(),
        "as_of": snapshot.as_of.isoformat(),
        "rule_version": snapshot.rule_version,
        "entries": [snapshot.entry_count, snapshot.entry_seal],
        "withdrawals": dict(withdrawals),
        "by_month": dict(snapshot.by_month),
        "digest": snapshot.digest,
        "previous": snapshot.previous_digest,
    }


def snapshot_links(session: Session) -> list[Link]:
    """The snapshots as a chain, the oldest first."""
    statement = select(Snapshot).options(undefer(Snapshot.withdrawals), selectinload(Snapshot.programme))
    found = session.scalars(everyones(statement.order_by(Snapshot.id), because="the seals run through all snapshots"))
    return [Link(each.month, snapshot_content(each, each.programme, each.withdrawals), each.seal) for each in found]
