"""Lists of partners, and the evidence of one beside its list."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.policies import enterprises, members, offices
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import Capability, Need
from matchmaker.matching import policies, words
from matchmaker.matching.asking import find_index, list_for
from matchmaker.matching.filtering import Order
from matchmaker.matching.indexing import Published
from matchmaker.matching.models import MatchRun, Suggestion
from matchmaker.matching.queries import finding, naming, runs
from matchmaker.matching.queries.runs import Shown
from matchmaker.matching.raising import Where, raising
from matchmaker.matching.views.alerts import watch_state
from matchmaker.matching.views.asked import TABS, Asked, asked_by_address, asked_of, tab_address, url_of
from matchmaker.matching.views.blueprint import bp
from matchmaker.matching.views.reading import Reading, Sifted, reading, sifted, unfiltered
from matchmaker.matching.views.sifting import filter_choices, filters_told, ways_out_of
from matchmaker.web.database import get_session
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible

FIRST_FULL: Final = 12
FIRST_NEAR: Final = 6


@bp.get("/suggestions")
@policy(enterprises)
def suggestions() -> str:
    """Who fits this firm: for a need, for a capability, up- or downstream."""
    session, user = get_session(), get_user()
    return _list_page(session, user, own_asked(session, user))


@bp.get("/enterprises/<public_id:enterprise_id>/partners")
@policy(offices)
def partners(enterprise_id: str) -> str:
    """The same lists of any firm, for those who invite; nothing can be answered here."""
    session, user = get_session(), get_user()
    return _list_page(session, user, asked_about(session, user, enterprise_id))


def own_asked(session: Session, user: User) -> Asked:
    """The list of this person's own firm that the address asks for."""
    firm = finding.firm_of(session, user, user.enterprise_id)
    if firm is None:
        raise NotFound
    return asked_by_address(session, user, firm)


def asked_about(session: Session, user: User, enterprise_id: str) -> Asked:
    """The list of any firm that the address asks for."""
    firm = finding.find_firm(session, user, enterprise_id)
    if firm is None:
        raise NotFound
    return asked_by_address(session, user, firm)


@bp.get("/suggestions/<public_id:suggestion_id>")
@policy(members)
def show(suggestion_id: str) -> str:
    """Why one partner is suggested; on a wide screen beside the rest of its list."""
    session, user = get_session(), get_user()
    suggestion = find_or_404(visible(Suggestion, user), suggestion_id)
    return evidence_page(session, user, suggestion)


def evidence_page(session: Session, user: User, suggestion: Suggestion, *, message: str = "") -> str:
    """The evidence of one suggestion, as its reader may see it now."""
    run, read = suggestion.run, reading()
    every = runs.shown_list(session, user, run)
    chosen = next((each for each in every if each.suggestion.id == suggestion.id), None)
    asked = asked_of(session, user, run)
    if chosen is None or asked is None:
        raise NotFound
    list_ = sifted(every, asked.firm, read, shanghai_day(utcnow()))
    beside = list_.shown if chosen in list_.shown else every
    return render_template(
        "matching/show.html",
        message=message,
        **frame(user, asked, run, read),
        **_shown_first(list_, read, chosen),
        **_panel(session, user, run, chosen, beside),
    )


def _list_page(session: Session, user: User, asked: Asked) -> str:
    read, published, question = reading(), find_index(session), asked.question
    run = list_for(session, question, published) if published and question else None
    every = runs.shown_list(session, user, run) if run else []
    list_ = sifted(every, asked.firm, read, shanghai_day(utcnow()))
    chosen = _chosen(list_, read)
    choices, told = filter_choices(list_.every), filters_told(read.filters, session)
    fragment = request.headers.get("HX-Target", "").endswith("#suggested")
    return render_template(
        "matching/_suggested.html" if fragment else "matching/suggestions.html",
        is_fragment=fragment,
        edition=published.edition if published else None,
        is_behind=_is_behind(published, asked),
        choices=choices,
        told=told,
        strange={each.name: [(each.value, each.text)] for each in told if each.is_strange(choices)},
        ways_out=ways_out_of(list_, read),
        has_conditions=any(each.conditions for each in list_.every),
        has_partners=any(row.is_partner for row in list_.rows),
        clear_url=url_of(
            asked.firm, asked.address | unfiltered(read).query(at=""), is_own=user.role is Role.ENTERPRISE
        ),
        **watch_state(session, user, asked.line),
        **frame(user, asked, run, read),
        **_shown_first(list_, read, chosen),
        **(_panel(session, user, run, chosen, list_.shown) if run and chosen else {"chosen": None}),
    )


def _chosen(list_: Sifted, read: Reading) -> Shown | None:
    """Who stands beside the list: whom the address names, else the first that is not set aside."""
    for each in list_.shown:
        if each.enterprise.public_id == read.at:
            return each
    return next((each for each in list_.shown if not each.is_set_aside), None)


def _shown_first(list_: Sifted, read: Reading, chosen: Shown | None) -> dict[str, Any]:
    """As much of a list as is shown at first; far enough to have the chosen one and the one just answered in it."""
    pinned = [each for each in list_.shown if each is chosen or each.enterprise.public_id == read.said]
    full, near = (
        part if read.is_whole else part[: max([first, *(part.index(each) + 1 for each in pinned if each in part)])]
        for part, first in ((list_.full, FIRST_FULL), (list_.near, FIRST_NEAR))
    )
    return {
        "list": list_,
        "full": full,
        "near": near,
        "aside": list_.aside,
        "found": sum(not each.is_set_aside for each in list_.every),
        "shown_count": sum(not each.is_set_aside for each in list_.shown),
    }


def _is_behind(published: Published | None, asked: Asked) -> bool:
    """Whether a list that goes by the index does not know yet what the firm itself changed last."""
    changed = [*(need.updated_at for need in asked.needs), *(line.updated_at for line in asked.capabilities)]
    if published is None or asked.line is not None or not changed:
        return False
    return max(changed) > published.edition.moment


def frame(user: User, asked: Asked, run: MatchRun | None, read: Reading) -> dict[str, Any]:
    """What every page about a list needs: its words, and the addresses of what one may do with it."""
    is_own = user.role is Role.ENTERPRISE

    def link(page: str = "", **changes: Any) -> str:
        return url_of(asked.firm, asked.address | read.query(**changes), is_own=is_own, page=page)

    can_answer = run is not None and policies.may_answer(user, run)
    return {
        "asked": asked,
        "is_own": is_own,
        "can_answer": can_answer,
        "run": run,
        "read": read,
        "link": link,
        "words": words,
        "ways": {
            "read": read,
            "link": link,
            "words": words,
            "subject": asked.subject,
            "can_answer": can_answer,
            "text": str(run.asked.get("text", "")) if run else "",
        },
        "raise_urls": _raise_urls(asked) if is_own else {},
        "orders": [(order.value, words.ORDERS[order]) for order in Order if order is not Order.SCORE],
        "list_url": url_of(asked.firm, asked.address, is_own=is_own),
        "tabs": [
            (subject.value, url_of(asked.firm, tab_address(subject), is_own=is_own), subject is asked.subject)
            for subject in TABS
        ],
    }


def _raise_urls(asked: Asked) -> dict[str, str]:
    """Where the firm itself does what would raise a score, by the kind of place."""
    urls = {
        Where.NEW_NEED.value: url_for("enterprises.add_need"),
        Where.CAPABILITIES.value: url_for("enterprises.mine", _anchor="capabilities"),
    }
    if isinstance(asked.line, Need):
        urls[Where.LINE.value] = url_for("enterprises.edit_need", need_id=asked.line.public_id)
    elif isinstance(asked.line, Capability):
        urls[Where.LINE.value] = url_for("enterprises.edit_capability", capability_id=asked.line.public_id)
    return urls


def _panel(session: Session, user: User, run: MatchRun, chosen: Shown, rows: list[Shown]) -> dict[str, Any]:
    names = naming.names(session)
    return {
        "chosen": chosen,
        "position": rows.index(chosen) + 1,
        "count": len(rows),
        "parts": words.part_lines(chosen, run, names),
        "path": words.path(chosen, names),
        "raising": raising(chosen, run, names),
    }
