"""The rows of an event's hall: its slots and its tables."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

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
    length = timedelta(minutes=event.slot_minutes)
    hours = []
    for number in range(1, (slots or event.slot_count) + 1):
        slot = known_slots.get(number) or Slot(event_id=event.id, number=number)
        slot.starts_at = event.starts_at + (number - 1) * length
        slot.ends_at = slot.starts_at + length
        hours.append(slot)
    places = [
        known_tables.get(number) or Table(event_id=event.id, number=number, closed_slots=[])
        for number in range(1, (tables or event.table_count) + 1)
    ]
    session.add_all([*hours, *places])
    session.flush()
    return hours, places
