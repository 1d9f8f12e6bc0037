"""Ask for a talk and answer; nothing is timetabled that both sides did not accept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.enterprises.models import LISTED_STATES, Enterprise
from matchmaker.events.models import MatchmakingEvent, Registration, Side
from matchmaker.events.policies import is_coming, may_register
from matchmaker.events.queries import find_registration
from matchmaker.events.services import apply_to_event
from matchmaker.events.transitions import ASKABLE
from matchmaker.events.words import EVENT_STATES
from matchmaker.i18n import gettext as _
from matchmaker.matching import services as matching
from matchmaker.matching.models import Outcome, Suggestion
from matchmaker.meetings.models import MeetingRequest, RequestState
from matchmaker.meetings.queries import find_request_between, is_in_published_timetable
from matchmaker.meetings.refusals import (
    AlreadyAnswered,
    AlreadyAsked,
    AnsweringClosed,
    AskingClosed,
    AskingOneself,
    NotComing,
    NotRegistered,
    WasDeclined,
)
from matchmaker.meetings.words import REQUEST_STATES
from matchmaker.notices.services import tell
from matchmaker.web.visibility import everyones

_ASKED_AGAIN = (RequestState.WITHDRAWN, RequestState.LAPSED)


def ask_for_meeting(
    session: Session,
    *,
    event: MatchmakingEvent,
    asker: Enterprise,
    asked: Enterprise,
    actor: User,
    suggestion: Suggestion | None = None,
    note: str = "",
    preference: int = 3,
) -> MeetingRequest:
    """Ask another enterprise for a talk at an event and tell it; the asker must have registered there.

    Raises AskingClosed, AskingOneself, NotRegistered, NotComing, AlreadyAsked and WasDeclined.
    """
    if event.state not in ASKABLE:
        raise AskingClosed(now=EVENT_STATES[event.state])
    if asker.id == asked.id:
        raise AskingOneself
    _hold_pair(session, asker, asked)
    if not comes(session, event, asker):
        raise NotRegistered
    if not could_come(session, event, asked):
        raise NotComing
    request = _fresh_request(session, event, asker, asked)
    request.suggestion, request.note, request.preference = suggestion, note, preference
    session.flush()
    _teach(session, request)
    record(session, actor=actor, action="ask for meeting", subject=request, detail={"event": event.public_id})
    _tell(session, asked.id, _("%(name)s请求洽谈，请答复", name=asker.display_name), event.title)
    return request


def comes(session: Session, event: MatchmakingEvent, enterprise: Enterprise) -> bool:
    """Whether an enterprise registered for an event and is still in the running."""
    return is_coming(find_registration(session, event, enterprise.id))


def could_come(session: Session, event: MatchmakingEvent, enterprise: Enterprise) -> bool:
    """Whether an enterprise comes to an event or may still register for it."""
    registration = find_registration(session, event, enterprise.id)
    if is_coming(registration):
        return True
    return enterprise.state in LISTED_STATES and may_register(event, registration)


def _hold_pair(session: Session, one: Enterprise, other: Enterprise) -> None:
    """Let two enterprises that ask one another at the same moment do so one after the other."""
    pair = select(Enterprise.id).where(Enterprise.id.in_((one.id, other.id))).order_by(Enterprise.id)
    session.execute(everyones(pair.with_for_update(key_share=True), because="the caller has found both")).all()


def _fresh_request(session: Session, event: MatchmakingEvent, asker: Enterprise, asked: Enterprise) -> MeetingRequest:
    """A new request, or one that was withdrawn or lapsed, put again."""
    reverse = find_request_between(session, event, asker=asked, asked=asker)
    if reverse is not None and reverse.state in (RequestState.ASKED, RequestState.ACCEPTED):
        raise AlreadyAsked(now=REQUEST_STATES[reverse.state])
    known = find_request_between(session, event, asker=asker, asked=asked)
    if known is None:
        known = MeetingRequest(event=event, asker=asker, asked=asked, state=RequestState.ASKED)
        session.add(known)
        return known
    if known.state is RequestState.DECLINED:
        raise WasDeclined
    if known.state not in _ASKED_AGAIN:
        raise AlreadyAsked(now=REQUEST_STATES[known.state])
    known.state, known.created_at, known.answered_at, known.reason = RequestState.ASKED, utcnow(), None, ""
    return known


def accept_meeting(session: Session, *, request: MeetingRequest, actor: User, registering: bool = False) -> None:
    """Agree to talk; the timetable will place it.

    registering: ask for a place at the event in the same step, on the side opposite the asker's.
    Raises AskingClosed, AlreadyAnswered and NotRegistered.
    """
    _insist_on_open(request, RequestState.ASKED)
    if registering and not comes(session, request.event, request.asked):
        side = _opposite(find_registration(session, request.event, request.asker_id))
        apply_to_event(session, event=request.event, enterprise=request.asked, side=side, actor=actor)
    if not comes(session, request.event, request.asked):
        raise NotRegistered
    _answer(session, request, RequestState.ACCEPTED, actor=actor)
    title = _("%(name)s接受洽谈，等待排期", name=request.asked.display_name)
    _tell(session, request.asker_id, title, request.event.title)


def _opposite(registration: Registration | None) -> Side:
    return Side.SELLER if registration is not None and registration.side is Side.BUYER else Side.BUYER


def decline_meeting(session: Session, *, request: MeetingRequest, reason: str, actor: User) -> None:
    """Say no, if possible with a reason the other side reads. Raises AlreadyAnswered."""
    if request.state is not RequestState.ASKED:
        raise AlreadyAnswered(now=REQUEST_STATES[request.state])
    request.reason = reason
    _answer(session, request, RequestState.DECLINED, actor=actor)
    title = _("%(name)s谢绝洽谈", name=request.asked.display_name)
    _tell(session, request.asker_id, title, reason or request.event.title)


def reopen_meeting(session: Session, *, request: MeetingRequest, actor: User) -> None:
    """Take an answer back before the timetable is out.

    Raises AskingClosed, AnsweringClosed and AlreadyAnswered.
    """
    _insist_on_open(request, RequestState.ACCEPTED, RequestState.DECLINED)
    if is_in_published_timetable(session, request):
        raise AnsweringClosed
    request.reason = ""
    _answer(session, request, RequestState.ASKED, actor=actor)
    request.answered_at = None


def withdraw_meeting(session: Session, *, request: MeetingRequest, actor: User) -> None:
    """Take a request back before the timetable is out. Raises AnsweringClosed and AlreadyAnswered."""
    if request.state not in (RequestState.ASKED, RequestState.ACCEPTED):
        raise AlreadyAnswered(now=REQUEST_STATES[request.state])
    if is_in_published_timetable(session, request):
        raise AnsweringClosed
    was_accepted = request.state is RequestState.ACCEPTED
    request.state = RequestState.WITHDRAWN
    _teach(session, request)
    record(session, actor=actor, action="withdraw meeting", subject=request)
    if was_accepted:
        title = _("%(name)s取消了洽谈请求", name=request.asker.display_name)
        _tell(session, request.asked_id, title, request.event.title)


def _insist_on_open(request: MeetingRequest, *states: RequestState) -> None:
    if request.event.state not in ASKABLE:
        raise AskingClosed(now=EVENT_STATES[request.event.state])
    if request.state not in states:
        raise AlreadyAnswered(now=REQUEST_STATES[request.state])


def _answer(session: Session, request: MeetingRequest, state: RequestState, *, actor: User) -> None:
    was, request.state, request.answered_at = request.state, state, utcnow()
    _teach(session, request)
    detail = {"from": was.value, "to": state.value}
    record(session, actor=actor, action="answer meeting", subject=request, detail=detail)


def _teach(session: Session, request: MeetingRequest) -> None:
    """Let matching know what came of the suggestion a request began with."""
    if request.suggestion is not None:
        matching.record_outcome(session, suggestion=request.suggestion, outcome=Outcome(request.state.value))


def _tell(session: Session, enterprise_id: int, title: str, body: str) -> None:
    tell(session, title=title, body=body, path="/meetings", enterprise_id=enterprise_id)
