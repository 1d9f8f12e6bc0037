"""What the organiser knows beforehand: who is away when, who wants few talks, which table is closed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.queries import seated_enterprise_ids
from matchmaker.events.services.seats import hold_event
from matchmaker.events.words import EVENT_STATES
from matchmaker.meetings.models import Availability
from matchmaker.meetings.queries import find_availability
from matchmaker.meetings.refusals import NoHall, NoSeats, TimetablingClosed
from matchmaker.meetings.services.halls import set_up_hall
from matchmaker.meetings.services.publishing import TIMETABLED_IN


def limit_firm(
    session: Session,
    *,
    event: MatchmakingEvent,
    firm: Enterprise,
    absent_slots: Sequence[int],
    most: int | None,
    actor: User,
) -> None:
    """Say in which slots a firm is away and how many talks it wants at most; neither lifts what was said before.

    It counts for timetables computed from now on. Raises TimetablingClosed, NoHall and NoSeats.
    """
    _insist_on_open(session, event)
    if firm.id not in seated_enterprise_ids(session, event):
        raise NoSeats
    row = find_availability(session, event, firm.id)
    if row is None:
        row = Availability(event=event, enterprise=firm)
        session.add(row)
    row.absent_slots, row.most = sorted(absent_slots), most
    detail = {"enterprise": firm.public_id, "absent": row.absent_slots, "most": most}
    record(session, actor=actor, action="limit firm", subject=event, detail=detail)


def close_table(session: Session, *, event: MatchmakingEvent, number: int, slots: Sequence[int], actor: User) -> None:
    """Say in which slots nobody can sit at a table; none opens it again. Raises TimetablingClosed and NoHall."""
    _insist_on_open(session, event)
    _hours, tables = set_up_hall(session, event)
    table = next((each for each in tables if each.number == number), None)
    if table is None:
        raise NoHall
    table.closed_slots = sorted(slots)
    detail = {"table": number, "closed": table.closed_slots}
    record(session, actor=actor, action="close table", subject=event, detail=detail)


def _insist_on_open(session: Session, event: MatchmakingEvent) -> None:
    hold_event(session, event)
    if event.state not in TIMETABLED_IN:
        raise TimetablingClosed(now=EVENT_STATES[event.state])
    if not event.slot_count or not event.table_count:
        raise NoHall
