"""The pages of events hang here; and how a view finds its event."""

from __future__ import annotations

from flask import Blueprint

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import find_user, get_user
from matchmaker.errors import NotAllowed
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.policies import may_run
from matchmaker.events.scopes import runs_event
from matchmaker.web.lookups import find_or_404
from matchmaker.web.visibility import visible

bp = Blueprint("events", __name__, url_prefix="/events")


def find_event(event_id: str) -> MatchmakingEvent:
    """The event of an address, for whoever may see it; a visitor sees what is published."""
    return find_or_404(visible(MatchmakingEvent, find_user()), event_id)


def find_event_in_reach(event_id: str) -> MatchmakingEvent:
    """The event of an address, for the office that holds it or stands over its region; no other reads its lists."""
    user = get_user()
    return find_or_404(visible(MatchmakingEvent, user).where(runs_event(user)), event_id)


def find_own_event(event_id: str) -> tuple[MatchmakingEvent, User]:
    """The event of an address and its organiser. Raises NotAllowed for anybody else who sees it."""
    event, user = find_event(event_id), get_user()
    if not may_run(user, event):
        raise NotAllowed
    return event, user
