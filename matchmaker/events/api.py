"""Events as JSON: the calendar, registrations, and who came."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, Self

from flask import Blueprint
from pydantic import ConfigDict, Field
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import enterprises, members, organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.enterprises.api.references import FirmReference, own_firm
from matchmaker.errors import NotAllowed
from matchmaker.events import queries, services
from matchmaker.events.models import CheckIn, EventState, MatchmakingEvent, Registration, RegistrationState, Side
from matchmaker.events.policies import may_run
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.regions.queries import find_region, ids_within
from matchmaker.web.api import (
    Answer,
    Body,
    Id,
    Line,
    Moment,
    Page,
    Paged,
    Text,
    answer,
    answer_slice,
    operation,
    refuse_input,
)
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.visibility import visible

bp = Blueprint("api_events", __name__, url_prefix="/api/v1/events")


class EventAnswer(Answer):
    """A matchmaking event; `held_on` is its Beijing date of record."""

    id: str
    title: str
    summary: str
    state: EventState
    chain: str | None
    region: str
    venue: str
    held_on: date
    starts_at: datetime
    slot_minutes: int
    slot_count: int
    lunch_starts_at: datetime | None
    lunch_ends_at: datetime | None
    table_count: int
    capacity: int
    seats_left: int
    organiser_id: str
    organiser_name: str
    version: int

    @classmethod
    def of(cls, event: MatchmakingEvent) -> Self:
        """The answer about an event."""
        return cls(
            id=event.public_id,
            title=event.title,
            summary=event.summary,
            state=event.state,
            chain=event.chain.code if event.chain else None,
            region=event.region.code,
            venue=event.venue,
            held_on=event.held_on,
            starts_at=event.starts_at,
            slot_minutes=event.slot_minutes,
            slot_count=event.slot_count,
            lunch_starts_at=event.lunch_starts_at,
            lunch_ends_at=event.lunch_ends_at,
            table_count=event.table_count,
            capacity=event.capacity,
            seats_left=event.seats_left,
            organiser_id=event.organiser.public_id,
            organiser_name=event.organiser.name,
            version=event.version,
        )


class EventQuery(Paged):
    """Which events; coming ones soonest first, others latest first."""

    when: Literal["coming", "past", "all"] = "coming"
    chain: Line = Field(default="", max_length=40)
    region: Line = Field(default="", max_length=6)
    state: EventState | None = None
    q: Line = Field(default="", max_length=100)


class RegistrationAnswer(Answer):
    """One enterprise's place at an event."""

    id: str
    event_id: str
    enterprise: FirmReference
    side: Side
    state: RegistrationState
    note: str
    reason: str
    applied_at: datetime
    decided_at: datetime | None
    version: int

    @classmethod
    def of(cls, registration: Registration) -> Self:
        """The answer about a registration."""
        return cls(
            id=registration.public_id,
            event_id=registration.event.public_id,
            enterprise=FirmReference.of(registration.enterprise),
            side=registration.side,
            state=registration.state,
            note=registration.note,
            reason=registration.reason,
            applied_at=registration.applied_at,
            decided_at=registration.decided_at,
            version=registration.version,
        )


class RegistrationQuery(Paged):
    """Which registrations, in the order of the line."""

    state: RegistrationState | None = None


class ApplyBody(Body):
    """A firm's wish to come."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"side": "seller", "note": "带压铸模样件两件"}]})

    side: Side
    note: Text = Field(default="", max_length=500)


class CheckInBody(Body):
    """Who is at the door; `at` is the device's time where it was taken without a network."""

    registration_id: Id
    at: Moment | None = None


class CheckInAnswer(Answer):
    """That an enterprise was there; a second check-in adds nothing and answers the first."""

    registration_id: str
    enterprise: FirmReference
    side: Side
    at: datetime
    received_at: datetime
    is_first: bool


def _checked_in(registration: Registration, check_in: CheckIn, *, is_first: bool) -> CheckInAnswer:
    return CheckInAnswer(
        registration_id=registration.public_id,
        enterprise=FirmReference.of(registration.enterprise),
        side=check_in.side,
        at=check_in.at,
        received_at=check_in.received_at,
        is_first=is_first,
    )


def find_event(user: User, event_id: str) -> MatchmakingEvent:
    """An event this person sees."""
    return find_or_404(visible(MatchmakingEvent, user), event_id)


@bp.get("")
@operation(members, _("场次列表"), answers=Page[EventAnswer], query=EventQuery)
def index(query: EventQuery) -> Response:
    """The events this person sees and asked for."""
    session, user = get_session(), get_user()
    region = find_region(session, query.region) if query.region else None
    if query.region and region is None:
        refuse_input("region", gettext("没有这个行政区划代码。"))
    wanted = queries.CalendarFilter(
        when=query.when,
        chain=query.chain,
        region_ids=tuple(ids_within(session, region)) if region else (),
        state=query.state,
        text=query.q,
    )
    statement, is_coming = queries.calendar_of(user, wanted), query.when == "coming"
    return answer_slice(statement, query, EventAnswer.of, by=MatchmakingEvent.starts_at, descending=not is_coming)


@bp.get("/<public_id:event_id>")
@operation(members, _("一个场次"), answers=EventAnswer, versioned=True)
def show(event_id: str) -> Response:
    """One event."""
    event = find_event(get_user(), event_id)
    return answer(EventAnswer.of(event), version=event.version)


@bp.get("/<public_id:event_id>/registrations")
@operation(members, _("场次的报名：企业只见自己的"), answers=Page[RegistrationAnswer], query=RegistrationQuery)
def registrations(event_id: str, query: RegistrationQuery) -> Response:
    """The registrations of an event that this person sees, in the order of the line."""
    user = get_user()
    event = find_event(user, event_id)
    statement = visible(Registration, user).where(Registration.event_id == event.id)
    if query.state is not None:
        statement = statement.where(Registration.state == query.state)
    shown = statement.options(joinedload(Registration.enterprise), joinedload(Registration.event))
    return answer_slice(shown, query, RegistrationAnswer.of, by=Registration.applied_at, descending=False)


@bp.post("/<public_id:event_id>/registrations")
@operation(enterprises, _("报名参加"), answers=RegistrationAnswer, status=201, body=ApplyBody, versioned=True)
def apply(event_id: str, body: ApplyBody) -> Response:
    """Ask for a place at an event."""
    session, user = get_session(), get_user()
    registration = services.apply_to_event(
        session,
        event=find_event(user, event_id),
        enterprise=own_firm(session, user),
        side=body.side,
        note=body.note,
        actor=user,
    )
    session.flush()
    reply = remember(answer(RegistrationAnswer.of(registration), 201, version=registration.version))
    session.commit()
    return reply


@bp.get("/<public_id:event_id>/check-ins")
@operation(members, _("场次的签到：企业只见自己的"), answers=Page[CheckInAnswer], query=Paged)
def check_ins(event_id: str, query: Paged) -> Response:
    """The check-ins of an event that this person sees, in the order of the line."""
    session, user = get_session(), get_user()
    event = find_event(user, event_id)
    came = (Registration.event_id == event.id, Registration.state == RegistrationState.CHECKED_IN)
    shown = visible(Registration, user).where(*came).options(joinedload(Registration.enterprise))
    known = queries.check_ins_of(session, event)

    def show_check_in(registration: Registration) -> CheckInAnswer:
        return _checked_in(registration, known[registration.enterprise_id], is_first=True)

    return answer_slice(shown, query, show_check_in, by=Registration.applied_at, descending=False)


@bp.post("/<public_id:event_id>/check-ins")
@operation(organisers, _("签到；重复签到返回首次的记录"), answers=CheckInAnswer, status=201, body=CheckInBody)
def check_in(event_id: str, body: CheckInBody) -> Response:
    """Record that a registered enterprise is there."""
    session, user = get_session(), get_user()
    event = find_event(user, event_id)
    if not may_run(user, event):
        raise NotAllowed
    statement = queries.registrations_of(event).where(Registration.public_id == body.registration_id)
    registration = session.scalar(statement)
    if registration is None:
        refuse_input("registration_id", gettext("本场没有这条报名。"))
    done = services.check_in(session, registration=registration, actor=user, at=body.at)
    session.flush()
    shown = _checked_in(registration, done.check_in, is_first=done.is_first)
    reply = remember(answer(shown, 201 if done.is_first else 200))
    session.commit()
    return reply
