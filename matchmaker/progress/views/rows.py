"""The rows behind a number: deals, events, enterprises."""

from __future__ import annotations

from flask import render_template, request
from sqlalchemy.orm import Session

from matchmaker.accounts.viewer import get_user
from matchmaker.deals.counting import DealKind, EventReason
from matchmaker.deals.queries import find_event
from matchmaker.i18n import gettext as _
from matchmaker.progress import policies, queries, wording
from matchmaker.progress.slices import OF_RENEWALS, Cut, Slice
from matchmaker.progress.views.asking import (
    Asked,
    asked_cut,
    asked_event,
    asked_events,
    asked_place,
    find_asked,
)
from matchmaker.progress.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy


@bp.get("/deals")
@policy(policies.readers)
def deals() -> str:
    """The deals a number is made of, with what each brings to it, and a total that is the number."""
    session, user, asked = get_session(), get_user(), find_asked(get_session())
    if asked is None:
        return render_template("progress/none.html")
    cut, recount = asked_cut(), asked.count(session)
    found = queries.opened_deals(session, user, recount, cut, number=page_number(request.args.get("page")))
    return render_template(
        "progress/deals.html",
        found=found,
        cut=cut,
        title=_title(session, cut),
        explained=wording.SLICES[cut.slice][1],
        words=wording,
        of_renewals=cut.slice in OF_RENEWALS,
        slices=_slices(),
        kinds=[(kind.value, wording.KINDS[kind]) for kind in DealKind],
        months=_months(asked),
        places=_places(session),
        without_page=_without("page"),
        **asked.context(),
    )


@bp.get("/events")
@policy(policies.readers)
def events() -> str:
    """Every event of the year with whether it counts, and why not."""
    session, user, asked = get_session(), get_user(), find_asked(get_session())
    if asked is None:
        return render_template("progress/none.html")
    cut, recount = asked_events(), asked.count(session)
    found = queries.opened_events(session, user, recount, cut, number=page_number(request.args.get("page")))
    return render_template(
        "progress/events.html",
        found=found,
        cut=cut,
        counted_here=queries.counted_among(recount, cut),
        words=wording,
        reasons=[(reason.value, wording.EVENT_REASONS[reason]) for reason in EventReason],
        months=_months(asked),
        places=_places(session),
        without_page=_without("page"),
        **asked.context(),
    )


@bp.get("/enterprises")
@policy(policies.readers)
def enterprises() -> str:
    """Every enterprise that was present at an event that counts, once, with how often."""
    session, user, asked = get_session(), get_user(), find_asked(get_session())
    if asked is None:
        return render_template("progress/none.html")
    recount, place, event = asked.count(session), asked_place(), asked_event()
    number = page_number(request.args.get("page"))
    found = queries.opened_enterprises(session, user, recount, place=place, event=event, number=number)
    return render_template(
        "progress/enterprises.html",
        found=found,
        place=place,
        event=find_event(session, user, event) if event else None,
        places=_places(session),
        without_page=_without("page"),
        **asked.context(),
    )


def _title(session: Session, cut: Cut) -> str:
    """What the number is, as far as the address narrows it: 净意向额·3 月·襄阳."""
    places = dict(_places(session))
    parts = [str(wording.SLICES[cut.slice][0])]
    if cut.kind is not DealKind.PURCHASE:
        parts.append(str(wording.KINDS[cut.kind]))
    if cut.month:
        parts.append(cut.month)
    if cut.late is not None:
        parts.append(_("补报") if cut.late else _("按期"))
    if cut.place:
        parts.append(f"{places.get(cut.place, cut.place)}（{wording.BASES[cut.basis]}）")
    return "·".join(parts)


def _slices() -> list[tuple[str, str]]:
    return [(slice_.value, wording.SLICES[slice_][0]) for slice_ in Slice if slice_ is not Slice.NET]


def _months(asked: Asked) -> list[tuple[str, str]]:
    """The months of the programme's year."""
    return [(f"{asked.programme.year}-{number:02d}",) * 2 for number in range(1, 13)]


def _places(session: Session) -> list[tuple[str, str]]:
    """The prefectures, and what belongs to none."""
    named = [(place.code, place.name) for place in queries.place_names(session)]
    return [*named, *((key, str(name)) for key, name in wording.OTHER_PLACES.items())]


def _without(*names: str) -> dict[str, str]:
    """The address without some of its parts, for links that keep the rest."""
    return {name: value for name, value in request.args.items() if name not in names}
