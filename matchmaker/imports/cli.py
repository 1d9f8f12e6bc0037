"""Bring a workbook in from the command line: check, confirm, write."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matchmaker.db import make_engine
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.imports import services
from matchmaker.imports.checking import Fault
from matchmaker.imports.models import ImportBatch
from matchmaker.settings import Settings

REFUSED = 2
_SHEET_NAMES = {"enterprises": "企业", "products": "企业表的主要产品", "capabilities": "供给能力", "needs": "需求"}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found and done as JSON; asks nothing.")
def import_command(file: Path, yes: bool, as_json: bool) -> None:
    """Import enterprises, capabilities and needs from FILE (.xlsx or .csv), all of it or nothing.

    Exit codes: 0 written (or nothing to change), 1 not confirmed, 2 refused: every fault is
    printed with its sheet, row and column, and nothing is written.
    """
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url, pooled=False)
    try:
        with Session(engine, expire_on_commit=False) as session:
            _Import(session, settings, as_json=as_json, is_sure=yes).run(file)
    except DBAPIError as error:
        raise click.ClickException(
            f"the database did not answer; has `matchmaker upgrade` been run? ({error.orig})"
        ) from None
    except RuleViolation as violation:
        raise click.ClickException(violation.message) from None
    finally:
        engine.dispose()


class _Import:
    """One run of the command."""

    def __init__(self, session: Session, settings: Settings, *, as_json: bool, is_sure: bool) -> None:
        self.session, self.settings = session, settings
        self.as_json, self.is_sure = as_json, is_sure
        self.started = time.monotonic()

    def run(self, file: Path) -> None:
        """Check, ask, write; each step is committed, so that the history shows how far it came."""
        session = self.session
        with file.open("rb") as content:
            batch = services.receive_workbook(
                session, content=content, file_name=file.name, actor=None, data_dir=self.settings.data_dir
            )
        session.commit()
        examined = services.check_batch(session, batch=batch, settings=self.settings, report=self.report)
        session.commit()
        if examined is None or not examined.checked.is_clean:
            raise self.refusal(batch, examined.checked.faults if examined else ())
        self.ask(batch)
        services.confirm_import(session, batch=batch, actor=None)
        services.write_batch(session, batch=batch, examined=examined, report=self.report)
        session.commit()
        self.answer(batch, _("已导入。"))

    def report(self, done: int, total: int, message: str = "") -> bool:
        """Say on standard error how far it is."""
        click.echo(f"[{time.monotonic() - self.started:5.1f} s] {done + 1}/{total} {message} …", err=True)
        return True

    def refusal(self, batch: ImportBatch, faults: tuple[Fault, ...]) -> SystemExit:
        """Print every fault; the way out is to be raised."""
        if self.as_json:
            self.answer(batch, "", faults=[_as_data(fault) for fault in faults])
        else:
            for fault in faults:
                click.echo(_line(fault))
        words = batch.message or _("有 %(count)s 处错误，什么也没有写入。", count=batch.fault_count)
        click.echo(words, err=True)
        return SystemExit(REFUSED)

    def ask(self, batch: ImportBatch) -> None:
        """Show what would change and have it confirmed."""
        if not self.as_json:
            for line in [*_summary(batch), *_likenesses(batch)]:
                click.echo(line)
        if not self.is_sure and (self.as_json or not click.confirm(_("导入吗"), err=True)):
            click.echo(_("没有确认，什么也没有写入。"), err=True)
            raise SystemExit(1)

    def answer(self, batch: ImportBatch, words: str, **more: Any) -> None:
        """Say what was done."""
        seconds = round(time.monotonic() - self.started, 1)
        if not self.as_json:
            click.echo(words + str(_("用时 %(seconds)s 秒。", seconds=seconds)))
            return
        found = {"batch": batch.public_id, "state": batch.state.value, "counts": batch.counts, "seconds": seconds}
        found |= {"fault_count": batch.fault_count, "message": batch.message}
        click.echo(json.dumps(found | more, ensure_ascii=False))


def _summary(batch: ImportBatch) -> list[str]:
    return [
        _("%(sheet)s：新增 %(new)s，更新 %(changed)s，不变 %(unchanged)s", sheet=_SHEET_NAMES[name], **_told(counts))
        for name, counts in batch.counts.items()
        if any(counts.values())
    ]


def _likenesses(batch: ImportBatch) -> list[str]:
    """What may be on the register already; it keeps nothing out."""
    return [
        _("可能重复：第 %(row)s 行“%(name)s”与名录中的“%(known)s”（%(code)s）：%(why)s", **each)
        for each in batch.lookalikes
    ]


def _told(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in ("new", "changed", "unchanged")}


def _line(fault: Fault) -> str:
    place = _("%(sheet)s 第 %(row)s 行", sheet=fault.sheet, row=fault.row)
    return f"{place} {fault.column}：{fault.message}" if fault.column else f"{place}：{fault.message}"


def _as_data(fault: Fault) -> dict[str, Any]:
    return {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "message": str(fault.message)}
