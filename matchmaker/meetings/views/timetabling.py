"""The organiser's timetable: compute, look, publish."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.policies import offices, organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.errors import NotAllowed
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.policies import may_run
from matchmaker.events.queries import seated_enterprise_ids
from matchmaker.events.scopes import runs_event
from matchmaker.i18n import gettext as _
from matchmaker.jobs.models import JobState
from matchmaker.jobs.services import stop
from matchmaker.meetings import boards, queries, services
from matchmaker.meetings.models import TimetableState, TimetableVersion
from matchmaker.meetings.services.publishing import TIMETABLED_IN
from matchmaker.meetings.views.blueprint import bp
from matchmaker.web.charts import solve_curve
from matchmaker.web.charts.curves import SolveCurve
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible


@bp.get("/events/<public_id:event_id>/timetable")
@policy(offices)
def timetable(event_id: str) -> str:
    """The timetable of an event: the version asked for, else the latest."""
    session, user, event = get_session(), get_user(), _event_in_reach(event_id)
    versions = queries.timetables_of(session, event)
    shown = _shown(versions)
    return render_template(
        "meetings/timetable.html",
        event=event,
        versions=versions,
        shown=shown,
        computing=queries.open_computation(session, event),
        failed=_broken_off(versions, JobState.FAILED),
        stopped=_broken_off(versions, JobState.STOPPED),
        runs=may_run(user, event),
        user_id=user.id,
        may_compute=event.state in TIMETABLED_IN,
        placeable=len(queries.placeable_requests(session, event)),
        figures=queries.figures_of(session, event),
        unanswered=queries.unanswered_count(session, event),
        **(_content(session, event, shown) if shown else {}),
    )


def _event_in_reach(event_id: str) -> MatchmakingEvent:
    user = get_user()
    return find_or_404(visible(MatchmakingEvent, user).where(runs_event(user)), event_id)


def _shown(versions: list[TimetableVersion]) -> TimetableVersion | None:
    """The version named in the address, else the latest computed one."""
    named = request.args.get("version", "")
    computed = [each for each in versions if each.state is not TimetableState.COMPUTING]
    return next((each for each in computed if each.public_id == named), computed[0] if computed else None)


def _broken_off(versions: list[TimetableVersion], state: JobState) -> TimetableVersion | None:
    """The latest version, when its computation ended this way before it was written down."""
    latest = versions[0] if versions else None
    if latest is None or latest.state is not TimetableState.COMPUTING or latest.job is None:
        return None
    return latest if latest.job.state is state else None


def _content(session: Session, event: MatchmakingEvent, shown: TimetableVersion) -> dict[str, object]:
    meetings = queries.meetings_of_timetable(session, shown)
    seated = seated_enterprise_ids(session, event)
    slots, tables = queries.slots_of(session, event), queries.tables_of(session, event)
    requests = queries.requests_with_ids(session, [row["request_id"] for row in shown.unplaced])
    return {
        "board": boards.board_of(slots, tables, meetings, seated),
        "days": boards.days_of(meetings),
        "meetings": meetings,
        "left_out": boards.left_out_of(shown, requests, slots),
        "clashes": boards.clashes_in(meetings, seated),
        "stages": {stage["name"]: stage for stage in shown.stages},
        "curve": _curve(shown),
    }


def _curve(shown: TimetableVersion) -> SolveCurve | None:
    points = (shown.job.result or {}).get("curve", []) if shown.job else []
    if len(points) < 2:  # noqa: PLR2004 -- one point is no curve
        return None
    return solve_curve([(second, value) for second, value, _b in points], [(second, b) for second, _v, b in points])


@bp.post("/events/<public_id:event_id>/timetable")
@policy(organisers)
def compute(event_id: str) -> AnyResponse:
    """Have a new version computed."""
    session, user, event = get_session(), get_user(), _own_event(event_id)
    services.start_timetable(session, event=event, actor=user)
    answer = remember(_to_timetable(event))
    session.commit()
    return answer


def _own_event(event_id: str) -> MatchmakingEvent:
    event = _event_in_reach(event_id)
    if not may_run(get_user(), event):
        raise NotAllowed
    return event


@bp.post("/timetables/<public_id:timetable_id>/publish")
@policy(organisers)
def publish(timetable_id: str) -> AnyResponse:
    """Show a version to its participants."""
    session, user, version = get_session(), get_user(), _own_timetable(timetable_id)
    services.publish_timetable(session, timetable=version, actor=user)
    answer = remember(_to_timetable(version.event))
    session.commit()
    flash(_("排期已发布，已通知双方企业"), f"undo:{url_for('.unpublish', timetable_id=version.public_id)}")
    return answer


@bp.post("/timetables/<public_id:timetable_id>/unpublish")
@policy(organisers)
def unpublish(timetable_id: str) -> AnyResponse:
    """Take a published version back."""
    session, user, version = get_session(), get_user(), _own_timetable(timetable_id)
    services.unpublish_timetable(session, timetable=version, actor=user)
    answer = remember(_to_timetable(version.event))
    session.commit()
    flash(_("排期已撤回，已通知双方企业"), "success")
    return answer


@bp.post("/timetables/<public_id:timetable_id>/stop")
@policy(organisers)
def stop_computing(timetable_id: str) -> AnyResponse:
    """End the search and keep the best found so far."""
    session, version = get_session(), _own_timetable(timetable_id)
    if version.job is not None:
        stop(session, version.job)
    answer = remember(_to_timetable(version.event))
    session.commit()
    return answer


def _own_timetable(timetable_id: str) -> TimetableVersion:
    user = get_user()
    version = find_or_404(visible(TimetableVersion, user), timetable_id)
    if not may_run(user, version.event):
        raise NotAllowed
    return version


def _to_timetable(event: MatchmakingEvent) -> AnyResponse:
    return redirect(url_for(".timetable", event_id=event.public_id))


@bp.get("/events/<public_id:event_id>/meeting-figures")
@policy(offices)
def figures(event_id: str) -> str:
    """What an event's talks came to, for the page of its close-out."""
    event = _event_in_reach(event_id)
    return render_template("meetings/_figures.html", figures=queries.figures_of(get_session(), event), event=event)
