"""Why requests were left out, what would find them a place, and which rules cannot all be kept, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.i18n import gettext as _
from matchmaker.meetings.models import MeetingRequest, Slot, TimetableVersion
from matchmaker.meetings.words import reason_of, remedy_of, rule_of, step_of
from matchmaker.web.formats import clock


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A request without a place, why, and what would help."""

    pair: str
    reason: str
    remedy: str
    url: str = ""


def left_out_of(
    timetable: TimetableVersion, requests: Mapping[int, MeetingRequest], slots: Sequence[Slot]
) -> list[LeftOut]:
    """The requests a version left out, in words."""
    times = {slot.number: clock(slot.starts_at) for slot in slots}
    lines = []
    for row in timetable.unplaced:
        request = requests.get(row["request_id"])
        if request is None:
            continue
        names = {request.asker_id: request.asker.display_name, request.asked_id: request.asked.display_name}
        firms = [names[firm] for firm in row["firm_ids"] if firm in names]
        when = [times[number] for number in row["slots"] if number in times]
        reason = reason_of(row["cause"], firms=firms, times=when)
        words = remedy_words(row.get("remedy"), requests, times) or remedy_of(row["cause"])
        lines.append(LeftOut(pair_of(request), reason, words))
    return lines


def pair_of(request: MeetingRequest) -> str:
    """The two sides of a talk, whoever asked first."""
    return f"{request.asker.display_name} × {request.asked.display_name}"


def named_requests(timetable: TimetableVersion) -> list[int]:
    """The requests that the reasons and clashes of a version speak of."""
    remedies = [row["remedy"]["changes"] for row in timetable.unplaced if row.get("remedy")]
    spoken = [change["request_id"] for changes in remedies for change in changes]
    ruled = [rule[key] for rule in timetable.clashes for key in ("request_id", "other_id")]
    return [row["request_id"] for row in timetable.unplaced] + [key for key in (*spoken, *ruled) if key is not None]


def remedy_words(
    remedy: Mapping[str, Any] | None, requests: Mapping[int, MeetingRequest], times: Mapping[int, str]
) -> str:
    """The smallest change that would find a request its place, in an organiser's words; empty where none is known."""
    if not remedy:
        return ""
    firms = {firm.id: firm.display_name for request in requests.values() for firm in (request.asker, request.asked)}
    at = times.get(remedy["slot"], "")
    steps = []
    for change in remedy["changes"]:
        other = requests.get(change["request_id"])
        steps.append(
            step_of(
                change["kind"],
                firm="、".join(firms[key] for key in change["firm_ids"] if key in firms),
                pair=pair_of(other) if other else "",
                time=times.get(change["slot"], at),
                table=change["table"],
                amount=change["amount"],
            )
        )
    return str(_("%(steps)s，即可排在 %(time)s", steps="，".join(steps), time=at)) if all(steps) and steps else ""


def clashes_of(timetable: TimetableVersion, requests: Mapping[int, MeetingRequest]) -> list[str]:
    """The rules of a version that cannot all be kept, each in a sentence; none where all locks were kept."""
    firms = {firm.id: firm.display_name for request in requests.values() for firm in (request.asker, request.asked)}
    pairs = {key: pair_of(request) for key, request in requests.items()}
    return [
        rule_of(
            rule["kind"],
            firm=firms.get(rule["firm_id"], ""),
            pair=pairs.get(rule["request_id"], ""),
            other=pairs.get(rule["other_id"], ""),
            table=rule["table"],
            tables=timetable.event.table_count,
        )
        for rule in timetable.clashes
    ]
