"""Who may answer a request and who may say what came of a meeting."""

from __future__ import annotations

from matchmaker.accounts.models import Role, User
from matchmaker.events.policies import may_run
from matchmaker.meetings.models import Meeting, MeetingRequest


def may_answer(user: User, request: MeetingRequest) -> bool:
    """Whether somebody speaks for the enterprise that was asked."""
    return user.role is Role.ENTERPRISE and user.enterprise_id == request.asked_id


def may_withdraw(user: User, request: MeetingRequest) -> bool:
    """Whether somebody speaks for the enterprise that asked."""
    return user.role is Role.ENTERPRISE and user.enterprise_id == request.asker_id


def may_record(user: User, meeting: Meeting) -> bool:
    """Whether somebody was party to a meeting or organised it."""
    request = meeting.request
    is_party = user.role is Role.ENTERPRISE and user.enterprise_id in (request.asker_id, request.asked_id)
    return is_party or may_run(user, request.event)
