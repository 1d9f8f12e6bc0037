"""The calendar, and the page of one event."""

from __future__ import annotations

from flask import render_template, request

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.viewer import find_user
from matchmaker.chains.queries import all_chains
from matchmaker.events import queries
from matchmaker.events.models import EventState, MatchmakingEvent, Registration, RegistrationState
from matchmaker.events.policies import may_approve, may_run
from matchmaker.events.transitions import EDITABLE, UNDER_REVIEW, may_become, may_move
from matchmaker.events.views.blueprint import bp, find_event
from matchmaker.events.words import EVENT_STATES
from matchmaker.regions.queries import find_region, ids_within, prefectures
from matchmaker.web.database import get_session
from matchmaker.web.pagination import page_number, paginate
from matchmaker.web.policies import anyone, policy

WHENS = ("coming", "past", "all")


@bp.get("")
@policy(anyone)
def calendar() -> str:
    """All events this reader may see, by the filters in the address."""
    session, user = get_session(), find_user()
    wanted = _wanted(user)
    page = paginate(session, queries.calendar_of(user, wanted), number=page_number(request.args.get("page")))
    own = queries.registrations_at(session, page.rows, user.enterprise_id if user else None)
    return render_template(
        "events/calendar.html",
        page=page,
        wanted=wanted,
        registrations=own,
        chains=[(chain.code, chain.name) for chain in all_chains(session)],
        prefectures=[(region.code, region.short_name) for region in prefectures(session)],
        states=[(state.value, str(EVENT_STATES[state])) for state in EventState],
        plans=user is not None and user.role is Role.ORGANISER,
    )


def _wanted(user: User | None) -> queries.CalendarFilter:
    session, args = get_session(), request.args
    region = find_region(session, args.get("region", ""))
    states = {state.value: state for state in EventState}
    mine = user is not None and user.office is not None and args.get("mine") == "1"
    return queries.CalendarFilter(
        when=args.get("when") if args.get("when") in WHENS else "coming",  # type: ignore[arg-type]
        chain=args.get("chain", "")[:40],
        region_ids=tuple(ids_within(session, region)) if region else (),
        state=states.get(args.get("state", "")),
        text=args.get("q", "").strip()[:100],
        organiser_id=user.office.id if mine and user and user.office else None,
    )


@bp.get("/<public_id:event_id>")
@policy(anyone)
def show(event_id: str) -> str:
    """One event: its facts, its seats, and what this reader can do."""
    session, user = get_session(), find_user()
    event = find_event(event_id)
    registration = queries.find_registration(session, event, user.enterprise_id if user else None)
    runs = may_run(user, event)
    sees_counts = runs or may_approve(user, event)
    counts = queries.registration_counts(session, event) if sees_counts else {}
    return render_template(
        "events/show.html",
        event=event,
        reader=user,
        registration=registration,
        can=_possible(event, user, registration),
        runs=runs,
        approves=may_approve(user, event),
        counts=counts,
        to_review=sum(counts.get(state, 0) for state in UNDER_REVIEW),
        attendance=queries.attendance_of(session, event) if sees_counts else None,
        special_events=queries.special_events(session, user, event),
        is_day=event.held_on <= queries.today(),
        editable=event.state in EDITABLE,
    )


def _possible(event: MatchmakingEvent, user: User | None, registration: Registration | None) -> dict[str, bool]:
    """Which steps are open right now, by name."""
    is_firm = user is not None and user.role is Role.ENTERPRISE
    state = registration.state if registration else RegistrationState.CANCELLED
    before = event.held_on >= queries.today()
    return {
        "apply": is_firm and event.state is EventState.OPEN and may_become(state, RegistrationState.APPLIED),
        "confirm": registration is not None and may_become(state, RegistrationState.CONFIRMED) and before,
        "give_up": registration is not None and may_become(state, RegistrationState.CANCELLED) and before,
        "cancel": may_move(event.state, EventState.CANCELLED),
        "postpone": may_move(event.state, EventState.POSTPONED),
    }
