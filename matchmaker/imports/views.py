"""The pages of the import: send a workbook, read what was found, let it in."""

from __future__ import annotations

import io
from pathlib import Path, PurePath

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.viewer import get_user
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.imports import filing, placing, queries, services
from matchmaker.imports.columns import SHEETS
from matchmaker.imports.forms import UploadForm
from matchmaker.imports.models import ImportBatch, ImportState
from matchmaker.imports.placing import Placed
from matchmaker.imports.planning import LINE_SHEETS
from matchmaker.imports.template import write_template
from matchmaker.jobs.models import Job
from matchmaker.settings import Settings
from matchmaker.web.database import get_session
from matchmaker.web.forms import Form
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version, find_or_404
from matchmaker.web.pagination import PAGE_SIZE, Page, page_number
from matchmaker.web.policies import allow, policy

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("imports", __name__, url_prefix="/imports")
senders = allow(Role.ENTERPRISE, Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.ADMINISTRATOR)


@bp.get("")
@policy(senders)
def history() -> str:
    """What this person and those they act with have sent."""
    page = queries.batches_of(get_session(), get_user(), page=page_number(request.args.get("page")))
    return render_template("imports/history.html", page=page, shown_state=queries.shown_state)


@bp.route("/new", methods=["GET", "POST"])
@policy(senders)
def upload() -> AnyResponse:
    """Send a workbook; it is checked in the background and nothing goes in before it is confirmed."""
    session, user, form = get_session(), get_user(), UploadForm()
    if form.validate_on_submit():
        batch = services.receive_workbook(
            session,
            content=form.workbook.data.stream,
            file_name=form.workbook.data.filename,
            actor=user,
            data_dir=_data_dir(),
        )
        services.promise_check(session, batch=batch)
        answer = remember(redirect(url_for(".show", batch_id=batch.public_id)))
        session.commit()
        return answer
    page = render_template(
        "imports/upload.html", form=form, sheets=SHEETS, is_enterprise=user.enterprise_id is not None
    )
    return Response(page, 422 if form.is_submitted() else 200)


@bp.get("/template.xlsx")
@policy(senders)
def template() -> Response:
    """The empty workbook with its instructions and drop-downs."""
    regions, segments = queries.names_offered(get_session())
    content = io.BytesIO()
    write_template(content, regions=regions, segments=segments)
    content.seek(0)
    return send_file(content, XLSX, as_attachment=True, download_name=_("导入模板.xlsx"))


@bp.get("/<public_id:batch_id>")
@policy(senders)
def show(batch_id: str) -> str:
    """How far a workbook is and what was found in it."""
    return _page_of(_find(batch_id))


@bp.post("/<public_id:batch_id>/confirm")
@policy(senders)
def confirm(batch_id: str) -> AnyResponse:
    """Let a checked workbook in; it is written in the background, all of it or nothing."""
    session, batch = get_session(), _find(batch_id)
    try:
        expect_version(batch, Form().seen)
        services.confirm_import(session, batch=batch, actor=get_user())
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return Response(_page_of(batch), violation.status)
    services.promise_writing(session, batch=batch)
    answer = remember(redirect(url_for(".show", batch_id=batch.public_id)))
    session.commit()
    return answer


@bp.get("/<public_id:batch_id>/annotated.xlsx")
@policy(senders)
def annotated(batch_id: str) -> Response:
    """The sender's workbook with its faulty cells marked and a 原因 column."""
    batch = _find(batch_id)
    path = filing.annotated_path(_data_dir(), batch.public_id)
    if batch.state is not ImportState.REFUSED or not path.is_file():
        raise NotFound
    name = _("%(name)s（含原因）.xlsx", name=PurePath(batch.file_name).stem)
    return send_file(path, XLSX, as_attachment=True, download_name=name)


def _find(batch_id: str) -> ImportBatch:
    return find_or_404(queries.batch_seen_by(get_user()), batch_id)


def _page_of(batch: ImportBatch) -> str:
    job = batch.job
    return render_template(
        "imports/show.html",
        batch=batch,
        state=queries.shown_state(batch),
        is_confirmable=queries.is_confirmable(batch),
        changes=_changes(batch),
        placings=_placings(batch),
        segments=queries.segment_names(get_session()),
        has_annotated=filing.annotated_path(_data_dir(), batch.public_id).is_file(),
        job=job,
        is_working=job is not None and job.is_open,
        is_followed=_is_followed(job, get_user()),
        sheets=SHEETS,
    )


def _changes(batch: ImportBatch) -> int:
    """How many rows the register gains or sees changed."""
    return sum(counts.get("new", 0) + counts.get("changed", 0) for counts in batch.counts.values())


def _placings(batch: ImportBatch) -> Page[Placed] | None:
    """One page of the new lines with their segments, while they can still be let in."""
    total = sum(batch.counts.get(sheet, {}).get("new", 0) for sheet in LINE_SHEETS)
    if not queries.is_confirmable(batch) or not total:
        return None
    number = min(page_number(request.args.get("page")), -(-total // PAGE_SIZE))
    rows = placing.kept(_data_dir(), batch.public_id, first=(number - 1) * PAGE_SIZE, count=PAGE_SIZE)
    return Page(rows, number, PAGE_SIZE, total) if rows else None


def _is_followed(job: Job | None, user: User) -> bool:
    """Whether the reader asked for the work and can watch it; a colleague looks again instead."""
    return job is not None and job.is_open and job.user_id == user.id


def _data_dir() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.data_dir
