"""The close-out: the organiser reports, another office approves; only then does the event count."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.db import utcnow
from matchmaker.events.models import EventState, MatchmakingEvent
from matchmaker.events.policies import may_approve
from matchmaker.events.queries import attendance_of
from matchmaker.events.refusals import OwnCloseout, ReasonMissing
from matchmaker.events.services.planning import move_event
from matchmaker.i18n import gettext as _
from matchmaker.notices.services import tell


def submit_closeout(session: Session, *, event: MatchmakingEvent, text: str, actor: User) -> None:
    """Report an event that was held; its check-ins are closed from now on. Raises ReasonMissing and EventCannotMove."""
    if not text.strip():
        raise ReasonMissing
    move_event(session, event=event, to=EventState.CLOSING, actor=actor)
    event.closeout = text
    present = attendance_of(session, event)
    detail = {"enterprises": present.enterprises, "buyers": present.buyers, "sellers": present.sellers}
    record(session, actor=actor, action="submit close-out", subject=event, detail=detail)


def approve_closeout(session: Session, *, event: MatchmakingEvent, actor: User) -> None:
    """Approve a close-out; the event counts from this moment. Raises OwnCloseout and EventCannotMove."""
    _insist_on_other_office(event, actor)
    move_event(session, event=event, to=EventState.APPROVED, actor=actor)
    event.approving_office, event.approved_at = actor.office, utcnow()
    record(session, actor=actor, action="approve close-out", subject=event)
    _tell_organiser(session, event, _("“%(title)s”结报已核定", title=event.title), "")


def return_closeout(session: Session, *, event: MatchmakingEvent, reason: str, actor: User) -> None:
    """Give a close-out back to its organiser, with the reason.

    Raises OwnCloseout, ReasonMissing and EventCannotMove.
    """
    _insist_on_other_office(event, actor)
    if not reason.strip():
        raise ReasonMissing
    move_event(session, event=event, to=EventState.HELD, actor=actor)
    record(session, actor=actor, action="return close-out", subject=event)
    _tell_organiser(session, event, _("“%(title)s”结报已退回", title=event.title), reason)


def _insist_on_other_office(event: MatchmakingEvent, actor: User) -> None:
    if not may_approve(actor, event):
        raise OwnCloseout


def _tell_organiser(session: Session, event: MatchmakingEvent, title: str, body: str) -> None:
    tell(session, title=title, body=body, path=f"/events/{event.public_id}/close-out", office_id=event.organiser_id)
