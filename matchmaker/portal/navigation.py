"""What stands around every page: the places of a role, its notices, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import get_locale
from sqlalchemy import select

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.policies import ROLE_NAMES
from matchmaker.enterprises.models import Enterprise
from matchmaker.i18n import lazy as _
from matchmaker.notices.queries import unread_count
from matchmaker.web.database import get_session
from matchmaker.web.visibility import everyones

PLACES: dict[Role, tuple[tuple[str, str, str], ...]] = {
    Role.ENTERPRISE: (
        ("portal.today", _("今日"), "home"),
        ("matching.suggestions", _("推荐"), "link"),
        ("meetings.mine", _("洽谈"), "calendar-check"),
        ("deals.ledger", _("合作"), "file-text"),
        ("enterprises.mine", _("企业"), "user"),
        ("events.calendar", _("场次"), "calendar-event"),
        ("enterprises.register", _("名录"), "building"),
        ("enterprises.needs", _("需求"), "search"),
    ),
    Role.ORGANISER: (
        ("portal.today", _("今日"), "home"),
        ("events.calendar", _("场次"), "calendar-event"),
        ("enterprises.register", _("名录"), "building"),
        ("deals.ledger", _("台账"), "file-text"),
        ("progress.overview", _("总览"), "gauge"),
        ("chains.index", _("产业链"), "topology-star-3"),
        ("imports.history", _("导入"), "upload"),
    ),
    Role.OFFICIAL: (
        ("progress.overview", _("总览"), "gauge"),
        ("progress.standings", _("座次"), "chart-bar"),
        ("chains.index", _("产业链"), "topology-star-3"),
        ("enterprises.register", _("名录"), "building"),
        ("deals.ledger", _("台账"), "file-text"),
        ("events.calendar", _("场次"), "calendar-event"),
        ("deals.signals", _("线索"), "flag"),
        ("imports.history", _("导入"), "upload"),
    ),
    Role.COUNTY_OFFICER: (
        ("portal.today", _("待办"), "home"),
        ("enterprises.register", _("企业"), "building"),
        ("deals.ledger", _("意向"), "file-text"),
        ("progress.conversion", _("跟进"), "chart-line"),
        ("events.calendar", _("场次"), "calendar-event"),
        ("imports.history", _("导入"), "upload"),
    ),
    Role.AUDITOR: (
        ("portal.today", _("今日"), "home"),
        ("deals.ledger", _("台账"), "file-text"),
        ("progress.overview", _("总览"), "gauge"),
        ("events.calendar", _("场次"), "calendar-event"),
        ("deals.signals", _("线索"), "flag"),
        ("deals.samples", _("抽样"), "checklist"),
        ("enterprises.register", _("名录"), "building"),
    ),
    Role.ADMINISTRATOR: (
        ("portal.today", _("今日"), "home"),
        ("enterprises.register", _("名录"), "building"),
        ("imports.history", _("导入"), "upload"),
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One item of the rail or the bottom bar."""

    url: str
    label: str
    icon: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """The signed-in person as a page names them."""

    name: str
    scope_name: str
    role_name: str


def page_frame(user: User | None) -> dict[str, Any]:
    """The values base templates need on every page."""
    locale = get_locale()
    frame: dict[str, Any] = {
        "language_url": url_for("accounts.preferences"),
        "locale": "en" if locale is not None and locale.language == "en" else "zh",
        "nav": [],
        "theme_url": url_for("accounts.preferences"),
        "user": None,
    }
    if user is None or user.role is None:
        return frame
    return frame | {
        "alerts_url": url_for("matching.alerts"),
        "nav": _places(user.role),
        "notice_count": unread_count(get_session(), user),
        "notices_url": url_for("notices.mine"),
        "search_url": url_for("matching.search"),
        "sign_out_url": url_for("accounts.sign_out"),
        "user": Reader(user.name, scope_name(user), str(ROLE_NAMES[user.role])),
    }


def scope_name(user: User) -> str:
    """For whom a person acts, in words."""
    if user.enterprise_id is not None:
        own = select(Enterprise).where(Enterprise.id == user.enterprise_id)
        firm = get_session().scalar(everyones(own, because="it is the reader's own enterprise"))
        return firm.display_name if firm else ""
    return user.office.name if user.office else ""


def _places(role: Role) -> list[Place]:
    here = request.blueprint
    places = []
    for endpoint, label, icon in PLACES[role]:
        current = request.endpoint == endpoint or (here == endpoint.split(".")[0] and _is_nearest(role, endpoint))
        places.append(Place(url_for(endpoint), str(label), icon, current))
    return places


def _is_nearest(role: Role, endpoint: str) -> bool:
    """Whether a place stands for its whole blueprint: the first of that blueprint does, unless another is open."""
    blueprint = endpoint.partition(".")[0]
    siblings = [place for place, _label, _icon in PLACES[role] if place.partition(".")[0] == blueprint]
    return endpoint == siblings[0] and request.endpoint not in siblings
