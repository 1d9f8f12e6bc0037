"""An installation with a little of everything, exported; and exports taken apart and put together again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts.models import Role
from matchmaker.audit import GENESIS, seal
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.events.models import EventState, Side
from matchmaker.operations.exporting import export_in_pieces, plan_export
from matchmaker.operations.verifying import layout
from matchmaker.programmes.services import begin_closing
from matchmaker.progress.closing.models import Snapshot
from matchmaker.progress.closing.services import freeze

Members = dict[str, bytes]
PHONE, PERSON = "13871234567", "欧阳试样"


def write_ledger(session: Session, make) -> None:
    """Three deals of this year of which one counts, one is withdrawn and one waits, and an event that counts."""
    programme = make.programme(shanghai_day(utcnow()).year)
    event = make.event(starts_at=utcnow() - timedelta(days=1), state=EventState.APPROVED, programme=programme)
    firms = [make.enterprise(legal_representative=f"{PERSON}{number}") for number in range(10)]
    for number, firm in enumerate(firms):
        make.check_in(event, firm, Side.BUYER if number % 2 else Side.SELLER)
    counts = make.deal(buyer=firms[1], seller=firms[0], confirmed=True, event=event)
    gone = make.deal(buyer=firms[3], seller=firms[2], confirmed=True, amount=5_000_001)
    note = f"联系{PERSON} {PHONE}"
    deals.withdraw_deal(session, deal=gone, actor=make.person_of(firms[2]), reason=note)
    make.deal(buyer=firms[5], seller=firms[4], amount=7_000_000)
    deals.amend_deal(session, deal=counts, actor=make.person_of(firms[0]), amount=28_000_000, note=note)
    deals.confirm_deal(session, deal=counts, actor=make.person_of(firms[1]))
    deals.verify_deal(session, deal=counts, actor=make.user(Role.OFFICIAL))
    session.commit()


def publish(session: Session, make, data_dir: Path) -> Snapshot:
    """This month as it stands, closed by one person and frozen by another."""
    today = shanghai_day(utcnow())
    programme, month = make.programme(today.year), f"{today:%Y-%m}"
    begin_closing(session, programme=programme, month=month, actor=make.user(Role.OFFICIAL))
    snapshot = freeze(session, programme=programme, month=month, actor=make.user(Role.OFFICIAL), data_dir=data_dir)
    session.commit()
    return snapshot


def exported(session: Session, make, data_dir: Path, **wanted: Any) -> bytes:
    """The export of this year as of today."""
    today = shanghai_day(utcnow())
    programme = make.programme(today.year)
    plan = plan_export(session, programme, **({"as_of": today, "month": None, "data_dir": data_dir} | wanted))
    return b"".join(export_in_pieces(session, plan))


def taken_apart(content: bytes) -> Members:
    """The members of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put_together(members: Mapping[str, bytes], path: Path) -> Path:
    """A zip of these members, at a path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def with_fitting_manifest(members: Members) -> Members:
    """The members with a manifest that names them as they are: what a careful forger would add."""
    about = json.loads(members[layout.MANIFEST])
    for name in ("format", "version", "members", "sha256"):
        del about[name]
    others = {name: content for name, content in members.items() if name != layout.MANIFEST}
    named = [layout.Member(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in others.items()]
    return others | {layout.MANIFEST: layout.manifest(about, named)}


def rows_of(members: Members, name: str) -> list[dict[str, Any]]:
    """The rows of a member."""
    return [json.loads(line) for line in members[name].splitlines()]


def with_rows(members: Members, name: str, rows: list[dict[str, Any]]) -> Members:
    """The members with other rows in one of them."""
    return members | {name: b"".join(layout.row(row) for row in rows)}


def edited(members: Members, name: str, number: int, edit: Callable[[dict[str, Any]], None]) -> Members:
    """The members with one row of one of them edited; rows count from 1, as the lines do."""
    rows = rows_of(members, name)
    edit(rows[number - 1])
    return with_rows(members, name, rows)


def resealed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a chain with every seal computed anew."""
    previous = GENESIS
    for row in rows:
        previous = row["seal"] = seal(previous, row["content"])
    return rows
