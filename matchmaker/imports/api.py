"""Workbooks in, as JSON: send one, read what was found, let it in."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from flask import Blueprint, current_app, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import Role
from matchmaker.accounts.viewer import get_user
from matchmaker.i18n import lazy as _
from matchmaker.imports import queries, services
from matchmaker.imports.forms import UploadForm
from matchmaker.imports.models import ImportBatch, ImportState
from matchmaker.web.api import (
    Answer,
    Page,
    Paged,
    answer,
    answer_slice,
    expect_match,
    operation,
    refuse_input,
)
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import allow

bp = Blueprint("api_imports", __name__, url_prefix="/api/v1/imports")
_senders = allow(Role.ENTERPRISE, Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.ADMINISTRATOR)


class FaultAnswer(Answer):
    """What is wrong with one cell of a workbook, or with a row or sheet where `column` is empty."""

    sheet: str
    row: int
    column: str
    message: str


class LookalikeAnswer(Answer):
    """A new firm of a workbook that may be on the register under another code; it keeps nothing out."""

    row: int
    name: str
    known: str
    code: str
    why: str


class ImportAnswer(Answer):
    """A workbook on its way in; nothing is written before it is confirmed, and then all of it or nothing.

    `counts` tells for each sheet how many rows are new, changed, unchanged and faulty; `faults`
    are the first hundred of `fault_count`, `lookalikes` those of `lookalike_count`.
    """

    id: str
    file_name: str
    state: ImportState
    counts: dict[str, dict[str, int]]
    fault_count: int
    faults: list[FaultAnswer]
    lookalike_count: int
    lookalikes: list[LookalikeAnswer]
    message: str
    is_confirmable: bool
    job_id: str | None
    created_at: datetime
    finished_at: datetime | None
    version: int

    @classmethod
    def of(cls, batch: ImportBatch) -> Self:
        """The answer about a workbook."""
        return cls(
            id=batch.public_id,
            file_name=batch.file_name,
            state=queries.shown_state(batch),
            counts=batch.counts,
            fault_count=batch.fault_count,
            faults=[FaultAnswer(**fault) for fault in batch.faults],
            lookalike_count=batch.lookalike_count,
            lookalikes=[LookalikeAnswer(**each) for each in batch.lookalikes],
            message=batch.message,
            is_confirmable=queries.is_confirmable(batch),
            job_id=batch.job.public_id if batch.job else None,
            created_at=batch.created_at,
            finished_at=batch.finished_at,
            version=batch.version,
        )


@bp.get("")
@operation(_senders, _("导入记录"), answers=Page[ImportAnswer], query=Paged)
def history(query: Paged) -> Response:
    """What this person and those they act with have sent."""
    return answer_slice(queries.batch_seen_by(get_user()), query, ImportAnswer.of)


@bp.post("")
@operation(_senders, _("上传工作簿，在后台检查"), answers=ImportAnswer, status=202, file="workbook", versioned=True)
def upload() -> Response:
    """Send a workbook as the part `workbook` of a form."""
    session, user = get_session(), get_user()
    form = UploadForm()
    if not form.validate():
        refuse_input("workbook", str(form.workbook.errors[0]), code="no_workbook")
    file, data_dir = form.workbook.data, current_app.extensions["settings"].data_dir
    batch = services.receive_workbook(
        session, content=file.stream, file_name=file.filename, actor=user, data_dir=data_dir
    )
    services.promise_check(session, batch=batch)
    return _promised(session, batch)


@bp.get("/<public_id:batch_id>")
@operation(_senders, _("一份工作簿的检查结果"), answers=ImportAnswer, versioned=True)
def show(batch_id: str) -> Response:
    """How far a workbook is and what was found in it."""
    batch = _find(batch_id)
    return answer(ImportAnswer.of(batch), version=batch.version)


@bp.post("/<public_id:batch_id>/confirm")
@operation(_senders, _("确认导入，在后台写入"), answers=ImportAnswer, status=202, versioned=True, checks_version=True)
def confirm(batch_id: str) -> Response:
    """Let a checked workbook in."""
    session, batch = get_session(), _find(batch_id)
    expect_match(batch, required=False)
    services.confirm_import(session, batch=batch, actor=get_user())
    services.promise_writing(session, batch=batch)
    return _promised(session, batch)


def _find(batch_id: str) -> ImportBatch:
    return find_or_404(queries.batch_seen_by(get_user()), batch_id)


def _promised(session: Session, batch: ImportBatch) -> Response:
    session.flush()
    location = url_for("api_imports.show", batch_id=batch.public_id)
    reply = remember(answer(ImportAnswer.of(batch), 202, version=batch.version, location=location))
    session.commit()
    return reply
