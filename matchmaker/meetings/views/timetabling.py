"""The organiser's timetable: compute, look, compare, publish."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import offices, organisers
from matchmaker.accounts.viewer import get_user
from matchmaker.events.models import MatchmakingEvent
from matchmaker.events.policies import may_run
from matchmaker.events.queries import seated_enterprise_ids
from matchmaker.i18n import gettext as _
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.services import stop
from matchmaker.meetings import boards, explaining, queries, services
from matchmaker.meetings.changes import Difference, difference
from matchmaker.meetings.hours import lunch_of
from matchmaker.meetings.models import Meeting, TimetableState, TimetableVersion
from matchmaker.meetings.places import Hall
from matchmaker.meetings.services.publishing import TIMETABLED_IN
from matchmaker.meetings.timetable import StageName
from matchmaker.meetings.views.blueprint import bp
from matchmaker.meetings.views.reach import event_in_reach, own_event, own_timetable, to_timetable
from matchmaker.meetings.words import STAGES, TROUBLES
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
    """The timetable of an event: the version asked for, else the latest; perhaps with a meeting picked to be moved."""
    session, user, event = get_session(), get_user(), event_in_reach(event_id)
    versions = queries.timetables_of(session, event)
    shown = _shown(versions)
    computing = queries.open_computation(session, event)
    return render_template(
        "meetings/timetable.html",
        event=event,
        lunch=lunch_of(event),
        versions=versions,
        makers=queries.makers_of(session, versions),
        placed=queries.placed_counts(session, event),
        shown=shown,
        computing=computing,
        progress=_progress(computing) if computing else None,
        failed=_broken_off(versions, JobState.FAILED),
        stopped=_broken_off(versions, JobState.STOPPED),
        lost=next((each for each in versions[:1] if _is_lost(each)), None),
        runs=may_run(user, event),
        may_compute=event.state in TIMETABLED_IN,
        placeable=len(queries.placeable_requests(session, event)),
        figures=queries.figures_of(session, event),
        unanswered=queries.unanswered_count(session, event),
        troubles=TROUBLES,
        **(_content(session, user, event, shown, versions) if shown else {}),
    )


def _shown(versions: list[TimetableVersion]) -> TimetableVersion | None:
    """The version named in the address, else the latest computed one that was not put aside."""
    named = request.args.get("version", "")
    computed = [each for each in versions if each.state not in (TimetableState.COMPUTING, TimetableState.FAILED)]
    asked = next((each for each in computed if each.public_id == named), None)
    return asked or next((each for each in computed if each.state is not TimetableState.DISCARDED), None)


def _broken_off(versions: list[TimetableVersion], state: JobState) -> TimetableVersion | None:
    """The latest version, when its computation ended this way before it was written down."""
    latest = versions[0] if versions else None
    if latest is None or latest.state is not TimetableState.COMPUTING or latest.job is None:
        return None
    return latest if latest.job.state is state else None


def _is_lost(version: TimetableVersion) -> bool:
    """Whether the worker died over it; it may be computed anew."""
    is_open = version.job is not None and version.job.state in (JobState.RUNNING, JobState.STOPPED)
    return version.state is TimetableState.COMPUTING and is_open and queries.is_overdue(version)


def _content(
    session: Session,
    user: User,
    event: MatchmakingEvent,
    shown: TimetableVersion,
    versions: list[TimetableVersion],
) -> dict[str, object]:
    hall = queries.hall_of(session, shown)
    seated = seated_enterprise_ids(session, event)
    requests = queries.requests_with_ids(session, explaining.named_requests(shown))
    may_arrange = may_run(user, event) and shown.state is TimetableState.DRAFT
    pick = _pick(hall) if may_arrange else None

    def url_of(meeting: Meeting) -> str:
        if not may_arrange:
            return ""
        pick = meeting.public_id
        return url_for(".timetable", event_id=event.public_id, version=shown.public_id, pick=pick, _anchor="board")

    focus = request.args.get("at", "")
    return {
        "board": boards.board_of(
            hall.slots,
            hall.tables,
            hall.meetings,
            seated,
            pick=pick,
            url_of=url_of,
            focus=focus,
            lunch=lunch_of(event),
        ),
        "pick": pick,
        "may_arrange": may_arrange,
        "times": {slot.number: slot.starts_at for slot in hall.slots},
        "days": boards.days_of(hall.meetings),
        "meetings": hall.meetings,
        "left_out": explaining.left_out_of(shown, requests, hall.slots),
        "rules": explaining.clashes_of(shown, requests),
        "clashes": boards.clashes_in(hall.meetings, seated),
        "stages": {stage["name"]: stage for stage in shown.stages},
        "curve": _curve(shown.job),
        **_comparison(session, shown, versions, hall.meetings),
    }


def _pick(hall: Hall) -> boards.Pick | None:
    """The meeting named in the address as being moved."""
    named = request.args.get("pick", "")
    meeting = next((each for each in hall.meetings if each.public_id == named), None)
    if meeting is None:
        return None
    here = meeting.slot.number, meeting.table.number
    return boards.Pick(meeting, hall.obstacles(meeting), None if meeting.is_locked else hall.nearest(meeting, here))


def _comparison(
    session: Session, shown: TimetableVersion, versions: list[TimetableVersion], meetings: Any
) -> dict[str, object]:
    """What differs from the version participants know; for an applied repair, from the one it mended."""
    published = next((each for each in versions if each.state is TimetableState.PUBLISHED), None)
    before = published
    if shown is published:
        before = shown.repair.base if shown.repair is not None else None
    if before is None or before is shown:
        return {"before": None, "changed": None, "told": []}
    changed = difference(queries.meetings_of_timetable(session, before), meetings)
    return {"before": before, "changed": changed, "told": _told(changed)}


def _told(changed: Difference) -> list[str]:
    """The names of those whose own appointments differ."""
    firms = {
        firm.id: firm.display_name for each in changed.changes for firm in (each.request.asker, each.request.asked)
    }
    return sorted(firms.values())


def _curve(job: Job | None) -> tuple[str, SolveCurve] | None:
    """The aim that took the search longest, by its word, and how its value and bound came together."""
    curves = (job.result or {}).get("curves", {}) if job else {}
    name = max(curves, key=lambda each: len(curves[each]), default="")
    points = curves.get(name, [])
    if len(points) < 2:  # noqa: PLR2004 -- one point is no curve
        return None
    drawn = solve_curve([(second, value) for second, value, _b in points], [(second, b) for second, _v, b in points])
    return str(STAGES[name]), drawn


@bp.get("/timetables/<public_id:timetable_id>/progress")
@policy(offices)
def progress(timetable_id: str) -> AnyResponse:
    """How far a computation is: a fragment that asks for its next self; once all is done the page is drawn anew."""
    version = find_or_404(visible(TimetableVersion, get_user()), timetable_id)
    shown = _progress(version)
    answer = Response(
        render_template("meetings/_progress.html", progress=shown, runs=may_run(get_user(), version.event))
    )
    if "HX-Request" in request.headers and not shown["running"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _progress(version: TimetableVersion) -> dict[str, Any]:
    """What is known of a computation: every stage so far, whether it is at work on it, and whether it is being ended.

    That nothing is required is nothing reached.
    """
    job = version.job
    found = (job.result or {}) if job is not None else {}
    known = found.get("stages", {})
    is_ending = job is not None and job.state is JobState.STOPPED
    return {
        "version": version,
        "job": job,
        "stages": [
            (word, *known[name], name == found.get("current"))
            for name, word in STAGES.items()
            if name in known and (name != StageName.REQUIRED.value or known[name][1])
        ],
        "curve": _curve(job),
        "running": version.state is TimetableState.COMPUTING
        and job is not None
        and (job.is_open or (is_ending and job.started_at is not None))
        and not queries.is_overdue(version),
        "is_ending": is_ending,
    }


@bp.post("/events/<public_id:event_id>/timetable")
@policy(organisers)
def compute(event_id: str) -> AnyResponse:
    """Have a new version computed; what is locked in the version on the screen stays."""
    session, user, event = get_session(), get_user(), own_event(event_id)
    named = request.form.get("locks_of", "")
    locks_of = (
        find_or_404(visible(TimetableVersion, user).where(TimetableVersion.event_id == event.id), named)
        if named
        else None
    )
    services.start_timetable(session, event=event, actor=user, locks_of=locks_of)
    answer = remember(to_timetable(event))
    session.commit()
    return answer


@bp.post("/timetables/<public_id:timetable_id>/publish")
@policy(organisers)
def publish(timetable_id: str) -> AnyResponse:
    """Show a version to its participants; a repair can be undone as a whole."""
    session, user, version = get_session(), get_user(), own_timetable(timetable_id)
    is_first = queries.find_published(session, version.event) is None
    services.publish_timetable(session, timetable=version, actor=user)
    answer = remember(to_timetable(version.event))
    session.commit()
    undo = ".undo_repair" if version.repair is not None else ".unpublish"
    said = _("排期已发布，已通知双方企业") if is_first else _("排期已更新，已通知有变动的企业")
    flash(said, f"undo:{url_for(undo, timetable_id=version.public_id)}")
    return answer


@bp.post("/timetables/<public_id:timetable_id>/unpublish")
@policy(organisers)
def unpublish(timetable_id: str) -> AnyResponse:
    """Take a published version back."""
    session, user, version = get_session(), get_user(), own_timetable(timetable_id)
    services.unpublish_timetable(session, timetable=version, actor=user)
    answer = remember(to_timetable(version.event))
    session.commit()
    flash(_("排期已撤回，已通知双方企业"), "success")
    return answer


@bp.post("/timetables/<public_id:timetable_id>/discard")
@policy(organisers)
def discard(timetable_id: str) -> AnyResponse:
    """Put a draft aside."""
    session, user, version = get_session(), get_user(), own_timetable(timetable_id)
    services.discard_timetable(session, timetable=version, actor=user)
    answer = remember(to_timetable(version.event))
    session.commit()
    words = _("第 %(number)s 版已放弃，参会企业不受影响", number=version.number)
    flash(words, f"undo:{url_for('.take_up', timetable_id=version.public_id)}")
    return answer


@bp.post("/timetables/<public_id:timetable_id>/take-up")
@policy(organisers)
def take_up(timetable_id: str) -> AnyResponse:
    """Make a version put aside a draft again."""
    session, user, version = get_session(), get_user(), own_timetable(timetable_id)
    services.take_up_timetable(session, timetable=version, actor=user)
    answer = remember(to_timetable(version.event, version=version.public_id))
    session.commit()
    return answer


@bp.post("/timetables/<public_id:timetable_id>/stop")
@policy(organisers)
def stop_computing(timetable_id: str) -> AnyResponse:
    """End the search and keep the best found so far."""
    session, version = get_session(), own_timetable(timetable_id)
    if version.job is not None:
        stop(session, version.job)
    answer = remember(to_timetable(version.event))
    session.commit()
    return answer


@bp.get("/events/<public_id:event_id>/meeting-figures")
@policy(offices)
def figures(event_id: str) -> str:
    """What an event's talks came to, for the page of its close-out."""
    event = event_in_reach(event_id)
    return render_template("meetings/_figures.html", figures=queries.figures_of(get_session(), event), event=event)
