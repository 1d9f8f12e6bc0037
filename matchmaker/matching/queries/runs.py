"""Lists of suggestions, read back: only what the reader may still see, with what was answered before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import (
    LISTED_STATES,
    OPEN_NEEDS,
    PUBLISHED_CAPABILITIES,
    Capability,
    Enterprise,
    LineKind,
    Need,
)
from matchmaker.matching.conditions import Buyer, Condition, Supplier, judged, limits
from matchmaker.matching.engine import Evidence
from matchmaker.matching.indexing import Published
from matchmaker.matching.models import Feedback, MatchRun, MatchSubject, Suggestion, Verdict
from matchmaker.matching.queries.indexable import line_of
from matchmaker.matching.questions import Question
from matchmaker.matching.records import evidence_of
from matchmaker.web.visibility import everyones, visible


@dataclass(frozen=True, slots=True)
class Answer:
    """What was last said of a partner: the verdict that stands and why."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One suggestion as its reader may see it at this moment."""

    suggestion: Suggestion
    enterprise: Enterprise
    evidence: Evidence
    capability: Capability | None
    need: Need | None
    conditions: tuple[Condition, ...]
    answer: Answer | None

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The hard conditions that are known not to be met; with any, it is a near miss."""
        return tuple(each for each in self.conditions if each.verdict is False)

    @property
    def is_set_aside(self) -> bool:
        """Whether the reader has put it away as unsuitable."""
        return self.answer is not None and self.answer.verdict is Verdict.UNSUITABLE


def near_misses(rows: Iterable[Shown]) -> list[Shown]:
    """Those that fail one hard condition; those that fail more only where there is nothing nearer."""
    missing = [each for each in rows if each.failed]
    nearest = [each for each in missing if len(each.failed) == 1]
    return nearest or missing


@dataclass(frozen=True, slots=True)
class Showable:
    """What a reader may be shown now, by id."""

    firms: dict[int, Enterprise]
    lines: dict[tuple[LineKind, int], Capability | Need]


def run_for(session: Session, question: Question, published: Published) -> MatchRun | None:
    """The list this question already got from this index by this ranking."""
    statement = select(MatchRun).where(
        MatchRun.subject == question.subject,
        MatchRun.subject_id == question.subject_id,
        MatchRun.input_digest == question.digest(published.version),
    )
    return session.scalar(everyones(statement, because="who may ask was decided when the question was put"))


def newest_run(session: Session, question: Question) -> MatchRun | None:
    """The list this subject got last, from whatever index."""
    statement = (
        select(MatchRun)
        .where(MatchRun.subject == question.subject, MatchRun.subject_id == question.subject_id)
        .order_by(MatchRun.id.desc())
        .limit(1)
    )
    return session.scalar(everyones(statement, because="who may ask was decided when the question was put"))


def stored_suggestions(session: Session, run: MatchRun) -> list[Suggestion]:
    """All that a run stored, in order, whether it may still be shown or not."""
    statement = select(Suggestion).where(Suggestion.run_id == run.id).order_by(Suggestion.rank)
    return list(session.scalars(everyones(statement, because="a list is compared with itself, not shown")))


def shown_list(session: Session, user: User, run: MatchRun) -> list[Shown]:
    """What of a list its reader may see now, best first; withdrawn and hidden lines are gone at once."""
    statement = visible(Suggestion, user).where(Suggestion.run_id == run.id).order_by(Suggestion.rank)
    return _shown(session, user, run, list(session.scalars(statement)))


def shown_suggestion(session: Session, user: User, suggestion: Suggestion) -> Shown | None:
    """One suggestion as its reader may see it now, or None when something of it was withdrawn or hidden."""
    found = _shown(session, user, suggestion.run, [suggestion])
    return found[0] if found else None


def fresh_suggestions(session: Session, user: User, *, enterprise_id: int, limit: int) -> list[Shown]:
    """The best of a firm's newest list that it has not answered yet."""
    newest = visible(MatchRun, user).where(MatchRun.enterprise_id == enterprise_id)
    run = session.scalar(newest.order_by(MatchRun.created_at.desc(), MatchRun.id.desc()).limit(1))
    if run is None:
        return []
    return [each for each in shown_list(session, user, run) if each.answer is None and not each.failed][:limit]


def _shown(session: Session, user: User, run: MatchRun, suggestions: list[Suggestion]) -> list[Shown]:
    told = [(suggestion, evidence_of(suggestion.evidence)) for suggestion in suggestions]
    lines = [line for _, evidence in told for line in _lines_of(evidence)]
    rows = showable(session, user, [suggestion.enterprise_id for suggestion in suggestions], lines)
    whole = [
        (suggestion, evidence)
        for suggestion, evidence in told
        if suggestion.enterprise_id in rows.firms and all(line in rows.lines for line in _lines_of(evidence))
    ]
    answers = answers_in(session, run)
    judge = _Judge(session, user, run, [suggestion.enterprise_id for suggestion, _ in whole])
    return [_one(suggestion, evidence, rows, judge, answers) for suggestion, evidence in whole]


def _one(
    suggestion: Suggestion, evidence: Evidence, rows: Showable, judge: _Judge, answers: dict[int, Answer]
) -> Shown:
    firm = rows.firms[suggestion.enterprise_id]
    capability = rows.lines.get((LineKind.CAPABILITY, suggestion.capability_id or 0))
    need = rows.lines.get((LineKind.NEED, suggestion.need_id or 0))
    assert not isinstance(capability, Need)  # noqa: S101 -- as its key says
    assert not isinstance(need, Capability)  # noqa: S101 -- as its key says
    return Shown(
        suggestion,
        firm,
        evidence,
        capability,
        need,
        judge.conditions(firm, capability, need),
        answers.get(firm.id),
    )


def _lines_of(evidence: Evidence) -> list[tuple[LineKind, int]]:
    return [line_of(pair.their_line_id) for pair in evidence.pairs]


def showable(session: Session, user: User, firm_ids: list[int], lines: list[tuple[LineKind, int]]) -> Showable:
    """Which of these firms and lines a reader may be shown: listed, still published, and visible to them."""
    capabilities = _published(user, (line for kind, line in lines if kind is LineKind.CAPABILITY))
    needs = _open(user, (line for kind, line in lines if kind is LineKind.NEED))
    found: dict[tuple[LineKind, int], Capability | Need] = {}
    found |= {(LineKind.CAPABILITY, row.id): row for row in session.scalars(capabilities)}
    found |= {(LineKind.NEED, row.id): row for row in session.scalars(needs)}
    return Showable({firm.id: firm for firm in session.scalars(_listed(user, firm_ids))}, found)


def _listed(user: User, ids: Iterable[int]) -> Select[Enterprise]:
    return (
        visible(Enterprise, user)
        .where(Enterprise.id.in_(set(ids)), Enterprise.state.in_(LISTED_STATES))
        .options(joinedload(Enterprise.region), selectinload(Enterprise.badges))
    )


def _published(user: User, ids: Iterable[int]) -> Select[Capability]:
    return (
        visible(Capability, user)
        .where(Capability.id.in_(set(ids)), Capability.state.in_(PUBLISHED_CAPABILITIES))
        .options(joinedload(Capability.segment))
    )


def _open(user: User, ids: Iterable[int]) -> Select[Need]:
    return (
        visible(Need, user).where(Need.id.in_(set(ids)), Need.state.in_(OPEN_NEEDS)).options(joinedload(Need.segment))
    )


class _Judge:
    """Holds every supplier of a list against the conditions of every buyer, and every buyer against its limits."""

    def __init__(self, session: Session, user: User, run: MatchRun, firms: list[int]) -> None:
        self._need = asked_need(session, user, run.subject_id) if run.subject is MatchSubject.NEED else None
        offers = run.subject is MatchSubject.CAPABILITY
        self._capability = asked_capability(session, user, run.subject_id) if offers else None
        self._today = shanghai_day(utcnow())
        asked = firms if self._need and self._need.hard_conditions else []
        owners = [*asked, *([run.enterprise_id] if self._capability else [])]
        self._certificates = certificates_of(session, owners) if owners else {}

    def conditions(self, firm: Enterprise, capability: Capability | None, need: Need | None) -> tuple[Condition, ...]:
        """What whichever side buys demands of the side that supplies, then the limits both have stated."""
        if self._need is not None:
            return self._between(self._need, self._need.enterprise, self._supplier(firm, capability))
        if self._capability is not None and need is not None:
            return self._between(need, firm, self._supplier(self._capability.enterprise, self._capability))
        return ()

    def _between(self, need: Need, firm: Enterprise, supplier: Supplier) -> tuple[Condition, ...]:
        buyer = Buyer(firm.region.code, need.quantity, need.unit, need.deliver_by, need.valid_until)
        demanded = judged(need.hard_conditions, supplier, buyer=buyer, today=self._today)
        return (*demanded, *limits(supplier, buyer, today=self._today))

    def _supplier(self, firm: Enterprise, capability: Capability | None) -> Supplier:
        held = self._certificates.get(firm.id, ())
        return supplier_of(firm.region.code, held, capability)


def supplier_of(region_code: str, certificates: tuple[str, ...], capability: Capability | None) -> Supplier:
    """A firm as conditions judge it, by the line that answers; without one, by where it is and what it holds."""
    if capability is None:
        return Supplier(region_code, certificates)
    unit = capability.capacity_unit
    amounts = ((capability.capacity, unit, capability.capacity_period), (capability.spare, unit, ""))
    return Supplier(
        region_code,
        certificates,
        capability.lead_days,
        offered=tuple((amount, unit, period) for amount, unit, period in amounts if amount is not None),
        text=capability.text,
        radius_km=capability.radius_km,
        touched_on=shanghai_day(capability.updated_at),
    )


def asked_need(session: Session, user: User, need_id: int) -> Need | None:
    """The need a list was asked for, with who asks."""
    statement = visible(Need, user).where(Need.id == need_id)
    return session.scalar(statement.options(joinedload(Need.enterprise).joinedload(Enterprise.region)))


def asked_capability(session: Session, user: User, capability_id: int) -> Capability | None:
    """The capability a list was asked for, with who asks."""
    statement = visible(Capability, user).where(Capability.id == capability_id)
    return session.scalar(statement.options(joinedload(Capability.enterprise).joinedload(Enterprise.region)))


def certificates_of(session: Session, firms: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The certificates each firm states on any of its published lines."""
    statement = select(Capability.enterprise_id, Capability.state, Capability.certificates).where(
        Capability.enterprise_id.in_(set(firms))
    )
    held: dict[int, set[str]] = {}
    for firm, state, certificates in session.execute(everyones(statement, because="only published lines are kept")):
        if state in PUBLISHED_CAPABILITIES:
            held.setdefault(firm, set()).update(certificates)
    return {firm: tuple(sorted(names)) for firm, names in held.items()}


def answers_in(session: Session, run: MatchRun) -> dict[int, Answer]:
    """What stands of each partner for this list's asker.

    The latest answer to the same question stands, whichever list it was given on; “already partners”
    said on any list holds on all of them.
    """
    statement = (
        select(Feedback.verdict, Feedback.reason, Suggestion.enterprise_id, MatchRun.subject, MatchRun.subject_id)
        .join(Feedback.suggestion)
        .join(Suggestion.run)
        .where(MatchRun.enterprise_id == run.enterprise_id)
        .order_by(Feedback.id)
    )
    latest = {
        (partner, subject, subject_id): Answer(verdict, reason)
        for verdict, reason, partner, subject, subject_id in session.execute(
            everyones(statement, because="the answers of the firm whose list this is")
        )
    }
    standing = {partner: said for (partner, *_), said in latest.items() if said.verdict is Verdict.PARTNERS}
    for (partner, subject, subject_id), said in latest.items():
        if (subject, subject_id) == (run.subject, run.subject_id) and said.verdict is not Verdict.TAKEN_BACK:
            standing[partner] = said
    return standing
