"""A workbook's way in: received, checked, confirmed, written; all of it or nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import IO, Any, Final

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.chains.models import Segment
from matchmaker.chains.proposing import segment_classifier
from matchmaker.db import utcnow
from matchmaker.documents.errors import UnreadableWorkbook
from matchmaker.documents.reading import read_workbook
from matchmaker.documents.values import Workbook
from matchmaker.enterprises.models import Enterprise
from matchmaker.enterprises.queries.likeness import register_names
from matchmaker.enterprises.queries.picking import office_over
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.imports import filing, placing, queries, writing
from matchmaker.imports.annotating import annotate
from matchmaker.imports.checking import Checked, Fault, check
from matchmaker.imports.likeness import Lookalike, lookalikes_among
from matchmaker.imports.models import ImportBatch, ImportState
from matchmaker.imports.planning import Plans, plan
from matchmaker.jobs.models import Job
from matchmaker.jobs.services import Progress, promise, release
from matchmaker.notices.services import tell
from matchmaker.regions.models import Region
from matchmaker.settings import Settings

CHECK: Final = "check import"
WRITE: Final = "write import"
KEPT_FAULTS: Final = 100
_LONGEST_NAME = 120
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Examined:
    """A workbook as it was read, what the check found in it, and what it would do to the register."""

    workbook: Workbook
    checked: Checked
    plans: Plans

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows come to what, by sheet, the faulty ones included."""
        return {
            name: counts | {"faulty": self.checked.counts.get(name, 0) - len(getattr(self.checked, name, ()))}
            for name, counts in self.plans.counts.items()
        }


class NotToBeImported(RuleViolation):
    """The workbook has faults, is being worked on, or is in already."""

    template = _("这份工作簿现在不能导入。页面已更新，请查看最新情况。")
    status = 409


class FileLost(RuleViolation):
    """The file is no longer where it was stored."""

    template = _("服务器上找不到这份文件。请重新上传。")


def receive_workbook(
    session: Session, *, content: IO[bytes], file_name: str, actor: User | None, data_dir: Path
) -> ImportBatch:
    """Store a workbook as it was sent and return its batch; nothing of it is read yet."""
    batch = ImportBatch(
        user=actor,
        office_id=actor.office.id if actor and actor.office else None,
        enterprise_id=actor.enterprise_id if actor else None,
        file_name=_plain_name(file_name),
        file_digest=filing.keep(data_dir, content),
    )
    session.add(batch)
    session.flush()
    record(session, actor=actor, action="upload workbook", subject=batch, detail={"digest": batch.file_digest})
    return batch


def _plain_name(file_name: str) -> str:
    """The name alone, without path and control characters, its end kept when it is too long."""
    name = PurePath(file_name.replace("\\", "/")).name
    return "".join(each for each in name if each.isprintable())[-_LONGEST_NAME:]


def promise_check(session: Session, *, batch: ImportBatch) -> Job:
    """Have the workbook checked in the background."""
    batch.job = promise(session, CHECK, payload={"batch_id": batch.id}, user_id=batch.user_id)
    return batch.job


def confirm_import(session: Session, *, batch: ImportBatch, actor: User | None) -> None:
    """Approve a workbook as it was checked. Raises NotToBeImported."""
    if not queries.is_confirmable(batch):
        raise NotToBeImported
    batch.state = ImportState.CONFIRMED
    record(session, actor=actor, action="confirm import", subject=batch, detail={"counts": batch.counts})


def promise_writing(session: Session, *, batch: ImportBatch) -> Job:
    """Have the confirmed workbook written in the background."""
    batch.job = promise(session, WRITE, payload={"batch_id": batch.id}, user_id=batch.user_id)
    return batch.job


def check_import(session: Session, job: Job, report: Progress, *, settings: Settings) -> dict[str, Any]:
    """The background work of checking; done twice it changes nothing."""
    batch = session.get_one(ImportBatch, job.payload["batch_id"])
    if batch.state is not ImportState.UPLOADED:
        return {}
    examined = check_batch(session, batch=batch, settings=settings, report=report)
    if examined is not None and examined.checked.is_clean:
        _tell(session, batch, gettext("“%(name)s”已检查，可以导入", name=batch.file_name))
    else:
        _tell(session, batch, gettext("“%(name)s”未通过检查，请按原因修改", name=batch.file_name))
    return {"faults": batch.fault_count}


def write_import(session: Session, job: Job, report: Progress, *, settings: Settings) -> dict[str, Any]:
    """The background work of writing; done twice it changes nothing.

    What was registered since the check may speak against the workbook now; then it is refused.
    """
    batch = session.get_one(ImportBatch, job.payload["batch_id"])
    if batch.state is not ImportState.CONFIRMED:
        return {}
    examined = examine(session, batch=batch, settings=settings, report=report)
    if not examined.checked.is_clean:
        note_findings(session, batch=batch, examined=examined, data_dir=settings.data_dir)
        _tell(session, batch, gettext("“%(name)s”与新的登记内容冲突，未导入", name=batch.file_name))
        return {"faults": batch.fault_count}
    write_batch(session, batch=batch, examined=examined, report=report)
    _tell(session, batch, gettext("“%(name)s”已导入", name=batch.file_name))
    return dict(batch.counts)


def check_batch(session: Session, *, batch: ImportBatch, settings: Settings, report: Progress) -> Examined | None:
    """Check a workbook and keep what was found; None when it cannot be read at all."""
    try:
        examined = examine(session, batch=batch, settings=settings, report=report)
    except UnreadableWorkbook as unreadable:
        batch.state, batch.message, batch.finished_at = ImportState.REFUSED, unreadable.message, utcnow()
        return None
    found = lookalikes(session, examined)
    if examined.checked.is_clean:
        keep_placings(session, batch.public_id, examined.plans, settings.data_dir)
    note_findings(session, batch=batch, examined=examined, data_dir=settings.data_dir)
    batch.lookalikes, batch.lookalike_count = [asdict(each) for each in found[:KEPT_FAULTS]], len(found)
    return examined


def examine(session: Session, *, batch: ImportBatch, settings: Settings, report: Progress) -> Examined:
    """Read a workbook, check it and compare it with the register; the database is only read.

    Raises UnreadableWorkbook, and FileLost when it is not where it was stored.
    """
    source = filing.path_of(settings.data_dir, batch.file_digest)
    if not source.is_file():
        raise FileLost
    reference = queries.reference_for(session, batch, allow_samples=bool(settings.allow_sample_codes))
    release(session)
    report(0, _STEPS, gettext("正在读取工作簿"))
    workbook = read_workbook(source, batch.file_name)
    report(1, _STEPS, gettext("正在逐行检查"))
    checked = check(workbook, reference)
    report(2, _STEPS, gettext("正在与登记内容比较"))
    plans = plan(checked, queries.held_for(session, checked))
    release(session)
    return Examined(workbook, checked, plans)


def lookalikes(session: Session, examined: Examined) -> tuple[Lookalike, ...]:
    """New firms of the workbook that may be on the register under another code; they keep nothing out."""
    new = {each.code for each in examined.plans.enterprises.new}
    if not new:
        return ()
    names = register_names(session)
    release(session)
    return queries.named(session, lookalikes_among(examined.checked, new, names))


def keep_placings(session: Session, public_id: str, plans: Plans, data_dir: Path) -> None:
    """Keep for the preview to which segment each new line would go."""
    classifier = segment_classifier(session)
    release(session)
    guesses = placing.guessed(classifier, placing.unplaced(plans))
    placing.keep(data_dir, public_id, placing.placed(plans, guesses))


def note_findings(session: Session, *, batch: ImportBatch, examined: Examined, data_dir: Path) -> None:
    """Keep what a check found with the batch; a faulty workbook gets its annotated copy."""
    checked = examined.checked
    if not checked.is_clean:
        with filing.moved_to(filing.annotated_path(data_dir, batch.public_id)) as target:
            annotate(filing.path_of(data_dir, batch.file_digest), examined.workbook, checked, target)
        batch.finished_at = utcnow()
    batch.state = ImportState.CHECKED if checked.is_clean else ImportState.REFUSED
    batch.counts = examined.counts
    batch.faults = [_storable(fault) for fault in checked.faults[:KEPT_FAULTS]]
    batch.fault_count = checked.fault_count
    session.flush()


def _storable(fault: Fault) -> dict[str, Any]:
    return {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "message": str(fault.message)}


def write_batch(session: Session, *, batch: ImportBatch, examined: Examined, report: Progress) -> None:
    """Write a clean workbook to the register in one transaction, which the caller commits.

    The comparison is made again with the rows held fast, so that nothing changed meanwhile is lost.
    """
    classifier = segment_classifier(session)
    release(session)
    report(3, _STEPS, gettext("正在写入"))
    guesses = placing.guessed(classifier, placing.unplaced(examined.plans))
    plans = plan(examined.checked, queries.held_for(session, examined.checked, lock=True))
    guesses |= placing.guessed(classifier, placing.unplaced(plans) - guesses.keys())
    places, segments = queries.ids_by_code(session, Region), queries.ids_by_code(session, Segment)
    directory = writing.Directory(places, segments, placing.clear(guesses))
    waiting = writing.write(session, plans, directory, by_office=batch.enterprise_id is None)
    batch.state, batch.counts, batch.finished_at = ImportState.IN, plans.counts, utcnow()
    record(session, actor=batch.user, action="import workbook", subject=batch, detail={"counts": plans.counts})
    _tell_office(session, batch, waiting)


def _tell_office(session: Session, batch: ImportBatch, waiting: int) -> None:
    """Needs that an unverified firm brought wait for the office nearest to it."""
    firm = session.get(Enterprise, batch.enterprise_id) if batch.enterprise_id is not None and waiting else None
    office = office_over(session, firm.region) if firm is not None else None
    if firm is not None and office is not None:
        title = gettext("%(name)s导入了 %(count)s 条需求，待审", name=firm.display_name, count=waiting)
        tell(session, title=title, path=f"/enterprises/{firm.public_id}", office_id=office.id)


def _tell(session: Session, batch: ImportBatch, title: str) -> None:
    if batch.user_id is not None:
        tell(session, title=title, path=f"/imports/{batch.public_id}", user_id=batch.user_id)
