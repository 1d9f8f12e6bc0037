"""Which list an address asks for, and the addresses of lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import Capability, Enterprise, Need
from matchmaker.matching.models import MatchRun, MatchSubject
from matchmaker.matching.queries import finding, runs
from matchmaker.matching.questions import Question, about_capability, about_enterprise, about_need

TABS: Final = (MatchSubject.UPSTREAM, MatchSubject.DOWNSTREAM, MatchSubject.NEED, MatchSubject.CAPABILITY)
_LINES: Final = (MatchSubject.NEED, MatchSubject.CAPABILITY)


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
        if self.subject in _LINES or not self.has_lines:
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
        return tab_address(self.subject)


def tab_address(subject: MatchSubject) -> dict[str, str]:
    """The part of an address that names a kind of list."""
    return {("by" if subject in _LINES else "direction"): subject.value}


def url_of(firm: Enterprise, address: dict[str, Any], *, is_own: bool, page: str = "") -> str:
    """The address of a firm's list, or of a page about it, for the firm itself or for those who invite."""
    anchor = f"s-{address['said']}" if "said" in address else None
    if is_own:
        return url_for(f"matching.{page or 'suggestions'}", **address, _anchor=anchor)
    endpoint = f"matching.{page}_partners" if page else "matching.partners"
    return url_for(endpoint, enterprise_id=firm.public_id, **address, _anchor=anchor)


def asked_by_address(session: Session, user: User, firm: Enterprise) -> Asked:
    """The list this request's address names, or the one about what the firm touched last."""
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


def asked_of(session: Session, user: User, run: MatchRun) -> Asked | None:
    """The list a run answered, if its line is still the reader's to see."""
    firm = finding.firm_of(session, user, run.enterprise_id)
    line: Need | Capability | None = None
    if run.subject is MatchSubject.NEED:
        line = runs.asked_need(session, user, run.subject_id)
    elif run.subject is MatchSubject.CAPABILITY:
        line = runs.asked_capability(session, user, run.subject_id)
    return None if firm is None or (run.subject in _LINES and line is None) else Asked(firm, run.subject, line, [], [])
