"""The rows of an event's hall: its slots and its tables."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.events.hours import day_of
from matchmaker.events.models import MatchmakingEvent
from matchmaker.meetings.models import Slot, Table
from matchmaker.meetings.queries import slots_of, tables_of


def set_up_hall(
    session: Session, event: MatchmakingEvent, *, slots: int | None = None, tables: int | None = None
) -> tuple[list[Slot], list[Table]]:
    """The event's slots and tables, made or moved to where its facts put them.

    slots, tables: how many, where a published timetable needs more than the event has now.
    """
    known_slots = {slot.number: slot for slot in slots_of(session, event)}
    known_tables = {table.number: table for table in tables_of(session, event)}
    day = day_of(event)
    hours = []
    for number, begins in enumerate(day.begins(slots), start=1):
        slot = known_slots.get(number) or Slot(event_id=event.id, number=number)
        slot.starts_at, slot.ends_at = begins, begins + day.length
        hours.append(slot)
    places = [
        known_tables.get(number) or Table(event_id=event.id, number=number, closed_slots=[])
        for number in range(1, (tables or event.table_count) + 1)
    ]
    session.add_all([*hours, *places])
    session.flush()
    return hours, places
