"""An event as the plain values its timetable is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.events.hours import day_of
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.queries import seated_enterprise_ids
from matchmaker.meetings.models import Meeting, MeetingRequest, MeetingState, TroubleKind
from matchmaker.meetings.queries import accepted_requests, availabilities_of, tables_of
from matchmaker.meetings.timetable import Assignment, Instance, Participant, Request, Table
from matchmaker.meetings.words import NO_SEAT

Seat = tuple[int, int]  # slot and table, each by its position from zero


@dataclass(frozen=True, slots=True)
class Brief:
    """An event as plain values: whose numbers the instance's positions stand for, and what cannot be placed at all.

    published: what a repair starts from. cancelled: meetings, by position, that are not to be held any more.
    """

    instance: Instance
    requests: tuple[int, ...]
    firms: tuple[int, ...]
    left_out: tuple[dict[str, Any], ...] = ()
    published: tuple[Assignment, ...] = ()
    cancelled: frozenset[int] = frozenset()

    @property
    def is_free(self) -> bool:
        """Whether everybody is there all day and nothing is settled beforehand."""
        instance = self.instance
        return (
            not any(firm.unavailable for firm in instance.participants)
            and not any(table.closed for table in instance.tables)
            and all(request.slot is None for request in instance.meetings)
        )


@dataclass(slots=True)
class Limits:
    """Who is away when and wants how many talks at most, and which tables are closed; slots by number, from one."""

    absent: dict[int, set[int]] = field(default_factory=dict)
    most: dict[int, int] = field(default_factory=dict)
    closed: dict[int, set[int]] = field(default_factory=dict)

    def add(self, kind: TroubleKind, trouble: Mapping[str, Any]) -> None:
        """Count what happened among the limits."""
        if kind is TroubleKind.FIRM_AWAY:
            self.absent.setdefault(trouble["enterprise_id"], set()).update(trouble["slots"])
        elif kind is TroubleKind.TABLE_LOST:
            self.closed.setdefault(trouble["table"], set()).update(trouble["slots"])


def limits_of(session: Session, event: MatchmakingEvent) -> Limits:
    """The limits the organiser set."""
    rows = availabilities_of(session, event)
    return Limits(
        absent={row.enterprise_id: set(row.absent_slots) for row in rows},
        most={row.enterprise_id: row.most for row in rows if row.most is not None},
        closed={table.number: set(table.closed_slots) for table in tables_of(session, event)},
    )


def read_brief(session: Session, event: MatchmakingEvent, *, locked: Iterable[Meeting] = ()) -> Brief:
    """The requests both sides accepted, of enterprises that have a seat; locked meetings keep their places."""
    seated = seated_enterprise_ids(session, event)
    accepted = accepted_requests(session, event)
    placeable = [each for each in accepted if _sides(each) <= seated]
    settled = {meeting.request_id: seat_of(meeting) for meeting in locked}
    return _Writer(event, limits_of(session, event), seated).brief(
        placeable, settled, left_out=[_without_seat(each, seated) for each in accepted if each not in placeable]
    )


def read_repair_brief(
    session: Session,
    event: MatchmakingEvent,
    *,
    published: list[Meeting],
    kind: TroubleKind,
    trouble: Mapping[str, Any],
    now: datetime,
) -> Brief:
    """The same event after something happened: what was published, and the requests that could still be added.

    What has begun by now, or has its outcome, stays as it is, and nothing is placed into hours that are past.
    """
    seated = seated_enterprise_ids(session, event)
    limits = limits_of(session, event)
    limits.add(kind, trouble)
    known = {meeting.request_id for meeting in published}
    newcomers = [each for each in accepted_requests(session, event) if each.id not in known and _sides(each) <= seated]
    requests = [*(meeting.request for meeting in published), *newcomers]
    begun = {
        meeting.request_id: seat_of(meeting)
        for meeting in published
        if meeting.slot.starts_at <= now or meeting.state is not MeetingState.SCHEDULED
    }
    writer = _Writer(event, limits, seated, published=published, now=now)
    return writer.brief(requests, begun, called_off=trouble.get("request_id"))


def seat_of(meeting: Meeting) -> Seat:
    """Where a meeting is, as the engine counts."""
    return meeting.slot.number - 1, meeting.table.number - 1


def _sides(request: MeetingRequest) -> set[int]:
    return {request.asker_id, request.asked_id}


def _without_seat(request: MeetingRequest, seated: set[int]) -> dict[str, Any]:
    missing = [firm for firm in (request.asker_id, request.asked_id) if firm not in seated]
    return {"request_id": request.id, "cause": NO_SEAT, "firm_ids": missing, "slots": []}


@dataclass(slots=True)
class _Writer:
    """Writes an event down as an instance; the hall is as large as what was published in it."""

    event: MatchmakingEvent
    limits: Limits
    seated: set[int]
    published: list[Meeting] = field(default_factory=list)
    now: datetime | None = None

    def brief(
        self,
        requests: list[MeetingRequest],
        settled: Mapping[int, Seat],
        *,
        left_out: Iterable[dict[str, Any]] = (),
        called_off: int | None = None,
    ) -> Brief:
        seats = [seat_of(meeting) for meeting in self.published]
        slots = max([self.event.slot_count, *(slot + 1 for slot, _ in seats)])
        tables = max([self.event.table_count, *(table + 1 for _, table in seats)])
        firms = tuple(sorted({firm for each in requests for firm in _sides(each)}))
        position = {firm: number for number, firm in enumerate(firms)}
        ahead = self._ahead(slots)
        instance = Instance(
            slots=slots,
            participants=tuple(self._participant(firm, ahead) for firm in firms),
            tables=tuple(Table(closed=_positions(self.limits.closed.get(n, ()), ahead)) for n in range(1, tables + 1)),
            meetings=tuple(self._request(each, position, settled, may_wait=len(ahead) < slots) for each in requests),
            slot_groups=(ahead,) if len(ahead) < slots else (),
            name=self.event.public_id,
        )
        place = {each.id: number for number, each in enumerate(requests)}
        return Brief(
            instance=instance,
            requests=tuple(each.id for each in requests),
            firms=firms,
            left_out=tuple(left_out),
            published=tuple(Assignment(place[each.request_id], *seat_of(each)) for each in self.published),
            cancelled=frozenset(() if called_off is None else (place[called_off],)),
        )

    def _ahead(self, slots: int) -> frozenset[int]:
        """The slots that have not begun: limits bind these alone, so that what took place stands."""
        if self.now is None:
            return frozenset(range(slots))
        begins = day_of(self.event).begins(slots)
        return frozenset(slot for slot, at in enumerate(begins) if at > self.now)

    def _participant(self, firm: int, ahead: frozenset[int]) -> Participant:
        if firm not in self.seated:
            return Participant(unavailable=ahead)
        return Participant(_positions(self.limits.absent.get(firm, ()), ahead), self.limits.most.get(firm))

    def _request(
        self, request: MeetingRequest, position: Mapping[int, int], settled: Mapping[int, Seat], *, may_wait: bool
    ) -> Request:
        slot, table = settled.get(request.id, (None, None))
        return Request(
            a=position[request.asker_id],
            b=position[request.asked_id],
            utility=request.preference,
            required=slot is not None,
            group=0 if may_wait and slot is None else None,
            slot=slot,
            table=table,
        )


def _positions(numbers: Iterable[int], ahead: frozenset[int]) -> frozenset[int]:
    return frozenset(number - 1 for number in numbers) & ahead
