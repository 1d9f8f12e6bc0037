"""Lists of partners, and the evidence of one beside its list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.policies import enterprises, members, offices
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import Capability, Enterprise, Need
from matchmaker.matching import policies, words
from matchmaker.matching.asking import find_index, list_for
from matchmaker.matching.indexing import Published
from matchmaker.matching.models import MatchRun, MatchSubject, Suggestion
from matchmaker.matching.queries import finding, naming, runs
from matchmaker.matching.queries.runs import Shown
from matchmaker.matching.questions import Question, about_capability, about_enterprise, about_need
from matchmaker.matching.views.alerts import watch_state
from matchmaker.matching.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.lookups import find_or_404
from matchmaker.web.policies import policy
from matchmaker.web.visibility import visible

TABS = (MatchSubject.UPSTREAM, MatchSubject.DOWNSTREAM, MatchSubject.NEED, MatchSubject.CAPABILITY)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list a page is about, and the firm's own lines one may choose among."""

    firm: Enterprise
    subject: MatchSubject
    line: Need | Capability | None
    needs: list[Need]
    capabilities: list[Capability]

    @property
    def question(self) -> Question | None:
        """What to ask the engine; None when the firm has no line to ask with."""
        if isinstance(self.line, Need):
            return about_need(self.line, today=shanghai_day(utcnow()))
        if isinstance(self.line, Capability):
            return about_capability(self.line)
        if self.subject in (MatchSubject.NEED, MatchSubject.CAPABILITY) or not self.has_lines:
            return None
        return about_enterprise(self.firm, subject=self.subject)

    @property
    def has_lines(self) -> bool:
        """Whether the firm has published anything at all."""
        return bool(self.needs or self.capabilities)

    @property
    def address(self) -> dict[str, str]:
        """The part of an address that names this list."""
        if self.line is not None:
            return {self.subject.value: self.line.public_id}
        if self.subject in (MatchSubject.NEED, MatchSubject.CAPABILITY):
            return {"by": self.subject.value}
        return {"direction": self.subject.value}


@bp.get("/suggestions")
@policy(enterprises)
def suggestions() -> str:
    """Who fits this firm: for a need, for a capability, up- or downstream."""
    session, user = get_session(), get_user()
    firm = finding.firm_of(session, user, user.enterprise_id)
    if firm is None:
        raise NotFound
    return _list_page(session, user, _asked_by_address(session, user, firm))


@bp.get("/enterprises/<public_id:enterprise_id>/partners")
@policy(offices)
def partners(enterprise_id: str) -> str:
    """The same lists of any firm, for those who invite; nothing can be answered here."""
    session, user = get_session(), get_user()
    firm = finding.find_firm(session, user, enterprise_id)
    if firm is None:
        raise NotFound
    return _list_page(session, user, _asked_by_address(session, user, firm))


@bp.get("/suggestions/<public_id:suggestion_id>")
@policy(members)
def show(suggestion_id: str) -> str:
    """Why one partner is suggested; on a wide screen beside the rest of its list."""
    session, user = get_session(), get_user()
    suggestion = find_or_404(visible(Suggestion, user), suggestion_id)
    return evidence_page(session, user, suggestion)


def evidence_page(session: Session, user: User, suggestion: Suggestion, *, message: str = "") -> str:
    """The evidence of one suggestion, as its reader may see it now."""
    run = suggestion.run
    rows = runs.shown_list(session, user, run)
    chosen = next((each for each in rows if each.suggestion.id == suggestion.id), None)
    asked = _asked_of(session, user, run)
    if chosen is None or asked is None:
        raise NotFound
    return render_template(
        "matching/show.html",
        message=message,
        **_frame(user, asked, run),
        **_parted(rows),
        **_panel(session, user, run, chosen, rows),
    )


def _list_page(session: Session, user: User, asked: Asked) -> str:
    published, question = find_index(session), asked.question
    run = list_for(session, question, published) if published and question else None
    every = runs.shown_list(session, user, run) if run else []
    rows = [each for each in every if _fits(each)]
    parted = _parted(rows)
    shown = [*parted["full"], *parted["near"]]
    return render_template(
        "matching/suggestions.html",
        edition=published.edition if published else None,
        is_behind=_is_behind(published, asked),
        choices=_filter_choices(every),
        found=len(every),
        **watch_state(session, user, asked.line),
        **_frame(user, asked, run),
        **parted,
        **(_panel(session, user, run, shown[0], shown) if run and shown else {"chosen": None}),
    )


def _is_behind(published: Published | None, asked: Asked) -> bool:
    """Whether a list that goes by the index does not know yet what the firm itself changed last."""
    changed = [*(need.updated_at for need in asked.needs), *(line.updated_at for line in asked.capabilities)]
    if published is None or asked.line is not None or not changed:
        return False
    return max(changed) > published.edition.moment


# Which list is asked for


def _asked_by_address(session: Session, user: User, firm: Enterprise) -> Asked:
    needs = finding.open_needs_of(session, user, firm)
    capabilities = finding.published_capabilities_of(session, user, firm)
    subject, line = _chosen_in_address(needs, capabilities)
    return Asked(firm, subject, line, needs, capabilities)


def _chosen_in_address(
    needs: list[Need], capabilities: list[Capability]
) -> tuple[MatchSubject, Need | Capability | None]:
    args = request.args
    if args.get("direction") in ("upstream", "downstream"):
        return MatchSubject(args["direction"]), None
    if "need" in args or args.get("by") == "need":
        return MatchSubject.NEED, _named(needs, args.get("need"))
    if "capability" in args or args.get("by") == "capability":
        return MatchSubject.CAPABILITY, _named(capabilities, args.get("capability"))
    return _touched_last(needs, capabilities)


def _named(lines: list[Any], public_id: str | None) -> Any:
    """The line an address names, or the newest; one that is not the firm's open line is no page."""
    if public_id is None:
        return lines[0] if lines else None
    for line in lines:
        if line.public_id == public_id:
            return line
    raise NotFound


def _touched_last(needs: list[Need], capabilities: list[Capability]) -> tuple[MatchSubject, Need | Capability | None]:
    """What the firm published or edited last is what it wants to know about first."""
    need, capability = next(iter(needs), None), next(iter(capabilities), None)
    if need is not None and (capability is None or need.updated_at > capability.updated_at):
        return MatchSubject.NEED, need
    return (MatchSubject.CAPABILITY, capability) if capability else (MatchSubject.DOWNSTREAM, None)


def _asked_of(session: Session, user: User, run: MatchRun) -> Asked | None:
    """The list a run answered, if its line is still the reader's to see."""
    firm = finding.firm_of(session, user, run.enterprise_id)
    line: Need | Capability | None = None
    if run.subject is MatchSubject.NEED:
        line = runs.asked_need(session, user, run.subject_id)
    elif run.subject is MatchSubject.CAPABILITY:
        line = runs.asked_capability(session, user, run.subject_id)
    needs_line = run.subject in (MatchSubject.NEED, MatchSubject.CAPABILITY)
    return None if firm is None or (needs_line and line is None) else Asked(firm, run.subject, line, [], [])


# What is shown of it


def _fits(shown: Shown) -> bool:
    """Whether a suggestion passes the filters in the address."""
    prefecture, chain = request.args.get("prefecture", ""), request.args.get("chain", "")
    place, line = shown.enterprise.region.prefecture, shown.capability or shown.need
    if prefecture and (place is None or place.code != prefecture):
        return False
    return not chain or (line is not None and line.segment is not None and line.segment.chain.code == chain)


def _filter_choices(rows: list[Shown]) -> dict[str, list[tuple[str, str]]]:
    """Only places and chains that occur in the list, so that no choice leads to nothing."""
    places = {place.code: place.short_name for each in rows if (place := each.enterprise.region.prefecture)}
    lines = [each.capability or each.need for each in rows]
    chains = {line.segment.chain.code: line.segment.chain.name for line in lines if line and line.segment}
    return {"prefectures": sorted(places.items()), "chains": sorted(chains.items())}


def _parted(rows: list[Shown]) -> dict[str, list[Shown]]:
    """Full matches, near misses, and what was set aside; each in the order of the list."""
    kept = [each for each in rows if not each.is_set_aside]
    return {
        "full": [each for each in kept if not each.failed],
        "near": runs.near_misses(kept),
        "aside": [each for each in rows if each.is_set_aside],
    }


def _frame(user: User, asked: Asked, run: MatchRun | None) -> dict[str, Any]:
    is_own = user.role is Role.ENTERPRISE
    return {
        "asked": asked,
        "is_own": is_own,
        "run": run,
        "words": words,
        "list_url": _list_url(asked, is_own=is_own),
        "tabs": [
            (subject.value, _tab_url(asked, subject, is_own=is_own), subject is asked.subject) for subject in TABS
        ],
    }


def _list_url(asked: Asked, *, is_own: bool) -> str:
    return _url(asked.firm, asked.address, is_own=is_own)


def _tab_url(asked: Asked, subject: MatchSubject, *, is_own: bool) -> str:
    key = "direction" if subject in (MatchSubject.UPSTREAM, MatchSubject.DOWNSTREAM) else "by"
    return _url(asked.firm, {key: subject.value}, is_own=is_own)


def _url(firm: Enterprise, address: dict[str, Any], *, is_own: bool) -> str:
    if is_own:
        return url_for("matching.suggestions", **address)
    return url_for("matching.partners", enterprise_id=firm.public_id, **address)


def list_url(session: Session, user: User, suggestion: Suggestion) -> str:
    """The address of the list a suggestion stands in."""
    asked = _asked_of(session, user, suggestion.run)
    return _list_url(asked, is_own=user.role is Role.ENTERPRISE) if asked else url_for("matching.suggestions")


def _panel(session: Session, user: User, run: MatchRun, chosen: Shown, rows: list[Shown]) -> dict[str, Any]:
    names = naming.names(session)
    return {
        "chosen": chosen,
        "position": rows.index(chosen) + 1,
        "count": len(rows),
        "parts": words.part_lines(chosen, run, names),
        "path": words.path(chosen, names),
        "can_answer": policies.may_answer(user, run),
    }
