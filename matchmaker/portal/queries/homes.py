"""What awaits each role: the facts its home page shows, most pressing first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.queries import members_of
from matchmaker.accounts.scopes import in_region_of
from matchmaker.deals import queries as deals
from matchmaker.deals.following_up import queries as following_up
from matchmaker.deals.following_up.models import FollowUp
from matchmaker.deals.models import Deal
from matchmaker.enterprises.models import (
    PUBLISHED_CAPABILITIES,
    Capability,
    CapabilityState,
    Enterprise,
    EnterpriseState,
    Need,
    NeedState,
)
from matchmaker.events import queries as events
from matchmaker.events.models import EventState, MatchmakingEvent, Registration
from matchmaker.jobs.models import Job, JobState
from matchmaker.matching.queries.runs import Shown, fresh_suggestions
from matchmaker.meetings import queries as meetings
from matchmaker.meetings.models import Meeting, MeetingRequest
from matchmaker.web.visibility import everyones, visible

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class EnterpriseHome:
    """A firm's day: what it must answer, what is new, whom it meets next, what its deals come to."""

    enterprise: Enterprise
    awaiting: list[Deal]
    requests: list[MeetingRequest]
    follow_ups: list[FollowUp]
    published_count: int
    draft_count: int
    suggestions: list[Shown]
    next_meeting: Meeting | None
    registrations: list[Registration]
    stages: list[deals.StageLine]

    @property
    def task_count(self) -> int:
        """How many things wait for this firm."""
        waiting = len(self.awaiting) + len(self.requests) + len(self.follow_ups)
        return waiting + (self.draft_count > 0) + (self.published_count == 0)


@dataclass(frozen=True, slots=True)
class OrganiserHome:
    """An organiser's day: who waits for an answer and which event needs its next step."""

    waiting: list[Registration]
    to_timetable: list[MatchmakingEvent]
    today: list[MatchmakingEvent]
    to_close: list[MatchmakingEvent]
    coming: list[MatchmakingEvent]
    to_approve: list[MatchmakingEvent]


@dataclass(frozen=True, slots=True)
class CountyHome:
    """A county officer's queues: firms to check, deals to verify, deals in dispute."""

    firms: list[Enterprise]
    firm_count: int
    unverified: list[Deal]
    disputed: list[Deal]


@dataclass(frozen=True, slots=True)
class AuditorHome:
    """An auditor's day: what is disputed, and what was linked as a duplicate."""

    disputed: list[Deal]
    duplicates: list[Deal]


@dataclass(frozen=True, slots=True)
class AdministratorHome:
    """An administrator's day: work that failed, and how many people can sign in."""

    failed_jobs: list[Job]
    people: dict[Role, int]


def enterprise_home(session: Session, user: User, enterprise_id: int) -> EnterpriseHome:
    """The home of a firm's member."""
    own = select(Enterprise).where(Enterprise.id == enterprise_id)
    enterprise = session.scalars(everyones(own, because="it is the reader's own enterprise")).one()
    registrations = [each for each in events.events_of(session, enterprise) if each.event.held_on >= events.today()]
    return EnterpriseHome(
        enterprise=enterprise,
        awaiting=deals.awaiting(session, enterprise_id),
        requests=meetings.open_requests_for(session, enterprise_id),
        follow_ups=following_up.waiting_for(session, enterprise_id),
        published_count=_count_own(session, Capability.state.in_(PUBLISHED_CAPABILITIES), enterprise_id),
        draft_count=_count_own(session, Capability.state == CapabilityState.DRAFT, enterprise_id)
        + _count_own_needs(session, enterprise_id),
        suggestions=fresh_suggestions(session, user, enterprise_id=enterprise_id, limit=3),
        next_meeting=meetings.next_meeting(session, enterprise_id),
        registrations=registrations[:_SHOWN],
        stages=deals.stage_summary(session, enterprise_id),
    )


def _count_own(session: Session, condition: ColumnElement[bool], enterprise_id: int) -> int:
    statement = select(func.count(Capability.id)).where(condition, Capability.enterprise_id == enterprise_id)
    return session.scalar(everyones(statement, because="a firm counts its own lines")) or 0


def _count_own_needs(session: Session, enterprise_id: int) -> int:
    statement = select(func.count(Need.id)).where(Need.state == NeedState.DRAFT, Need.enterprise_id == enterprise_id)
    return session.scalar(everyones(statement, because="a firm counts its own lines")) or 0


def organiser_home(session: Session, user: User) -> OrganiserHome:
    """The home of an organiser."""
    if user.office is None:
        return OrganiserHome([], [], [], [], [], [])
    own, today = events.events_run_by(session, user.office), events.today()
    return OrganiserHome(
        waiting=events.waiting_for(session, user.office),
        to_timetable=[event for event in own if event.state is EventState.TIMETABLING],
        today=[event for event in own if event.held_on == today],
        to_close=[
            event
            for event in own
            if event.held_on < today and event.state in (EventState.TIMETABLED, EventState.RUNNING, EventState.HELD)
        ],
        coming=[event for event in own if event.held_on > today][:_SHOWN],
        to_approve=events.closeouts_waiting(session, user),
    )


def county_home(session: Session, user: User) -> CountyHome:
    """The home of a county officer."""
    waiting = visible(Enterprise, user).where(
        Enterprise.state.in_((EnterpriseState.PENDING, EnterpriseState.CORRECTING)),
        in_region_of(user, Enterprise.region_id),
    )
    firms = session.scalars(waiting.order_by(Enterprise.created_at, Enterprise.id).limit(_SHOWN)).all()
    counted = select(func.count()).select_from(waiting.subquery())
    return CountyHome(
        firms=list(firms),
        firm_count=session.scalar(everyones(counted, because="the list it counts is scoped")) or 0,
        unverified=deals.unverified_near(session, user),
        disputed=deals.disputed_near(session, user),
    )


def auditor_home(session: Session, user: User) -> AuditorHome:
    """The home of an auditor."""
    duplicates = (
        visible(Deal, user)
        .where(Deal.duplicate_of_id.is_not(None))
        .options(joinedload(Deal.buyer), joinedload(Deal.seller), joinedload(Deal.standing))
        .order_by(Deal.id.desc())
        .limit(_SHOWN)
    )
    return AuditorHome(
        disputed=deals.disputed_near(session, user, limit=_SHOWN), duplicates=list(session.scalars(duplicates))
    )


def administrator_home(session: Session) -> AdministratorHome:
    """The home of an administrator."""
    failed = select(Job).where(Job.state == JobState.FAILED).order_by(Job.id.desc()).limit(_SHOWN)
    jobs = session.scalars(everyones(failed, because="an administrator looks after all background work"))
    return AdministratorHome(list(jobs), {role: len(members_of(session, role=role)) for role in Role})
