"""Which events count and who was there: the part of a count that does not grow with the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matchmaker.deals.counting import EventCount, Facts
from matchmaker.deals.counting.events import count_events
from matchmaker.deals.counting.totals import OUTSIDE
from matchmaker.deals.recounting.firms import Register, read_register
from matchmaker.deals.recounting.memory import memory_for
from matchmaker.deals.recounting.outline import Frame, check_in_mark, register_mark
from matchmaker.deals.recounting.reading import Ledger, bind, read_guests


@dataclass(frozen=True, slots=True)
class Attendance:
    """Events and enterprises as they count: events by their organiser, enterprises (家) by where they sit."""

    events: Mapping[str, EventCount]
    events_counted: int
    enterprises: int
    enterprises_in_province: int
    attendances: int
    events_of: Mapping[str, int]
    enterprises_of: Mapping[str, int]

    @property
    def outside(self) -> int:
        """The enterprises from other provinces and abroad (R5)."""
        return self.enterprises - self.enterprises_in_province


def attendance_of(facts: Facts, events: Mapping[str, EventCount]) -> Attendance:
    """The attendance of facts whose events were counted."""
    counted = [event for event in events.values() if event.counted]
    present = frozenset[str]().union(*(event.enterprises for event in counted))
    places = {firm.credit_code: firm.region or OUTSIDE for firm in facts.enterprises}
    enterprises_of = Counter(places[code] for code in present)
    return Attendance(
        events=events,
        events_counted=len(counted),
        enterprises=len(present),
        enterprises_in_province=len(present) - enterprises_of[OUTSIDE],
        attendances=sum(len(event.enterprises) for event in counted),
        events_of=Counter(event.organiser for event in facts.events if events[event.id].counted),
        enterprises_of=enterprises_of,
    )


def attended(session: Session, frame: Frame, as_of: date) -> Attendance:
    """The attendance of a programme; remembered like a recount, and counted without reading a deal."""
    memory = memory_for(session)
    marks = (register_mark(session), check_in_mark(session))

    def make() -> Attendance:
        register: Register = memory.recall("register", marks[0], lambda: read_register(session))
        facts = bind(session, frame, register, read_guests(session, frame, register), Ledger({}, {}, {}, {})).facts
        return attendance_of(facts, count_events(facts, {firm.credit_code: firm for firm in facts.enterprises}, as_of))

    return memory.recall(("attended", frame.programme_id, as_of), (frame, *marks), make)
