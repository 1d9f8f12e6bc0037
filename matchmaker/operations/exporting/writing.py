"""One programme written as an export, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from matchmaker.deals.counting import RULE_VERSION
from matchmaker.deals.facts import result_of
from matchmaker.deals.recounting import Recount, in_pieces, recounted
from matchmaker.operations.exporting import rows
from matchmaker.operations.exporting.archive import Archive
from matchmaker.operations.exporting.readme import README_TEXT
from matchmaker.operations.exporting.refusals import ExportImpossible, MonthNotFrozen
from matchmaker.operations.verifying import layout
from matchmaker.programmes.models import Programme
from matchmaker.progress.closing.models import IssuedFile, Snapshot


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: a programme as of a day, with the months published so far."""

    programme: Programme
    as_of: date
    snapshots: list[Snapshot]
    issued: Path  # where the issued files lie under their digests

    @property
    def name(self) -> str:
        """What the file is called unless told."""
        return f"proof-{self.programme.year}-{self.as_of}.zip"


def plan_export(session: Session, programme: Programme, *, as_of: date, month: str | None, data_dir: Path) -> Export:
    """Settle what an export will hold; with a month, as of the day on which it froze.

    Raises MonthNotFrozen, and ExportImpossible when an issued file is damaged: better none than half a proof.
    """
    snapshots = rows.snapshots_of(session)
    if month is not None:
        own = [each for each in snapshots if (each.programme_id, each.month) == (programme.id, month)]
        if not own:
            raise MonthNotFrozen(month=month)
        as_of = own[0].as_of
    export = Export(programme, as_of, snapshots, data_dir / "issued")
    for snapshot in snapshots:
        for file in snapshot.files:
            _bytes_of(export, file)
    return export


def export_in_pieces(session: Session, export: Export) -> Iterator[bytes]:
    """The bytes of the zip, the same for the same state of the database.

    session: one all of whose statements see one state, or the members would contradict each other.
    """
    archive = Archive()
    yield from archive.put(layout.README, [README_TEXT.encode()])
    yield from archive.put(layout.LEDGER, rows.ledger_rows(session))
    yield from archive.put(layout.AUDIT, rows.audit_rows(session))
    yield from archive.put(layout.DEALS, rows.deal_rows(session))
    yield from _published(archive, export)
    yield from archive.put(layout.HEADS, [layout.row(rows.heads_of(session))])
    recount = recounted(session, export.programme, export.as_of, afresh=True)
    yield from _counted(archive, recount)
    about = {
        "programme": export.programme.year,
        "as_of": export.as_of.isoformat(),
        "rule_version": RULE_VERSION,
        "net": recount.count.net,
    }
    yield from archive.put(layout.MANIFEST, [layout.manifest(about, archive.members)])
    yield from archive.close()


def _published(archive: Archive, export: Export) -> Iterator[bytes]:
    yield from archive.put(layout.SNAPSHOTS, (rows.snapshot_row(each) for each in export.snapshots))
    for snapshot in export.snapshots:
        yield from archive.put(layout.snapshot_member(snapshot.month), [snapshot.content])
        for file in snapshot.files:
            yield from archive.put(layout.issued_member(snapshot.month, file.name), [_bytes_of(export, file)])


def _counted(archive: Archive, recount: Recount) -> Iterator[bytes]:
    yield from archive.put(layout.FACTS, (piece.encode() for piece in in_pieces(recount.books.facts)))
    yield from archive.put(
        layout.RESULT, [msgspec.json.format(msgspec.json.encode(result_of(recount.count)), indent=1)]
    )


def _bytes_of(export: Export, file: IssuedFile) -> bytes:
    try:
        content = (export.issued / file.digest).read_bytes()
    except OSError:
        raise ExportImpossible(name=file.name) from None
    if layout.digest_of([content]) != file.digest:
        raise ExportImpossible(name=file.name)
    return content
