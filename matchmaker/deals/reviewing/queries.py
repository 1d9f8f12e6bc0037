"""Findings with what was said of them, and the deals they are about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import User
from matchmaker.deals.models import Deal
from matchmaker.deals.reviewing import scopes  # noqa: F401 -- registers who sees the marks
from matchmaker.deals.reviewing.models import SignalMark, Verdict
from matchmaker.deals.reviewing.reading import read_ledger
from matchmaker.deals.signals import Finding, Rule, findings_of
from matchmaker.enterprises.models import Enterprise
from matchmaker.web.visibility import visible

_OF_ORGANISERS = (Rule.ROUND_HEAP, Rule.MONTH_END)


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding with the last word on it, if anybody looked."""

    finding: Finding
    mark: SignalMark | None

    @property
    def verdict(self) -> Verdict:
        """Where the finding stands."""
        return self.mark.verdict if self.mark else Verdict.OPEN


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings a rule has, and how many of them nobody has looked at."""

    rule: Rule
    all: int
    open: int


def marked_findings(session: Session, user: User, year: int) -> list[Marked]:
    """What the rules find among the deals of a year this person sees, those nobody looked at first in each rule."""
    found = findings_of(read_ledger(session, user, year))
    last = _last_marks(session, user)
    marked = [Marked(finding, last.get(finding.key)) for finding in found]
    order = list(Rule)
    return sorted(marked, key=lambda each: (order.index(each.finding.rule), each.verdict is not Verdict.OPEN))


def tallies(findings: Collection[Marked]) -> list[Tally]:
    """Every rule with its counts, those without a finding too."""
    of_rule = {rule: [each for each in findings if each.finding.rule is rule] for rule in Rule}
    return [Tally(rule, len(each), sum(one.verdict is Verdict.OPEN for one in each)) for rule, each in of_rule.items()]


def parties_of(session: Session, user: User, findings: Collection[Marked]) -> dict[str, Deal]:
    """By the key of each finding about two firms, a deal between them; the other findings are about an organiser."""
    firsts = {each.finding.key: each.finding.rows[0] for each in findings if each.finding.rule not in _OF_ORGANISERS}
    deals = {deal.public_id: deal for deal in deals_of_finding(session, user, list(firsts.values()))}
    return {key: deals[first] for key, first in firsts.items()}


def find_marked(session: Session, user: User, year: int, key: str) -> Marked | None:
    """One finding by its address; None where the reader's deals no longer show it."""
    return next((each for each in marked_findings(session, user, year) if each.finding.key == key), None)


def marks_of(session: Session, user: User, key: str) -> list[SignalMark]:
    """Everything said of a finding, the latest first."""
    statement = visible(SignalMark, user).where(SignalMark.finding_key == key).options(joinedload(SignalMark.user))
    return list(session.scalars(statement.order_by(SignalMark.id.desc())))


def deals_of_finding(session: Session, user: User, rows: Sequence[str]) -> list[Deal]:
    """The deals a finding is about, the earliest first."""
    statement = (
        visible(Deal, user)
        .where(Deal.public_id.in_(rows))
        .options(
            joinedload(Deal.standing),
            joinedload(Deal.buyer).joinedload(Enterprise.region),
            joinedload(Deal.seller).joinedload(Enterprise.region),
            joinedload(Deal.event),
        )
    )
    return sorted(session.scalars(statement), key=lambda deal: (deal.standing.declared_at, deal.id))


def _last_marks(session: Session, user: User) -> dict[str, SignalMark]:
    statement = visible(SignalMark, user).order_by(SignalMark.id)
    return {mark.finding_key: mark for mark in session.scalars(statement)}
