"""Who is asking, and how far the work is that they asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from flask import Blueprint
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import Role
from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises.models import Enterprise
from matchmaker.i18n import lazy as _
from matchmaker.jobs.models import Job, JobState
from matchmaker.portal import queries
from matchmaker.web.api import Answer, answer, operation
from matchmaker.web.database import get_session
from matchmaker.web.visibility import visible

bp = Blueprint("api_portal", __name__, url_prefix="/api/v1")


class MeAnswer(Answer):
    """Who the token or cookie of this request speaks for."""

    id: str
    name: str
    role: Role
    enterprise_id: str | None
    office_id: str | None
    scope_name: str
    expires_at: datetime


class JobAnswer(Answer):
    """Work done in the background; ask again until `state` is done, failed or stopped."""

    id: str
    kind: str
    state: JobState
    done: int
    total: int
    message: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """The answer about a piece of work."""
        return cls(
            id=job.public_id,
            kind=job.kind,
            state=job.state,
            done=job.done,
            total=job.total,
            message=job.message,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
        )


@bp.get("/me")
@operation(members, _("当前身份"), answers=MeAnswer)
def me() -> Response:
    """The person behind this request and for whom they act."""
    user = get_user()
    firm = get_session().scalar(visible(Enterprise, user).where(Enterprise.id == user.enterprise_id))
    assert user.sign_in is not None and user.role is not None  # noqa: S101, PT018 -- the policy let a member in
    return answer(
        MeAnswer(
            id=user.public_id,
            name=user.name,
            role=user.role,
            enterprise_id=firm.public_id if firm else None,
            office_id=user.office.public_id if user.office else None,
            scope_name=firm.name if firm else user.office.name if user.office else "",
            expires_at=user.sign_in.expires_at,
        )
    )


@bp.get("/jobs/<public_id:job_id>")
@operation(members, _("后台任务的进度"), answers=JobAnswer)
def job(job_id: str) -> Response:
    """One piece of work this person asked for."""
    found = queries.find_job(get_session(), get_user(), job_id)
    if found is None:
        raise NotFound
    return answer(JobAnswer.of(found))
