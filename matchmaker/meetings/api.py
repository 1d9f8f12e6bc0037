"""Meetings as JSON: ask, answer, and the timetable."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from flask import Blueprint, url_for
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import enterprises, members, organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises.api.references import FirmReference, named_firm, own_firm
from matchmaker.errors import NotAllowed
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.policies import may_run
from matchmaker.events.scopes import runs_event
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.matching.models import Suggestion
from matchmaker.meetings import queries, services
from matchmaker.meetings.explaining import left_out_of, named_requests
from matchmaker.meetings.models import (
    Meeting,
    MeetingOutcome,
    MeetingRequest,
    MeetingState,
    RequestState,
    TimetableState,
    TimetableVersion,
)
from matchmaker.meetings.policies import may_answer
from matchmaker.meetings.timetable import StageName
from matchmaker.web.api import (
    Answer,
    Body,
    Id,
    Page,
    Paged,
    Text,
    answer,
    answer_slice,
    expect_match,
    operation,
    refuse_input,
)
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.visibility import visible

bp = Blueprint("api_meetings", __name__, url_prefix="/api/v1")


class RequestAnswer(Answer):
    """One enterprise's wish to talk with another at an event, and what the other said."""

    id: str
    event_id: str
    asker: FirmReference
    asked: FirmReference
    note: str
    preference: int
    state: RequestState
    reason: str
    created_at: datetime
    answered_at: datetime | None
    version: int

    @classmethod
    def of(cls, request: MeetingRequest) -> Self:
        """The answer about a request."""
        return cls(
            id=request.public_id,
            event_id=request.event.public_id,
            asker=FirmReference.of(request.asker),
            asked=FirmReference.of(request.asked),
            note=request.note,
            preference=request.preference,
            state=request.state,
            reason=request.reason,
            created_at=request.created_at,
            answered_at=request.answered_at,
            version=request.version,
        )


class RequestQuery(Paged):
    """Which requests, the latest first."""

    state: RequestState | None = None


class AskBody(Body):
    """Whom to talk with; the preference runs from 1, a spare wish, to 5, a strong one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"enterprise_id": "0123456789abcdefghjk", "note": "压铸模 12 套，年内交付", "preference": 4}]
        }
    )

    enterprise_id: Id
    suggestion_id: Id | None = None
    note: Text = Field(default="", max_length=500)
    preference: int = Field(default=3, ge=1, le=5)


class DeclineBody(Body):
    """Why not; the other side reads it."""

    reason: Text = Field(default="", max_length=300)


class MeetingAnswer(Answer):
    """A talk with its time and table."""

    id: str
    request_id: str
    starts_at: datetime
    ends_at: datetime
    table: int
    asker: FirmReference
    asked: FirmReference
    state: MeetingState
    outcome: MeetingOutcome | None
    is_locked: bool

    @classmethod
    def of(cls, meeting: Meeting) -> Self:
        """The answer about a meeting."""
        return cls(
            id=meeting.public_id,
            request_id=meeting.request.public_id,
            starts_at=meeting.slot.starts_at,
            ends_at=meeting.slot.ends_at,
            table=meeting.table.number,
            asker=FirmReference.of(meeting.request.asker),
            asked=FirmReference.of(meeting.request.asked),
            state=meeting.state,
            outcome=meeting.outcome,
            is_locked=meeting.is_locked,
        )


class LeftOutAnswer(Answer):
    """A request without a place, why, and what would help."""

    pair: str
    reason: str
    remedy: str


class StageAnswer(Answer):
    """One aim of the timetable: what was reached, and the bound nothing can beat."""

    name: StageName
    value: int
    bound: int
    proved: bool


class TimetableAnswer(Answer):
    """The timetable of an event: to a firm its own talks as published, to the offices that run it the latest version.

    `number` and `state` are null while there is nothing to show.
    """

    id: str | None
    event_id: str
    number: int | None
    state: TimetableState | None
    published_at: datetime | None
    stages: list[StageAnswer]
    meetings: list[MeetingAnswer]
    left_out: list[LeftOutAnswer]


class ComputationAnswer(Answer):
    """A new version is being computed: ask `jobs/{job_id}` how far it is."""

    timetable_id: str
    number: int
    job_id: str


@bp.get("/events/<public_id:event_id>/meeting-requests")
@operation(members, _("场次的洽谈请求：企业只见与己有关的"), answers=Page[RequestAnswer], query=RequestQuery)
def requests(event_id: str, query: RequestQuery) -> Response:
    """The requests of an event that this person sees."""
    user = get_user()
    event = find_or_404(visible(MatchmakingEvent, user), event_id)
    statement = visible(MeetingRequest, user).where(MeetingRequest.event_id == event.id)
    if query.state is not None:
        statement = statement.where(MeetingRequest.state == query.state)
    facts = (MeetingRequest.event, MeetingRequest.asker, MeetingRequest.asked)
    return answer_slice(statement.options(*(joinedload(each) for each in facts)), query, RequestAnswer.of)


@bp.post("/events/<public_id:event_id>/meeting-requests")
@operation(enterprises, _("请求洽谈"), answers=RequestAnswer, status=201, body=AskBody, versioned=True)
def ask(event_id: str, body: AskBody) -> Response:
    """Ask another enterprise for a talk at an event both come to."""
    session, user = get_session(), get_user()
    request = services.ask_for_meeting(
        session,
        event=find_or_404(visible(MatchmakingEvent, user), event_id),
        asker=own_firm(session, user),
        asked=named_firm(session, user, body.enterprise_id, path="enterprise_id"),
        actor=user,
        suggestion=_named_suggestion(session, user, body.suggestion_id),
        note=body.note,
        preference=body.preference,
    )
    session.flush()
    location = url_for("api_meetings.request_", request_id=request.public_id)
    reply = remember(answer(RequestAnswer.of(request), 201, version=request.version, location=location))
    session.commit()
    return reply


def _named_suggestion(session: Session, user: User, suggestion_id: str | None) -> Suggestion | None:
    if suggestion_id is None:
        return None
    found = session.scalar(visible(Suggestion, user).where(Suggestion.public_id == suggestion_id))
    if found is None:
        refuse_input("suggestion_id", gettext("没有这条推荐。"))
    return found


@bp.get("/meeting-requests/<public_id:request_id>")
@operation(members, _("一条洽谈请求"), answers=RequestAnswer, versioned=True)
def request_(request_id: str) -> Response:
    """One request."""
    found = find_or_404(visible(MeetingRequest, get_user()), request_id)
    return answer(RequestAnswer.of(found), version=found.version)


@bp.post("/meeting-requests/<public_id:request_id>/accept")
@operation(enterprises, _("接受洽谈"), answers=RequestAnswer, versioned=True, checks_version=True)
def accept(request_id: str) -> Response:
    """Agree to talk; the timetable will place it."""
    session, user = get_session(), get_user()
    request = _to_answer(user, request_id)
    services.accept_meeting(session, request=request, actor=user)
    return _answered(session, request)


@bp.post("/meeting-requests/<public_id:request_id>/decline")
@operation(enterprises, _("谢绝洽谈"), answers=RequestAnswer, body=DeclineBody, versioned=True, checks_version=True)
def decline(request_id: str, body: DeclineBody) -> Response:
    """Say no."""
    session, user = get_session(), get_user()
    request = _to_answer(user, request_id)
    services.decline_meeting(session, request=request, reason=body.reason, actor=user)
    return _answered(session, request)


def _to_answer(user: User, request_id: str) -> MeetingRequest:
    request = find_or_404(visible(MeetingRequest, user), request_id)
    if not may_answer(user, request):
        raise NotAllowed
    expect_match(request, required=False)
    return request


def _answered(session: Session, request: MeetingRequest) -> Response:
    session.flush()
    reply = remember(answer(RequestAnswer.of(request), version=request.version))
    session.commit()
    return reply


@bp.get("/events/<public_id:event_id>/timetable")
@operation(members, _("场次的排期：企业只见自己已发布的洽谈"), answers=TimetableAnswer)
def timetable(event_id: str) -> Response:
    """The talks of an event."""
    session, user = get_session(), get_user()
    if user.enterprise_id is not None:
        event = find_or_404(visible(MatchmakingEvent, user), event_id)
        version = session.scalar(visible(TimetableVersion, user).where(TimetableVersion.event_id == event.id))
        meetings = queries.meetings_of(session, user.enterprise_id, event=event)
        return answer(_shown(event, version, meetings, [], shows_stages=False))
    event = find_or_404(visible(MatchmakingEvent, user).where(runs_event(user)), event_id)
    hidden = (TimetableState.COMPUTING, TimetableState.FAILED, TimetableState.DISCARDED)
    version = next((each for each in queries.timetables_of(session, event) if each.state not in hidden), None)
    if version is None:
        return answer(_shown(event, None, [], []))
    return answer(_shown(event, version, queries.meetings_of_timetable(session, version), _left_out(session, version)))


def _shown(
    event: MatchmakingEvent,
    version: TimetableVersion | None,
    meetings: list[Meeting],
    left_out: list[LeftOutAnswer],
    *,
    shows_stages: bool = True,
) -> TimetableAnswer:
    return TimetableAnswer(
        id=version.public_id if version else None,
        event_id=event.public_id,
        number=version.number if version else None,
        state=version.state if version else None,
        published_at=version.published_at if version else None,
        stages=[StageAnswer(**stage) for stage in version.stages] if version and shows_stages else [],
        meetings=[MeetingAnswer.of(meeting) for meeting in meetings],
        left_out=left_out,
    )


def _left_out(session: Session, version: TimetableVersion) -> list[LeftOutAnswer]:
    asked = queries.requests_with_ids(session, named_requests(version))
    lines = left_out_of(version, asked, queries.slots_of(session, version.event))
    return [LeftOutAnswer(pair=line.pair, reason=line.reason, remedy=line.remedy) for line in lines]


@bp.post("/events/<public_id:event_id>/timetable")
@operation(organisers, _("在后台计算新一版排期"), answers=ComputationAnswer, status=202)
def compute(event_id: str) -> Response:
    """Have a new version computed."""
    session, user = get_session(), get_user()
    event = find_or_404(visible(MatchmakingEvent, user).where(runs_event(user)), event_id)
    if not may_run(user, event):
        raise NotAllowed
    version = services.start_timetable(session, event=event, actor=user)
    session.flush()
    assert version.job is not None  # noqa: S101 -- a version is started with its job
    told = ComputationAnswer(timetable_id=version.public_id, number=version.number, job_id=version.job.public_id)
    location = url_for("api_portal.job", job_id=version.job.public_id)
    reply = remember(answer(told, 202, location=location))
    session.commit()
    return reply
