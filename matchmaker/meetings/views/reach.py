"""From an address to the events, versions and meetings somebody runs."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.viewer import get_user
from matchmaker.errors import NotAllowed
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.policies import may_run
from matchmaker.events.scopes import runs_event
from matchmaker.meetings.models import Meeting, TimetableVersion
from matchmaker.web.lookups import expect_version, find_or_404
from matchmaker.web.visibility import visible


def event_in_reach(event_id: str) -> MatchmakingEvent:
    """An event this person's office runs or watches."""
    user = get_user()
    return find_or_404(visible(MatchmakingEvent, user).where(runs_event(user)), event_id)


def own_event(event_id: str) -> MatchmakingEvent:
    """An event this person runs. Raises NotAllowed."""
    event = event_in_reach(event_id)
    if not may_run(get_user(), event):
        raise NotAllowed
    return event


def own_timetable(timetable_id: str) -> TimetableVersion:
    """A version of an event this person runs, as it was seen. Raises NotAllowed and Stale."""
    version = find_or_404(visible(TimetableVersion, get_user()), timetable_id)
    if not may_run(get_user(), version.event):
        raise NotAllowed
    expect_version(version, request.form.get("seen_version", type=int))
    return version


def own_meeting(meeting_id: str) -> Meeting:
    """A meeting of an event this person runs. Raises NotAllowed."""
    meeting = find_or_404(visible(Meeting, get_user()), meeting_id)
    if not may_run(get_user(), meeting.request.event):
        raise NotAllowed
    return meeting


def to_timetable(event: MatchmakingEvent, *, anchor: str | None = None, **shown: Any) -> AnyResponse:
    """Back to the timetable, perhaps at one version and one place of it."""
    return redirect(url_for("meetings.timetable", event_id=event.public_id, _anchor=anchor, **shown))
