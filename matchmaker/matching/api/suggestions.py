"""Suggestions as JSON: for a need, for a capability, up- and downstream of a firm, each with its evidence."""

from __future__ import annotations

from typing import Literal, Self

from sqlalchemy.orm import Session, joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import enterprises, members
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.api.references import FirmReference
from matchmaker.enterprises.models import OPEN_NEEDS, PUBLISHED_CAPABILITIES, Capability, Enterprise, Need
from matchmaker.i18n import lazy as _
from matchmaker.matching import policies, services, words
from matchmaker.matching.api.blueprint import bp
from matchmaker.matching.asking import find_index, list_for
from matchmaker.matching.engine import ChainStep
from matchmaker.matching.models import MatchRun, MatchSubject, Suggestion, Verdict
from matchmaker.matching.queries import finding, naming, runs
from matchmaker.matching.queries.naming import Names
from matchmaker.matching.queries.runs import Shown
from matchmaker.matching.questions import Question, about_capability, about_enterprise, about_need
from matchmaker.web.api import Answer, Body, Query, answer, operation
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import find_or_404
from matchmaker.web.visibility import visible

Reason = Literal["", "product", "capacity", "distance", "certificate", "specification", "delivery", "rival", "other"]


class PartAnswer(Answer):
    """One part of a score, in hundredths of a point; the parts add up exactly to the score."""

    part: str
    label: str
    points: int
    maximum: int
    ours: str
    theirs: str
    words: list[str]


class ConditionAnswer(Answer):
    """A hard condition: met, not met, or null where nobody has said."""

    text: str
    met: bool | None


class ChainStepAnswer(Answer):
    """One step along the chain and what flows."""

    supplier: str
    buyer: str
    item: str
    is_inferred: bool

    @classmethod
    def of(cls, step: ChainStep) -> Self:
        """The answer about a step."""
        return cls(supplier=step.supplier, buyer=step.buyer, item=step.item, is_inferred=step.is_inferred)


class SaidAnswer(Answer):
    """What the firm said of this partner."""

    verdict: Verdict
    reason: str


class SuggestionAnswer(Answer):
    """One suggested partner and why; a near miss fails a hard condition, a trial stands above better scores."""

    id: str
    rank: int
    score: int
    enterprise: FirmReference
    region: str
    capability_id: str | None
    need_id: str | None
    line: str
    is_near_miss: bool
    is_trial: bool
    parts: list[PartAnswer]
    conditions: list[ConditionAnswer]
    missing: list[str]
    path: list[ChainStepAnswer]
    said: SaidAnswer | None

    @classmethod
    def of(cls, shown: Shown, run: MatchRun, names: Names) -> Self:
        """The answer about a suggestion as its reader may see it now."""
        said = shown.answer
        return cls(
            id=shown.suggestion.public_id,
            rank=shown.suggestion.rank,
            score=shown.suggestion.score,
            enterprise=FirmReference.of(shown.enterprise),
            region=shown.enterprise.region.code,
            capability_id=shown.capability.public_id if shown.capability else None,
            need_id=shown.need.public_id if shown.need else None,
            line=words.line_text(shown.capability or shown.need),
            is_near_miss=bool(shown.failed),
            is_trial=shown.suggestion.is_trial,
            parts=_parts(shown, run, names),
            conditions=[ConditionAnswer(text=each.text, met=each.verdict) for each in shown.conditions],
            missing=[each.text for each in words.lacking(shown)],
            path=[ChainStepAnswer.of(step) for step in words.path(shown, names)],
            said=SaidAnswer(verdict=said.verdict, reason=said.reason) if said else None,
        )


def _parts(shown: Shown, run: MatchRun, names: Names) -> list[PartAnswer]:
    return [
        PartAnswer(
            part=line.part.value,
            label=line.label,
            points=line.points,
            maximum=line.maximum,
            ours=line.ours,
            theirs=line.theirs,
            words=list(line.words),
        )
        for line in words.part_lines(shown, run, names)
    ]


class SuggestionsAnswer(Answer):
    """At most thirty partners, best first; `run_id` is null while no index is built or nothing can be asked."""

    run_id: str | None
    engine_version: str | None
    index_version: str | None
    items: list[SuggestionAnswer]


class DirectionQuery(Query):
    """Suppliers upstream, or buyers downstream."""

    direction: Literal["upstream", "downstream"]


class FeedbackBody(Body):
    """What the firm thinks of a suggestion; the other side is never told."""

    verdict: Literal["interested", "unsuitable", "partners", "taken_back"]
    reason: Reason = ""


@bp.get("/needs/<public_id:need_id>/suggestions")
@operation(members, _("一条需求的推荐供方"), answers=SuggestionsAnswer)
def for_need(need_id: str) -> Response:
    """Who can supply an open need of this person's own firm; offices may ask for any."""
    user = get_user()
    statement = visible(Need, user).where(Need.state.in_(OPEN_NEEDS)).options(joinedload(Need.enterprise))
    need = find_or_404(statement, need_id)
    _insist_on_own(user, need.enterprise_id)
    return _list(user, about_need(need, today=shanghai_day(utcnow())))


@bp.get("/capabilities/<public_id:capability_id>/suggestions")
@operation(members, _("一条供给能力的推荐买方"), answers=SuggestionsAnswer)
def for_capability(capability_id: str) -> Response:
    """Who published a need for a capability of this person's own firm; offices may ask for any."""
    user = get_user()
    published = visible(Capability, user).where(Capability.state.in_(PUBLISHED_CAPABILITIES))
    capability = find_or_404(published.options(joinedload(Capability.enterprise)), capability_id)
    _insist_on_own(user, capability.enterprise_id)
    return _list(user, about_capability(capability))


@bp.get("/enterprises/<public_id:enterprise_id>/partners")
@operation(members, _("企业的上下游推荐"), answers=SuggestionsAnswer, query=DirectionQuery)
def partners(enterprise_id: str, query: DirectionQuery) -> Response:
    """Who feeds this person's own firm, or whom it feeds; offices may ask for any."""
    session, user = get_session(), get_user()
    firm = find_or_404(visible(Enterprise, user), enterprise_id)
    _insist_on_own(user, firm.id)
    has_lines = finding.open_needs_of(session, user, firm) or finding.published_capabilities_of(session, user, firm)
    return _list(user, about_enterprise(firm, subject=MatchSubject(query.direction)) if has_lines else None)


@bp.get("/suggestions/<public_id:suggestion_id>")
@operation(members, _("一条推荐及其依据"), answers=SuggestionAnswer)
def show(suggestion_id: str) -> Response:
    """Why one partner is suggested; gone once something of it was withdrawn or hidden."""
    session, user = get_session(), get_user()
    suggestion = find_or_404(visible(Suggestion, user), suggestion_id)
    return answer(_shown(session, user, suggestion))


@bp.post("/suggestions/<public_id:suggestion_id>/feedback")
@operation(enterprises, _("对推荐的看法"), answers=SuggestionAnswer, body=FeedbackBody)
def feedback(suggestion_id: str, body: FeedbackBody) -> Response:
    """Note what a firm thinks of a suggestion; its latest answer stands."""
    session, user = get_session(), get_user()
    suggestion = find_or_404(visible(Suggestion, user), suggestion_id)
    if not policies.may_answer(user, suggestion.run):
        raise NotFound
    services.answer_suggestion(
        session, suggestion=suggestion, verdict=Verdict(body.verdict), reason=body.reason, actor=user
    )
    session.flush()
    reply = remember(answer(_shown(session, user, suggestion)))
    session.commit()
    return reply


def _insist_on_own(user: User, enterprise_id: int) -> None:
    """Whom a rival is suggested is nobody's to know: such a list is as absent as any."""
    if user.enterprise_id is not None and user.enterprise_id != enterprise_id:
        raise NotFound


def _list(user: User, question: Question | None) -> Response:
    session = get_session()
    published = find_index(session)
    run = list_for(session, question, published) if published and question else None
    if run is None:
        return answer(SuggestionsAnswer(run_id=None, engine_version=None, index_version=None, items=[]))
    names = naming.names(session)
    items = [SuggestionAnswer.of(shown, run, names) for shown in runs.shown_list(session, user, run)]
    return answer(
        SuggestionsAnswer(
            run_id=run.public_id, engine_version=run.engine_version, index_version=run.index_version, items=items
        )
    )


def _shown(session: Session, user: User, suggestion: Suggestion) -> SuggestionAnswer:
    shown = runs.shown_suggestion(session, user, suggestion)
    if shown is None:
        raise NotFound
    return SuggestionAnswer.of(shown, suggestion.run, naming.names(session))
