"""Freezing a month: what is counted at that moment is kept whole, and files are issued from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import chain_head
from matchmaker.accounts.services import extend_chain, record
from matchmaker.audit import GENESIS, canonical
from matchmaker.db import shanghai_day
from matchmaker.deals.counting import Count
from matchmaker.deals.facts import result_of
from matchmaker.deals.queries import LEDGER, ledger_turn
from matchmaker.deals.recounting import recounted
from matchmaker.i18n import gettext as _
from matchmaker.notices.services import tell
from matchmaker.programmes import services as programmes
from matchmaker.programmes.models import Period, Programme
from matchmaker.progress.closing import issuing, queries
from matchmaker.progress.closing.keeping import keep
from matchmaker.progress.closing.models import IssuedFile, Snapshot
from matchmaker.progress.closing.reckoning import Reckoning
from matchmaker.progress.closing.statements import withdrawals_of

FOLDER = "issued"


def propose(session: Session, *, programme: Programme, month: str, actor: User) -> Period:
    """Propose that a month be closed, and let the colleagues know. Raises what `begin_closing` raises."""
    period = programmes.begin_closing(session, programme=programme, month=month, actor=actor)
    _tell_office(session, actor, month, _("%(month)s 已提请关账，请另一位同事复核", month=month))
    return period


def freeze(session: Session, *, programme: Programme, month: str, actor: User, data_dir: Path) -> Snapshot:
    """Freeze a month that another person proposed for closing, and publish it.

    The files are on the disk before this returns, so that a commit never promises bytes that are not there. Nobody
    adds to the ledger meanwhile. Raises what `programmes.services.freeze_month` raises.
    """
    ledger_turn(session)
    period = programmes.freeze_month(session, programme=programme, month=month, actor=actor)
    if period.frozen_at is None:
        raise ValueError("a frozen month has its moment")
    found = recounted(session, programme, shanghai_day(period.frozen_at), afresh=True)
    withdrawals = withdrawals_of(found.count, found.books.facts.deals)
    head = chain_head(session, LEDGER)
    snapshot = keep_snapshot(
        session,
        programme=programme,
        period=period,
        count=found.count,
        withdrawals=withdrawals,
        head=(head.count, head.seal) if head else (0, GENESIS),
    )
    reckoning = queries.reckoning_of(session, month, queries.snapshots_of(session, programme), found)
    files = issue(session, snapshot=snapshot, count=found.count, reckoning=reckoning, data_dir=data_dir)
    detail = {"month": month, "digest": snapshot.digest, "files": {file.name: file.digest for file in files}}
    record(session, actor=actor, action="month published", subject=snapshot, detail=detail)
    _tell_office(session, actor, month, _("%(month)s 已复核冻结并公布", month=month))
    return snapshot


def _tell_office(session: Session, actor: User, month: str, title: str) -> None:
    if actor.office is not None:
        tell(session, office_id=actor.office.id, title=title, path=f"/progress/months/{month}")


def keep_snapshot(
    session: Session,
    *,
    programme: Programme,
    period: Period,
    count: Count,
    withdrawals: Mapping[str, str],
    head: tuple[int, str],
) -> Snapshot:
    """Keep what was counted when a month froze, sealed to the snapshot before it; head: of the ledger counted."""
    if period.frozen_at is None:
        raise ValueError("only a frozen month has a snapshot")
    earlier = queries.snapshots_of(session, programme)
    content = canonical(result_of(count))
    snapshot = Snapshot(
        programme=programme,
        month=period.month,
        number=len(earlier) + 1,
        taken_at=period.frozen_at,
        as_of=count.as_of,
        rule_version=count.rule_version,
        entry_count=head[0],
        entry_seal=head[1],
        content=content,
        withdrawals=dict(withdrawals),
        by_month={month: [each.on_time, each.late, each.withdrawn] for month, each in count.by_month.items()},
        digest=hashlib.sha256(content).hexdigest(),
        previous_digest=earlier[-1].digest if earlier else GENESIS,
    )
    sealed = queries.snapshot_content(snapshot, programme, withdrawals)
    with session.no_autoflush:
        snapshot.seal = extend_chain(session, name=queries.CHAIN, content=sealed)
    session.add(snapshot)
    session.flush()
    return snapshot


def issue(
    session: Session, *, snapshot: Snapshot, count: Count, reckoning: Reckoning, data_dir: Path
) -> list[IssuedFile]:
    """Issue the files of a snapshot: their bytes under their digest, their names in the database."""
    folder = data_dir / FOLDER
    files = [
        IssuedFile(
            snapshot=snapshot,
            name=made.name,
            media_type=made.media_type,
            digest=keep(folder, made.content),
            size=len(made.content),
        )
        for made in issuing.files_of(session, snapshot.programme, snapshot, count, reckoning)
    ]
    session.add_all(files)
    session.flush()
    return files
