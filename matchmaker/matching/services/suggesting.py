"""Keep lists of suggestions, take answers to them, ask them again, and have the index follow the registers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.enterprises.models import LineKind
from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.services import promise
from matchmaker.matching.engine import BrokenIndex, Match
from matchmaker.matching.indexing import Published, current_index
from matchmaker.matching.models import Feedback, MatchRun, Outcome, Suggestion, SuggestionOutcome, Verdict
from matchmaker.matching.overlaying import load_layered
from matchmaker.matching.queries import indexable, runs, seen
from matchmaker.matching.questions import Question, asked_in, matches_for
from matchmaker.matching.ranking import BrokenRanking, ranking_of
from matchmaker.matching.records import evidence_record, list_record, place_record
from matchmaker.matching.trying import Placed, TrialRule, near_first, with_trials
from matchmaker.web.visibility import everyones

REINDEX = "reindex"


class IndexNotKept(RuleViolation):
    """What a list came from was removed, or written by another engine, so the list cannot be made again."""

    template = _("这份推荐所用的索引 {version} 已不再保留，不能重放。")


@dataclass(frozen=True, slots=True)
class Replay:
    """A list asked again of its own index: as stored and as it came out now, byte for byte."""

    stored: str
    repeated: str

    @property
    def is_equal(self) -> bool:
        """Whether the two lists are the same to the last byte."""
        return self.stored == self.repeated


def suggest(session: Session, *, question: Question, published: Published) -> MatchRun:
    """The list for a question: the one it got before from this index and ranking, or a new one, kept."""
    known = runs.run_for(session, question, published)
    if known is not None:
        return known
    return keep_run(session, question=question, published=published, matches=matches_for(question, published.index))


def keep_run(session: Session, *, question: Question, published: Published, matches: list[Match]) -> MatchRun:
    """Store a list as it was computed, with its trials; one that came out the same again moves to the newer index."""
    known = runs.run_for(session, question, published)
    if known is not None:
        return known
    index_version, digest = published.edition.version, question.digest(published.version)
    last = runs.newest_run(session, question)
    if last is not None and _came_out_the_same(session, last, question, published, matches):
        last.index_version, last.input_digest = index_version, digest
        return last
    trial = _trial(session, published.ranking.trial, matches, draw=digest)
    run = MatchRun(
        subject=question.subject,
        subject_id=question.subject_id,
        enterprise_id=question.enterprise_id,
        engine_version=published.ranking.engine_version,
        index_version=index_version,
        input_digest=digest,
        asked=question.content,
        trial=trial,
        suggestions=[_suggestion(rank, placed) for rank, placed in enumerate(_placed(matches, trial), start=1)],
    )
    session.add(run)
    session.flush()
    return run


def _came_out_the_same(
    session: Session, last: MatchRun, question: Question, published: Published, matches: list[Match]
) -> bool:
    if last.engine_version != published.ranking.engine_version or last.asked != question.content:
        return False
    return _stored(runs.stored_suggestions(session, last)) == _bytes(list_record(_placed(matches, last.trial)))


def _trial(session: Session, rule: TrialRule, matches: list[Match], *, draw: str) -> dict[str, Any]:
    """What the trials of a list are drawn from, kept so that they can be drawn again; {} when nobody can be tried."""
    near = near_first(matches, rule)
    often = seen.seen_often(session, near, at_least=rule.seldom) if near else set()
    seldom = sorted(set(near) - often)
    return {"rule": asdict(rule), "draw": draw, "seldom": seldom} if seldom else {}


def _placed(matches: list[Match], trial: dict[str, Any]) -> list[Placed]:
    if not trial:
        return [Placed(match) for match in matches]
    return with_trials(matches, TrialRule(**trial["rule"]), seldom=set(trial["seldom"]), draw=trial["draw"])


def _suggestion(rank: int, placed: Placed) -> Suggestion:
    match = placed.match
    kind, line = indexable.line_of(match.evidence.pairs[0].their_line_id) if match.evidence.pairs else (None, None)
    return Suggestion(
        rank=rank,
        is_trial=placed.is_trial,
        enterprise_id=match.firm_id,
        capability_id=line if kind is LineKind.CAPABILITY else None,
        need_id=line if kind is LineKind.NEED else None,
        score=match.score,
        evidence=evidence_record(match.evidence),
    )


def answer_suggestion(
    session: Session, *, suggestion: Suggestion, verdict: Verdict, actor: User, reason: str = ""
) -> Feedback:
    """Note what a firm thinks of a suggestion; its latest answer stands. The other side is never told."""
    answer = Feedback(suggestion=suggestion, user_id=actor.id, verdict=verdict, reason=reason)
    session.add(answer)
    facts = {"verdict": verdict.value, "reason": reason}
    record(session, actor=actor, action="answer suggestion", subject=suggestion, detail=facts)
    return answer


def take_back_answer(session: Session, *, suggestion: Suggestion, actor: User) -> Feedback:
    """Let no answer stand any more."""
    return answer_suggestion(session, suggestion=suggestion, verdict=Verdict.TAKEN_BACK, actor=actor)


def record_outcome(session: Session, *, suggestion: Suggestion, outcome: Outcome) -> SuggestionOutcome:
    """Note what came of a suggestion later on; meetings and deals say so, and the ranking learns from it."""
    told = SuggestionOutcome(suggestion=suggestion, outcome=outcome)
    session.add(told)
    return told


def replay(session: Session, *, run: MatchRun, data_dir: Path) -> Replay:
    """Ask a list's question again of the index it came from, by the ranking it went by. Raises IndexNotKept."""
    try:
        ranking = ranking_of(data_dir, run.engine_version)
        index = load_layered(data_dir, run.index_version).weighted(ranking.weights)
    except (BrokenIndex, BrokenRanking) as gone:
        raise IndexNotKept(version=run.index_version) from gone
    repeated = _placed(matches_for(asked_in(run), index), run.trial)
    return Replay(_stored(runs.stored_suggestions(session, run)), _bytes(list_record(repeated)))


def _stored(suggestions: list[Suggestion]) -> str:
    return _bytes(
        [place_record(one.enterprise_id, one.score, one.evidence, is_trial=one.is_trial) for one in suggestions]
    )


def _bytes(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)


def note_changes(session: Session, *, data_dir: Path) -> Job | None:
    """Promise a new index when lines have changed since the current one, or there is none, and nobody has yet."""
    published = current_index(data_dir)
    if published is not None and published.edition.cursor == indexable.change_cursor(session):
        return None
    return promise_reindex(session)


def promise_reindex(session: Session) -> Job | None:
    """Promise a new index unless one is waiting to be built; one being built has read too early."""
    return None if is_reindex_waiting(session) else promise(session, REINDEX, payload={})


def is_reindex_waiting(session: Session) -> bool:
    """Whether a new index is promised that has not been begun."""
    waiting = select(Job.id).where(Job.kind == REINDEX, Job.state == JobState.QUEUED).limit(1)
    return session.scalar(everyones(waiting, because="one waiting job serves everybody")) is not None
