"""Keep lists of suggestions, take answers to them, ask them again, and have the index follow the registers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.services import record
from matchmaker.enterprises.models import LineKind
from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.services import promise
from matchmaker.matching.engine import ENGINE_VERSION, BrokenIndex, Match
from matchmaker.matching.indexing import Published, current_index, load_version
from matchmaker.matching.models import Feedback, MatchRun, Suggestion, Verdict
from matchmaker.matching.queries import indexable, runs
from matchmaker.matching.questions import Question, asked_in, matches_for
from matchmaker.matching.records import evidence_record, list_record
from matchmaker.web.visibility import everyones

REINDEX = "reindex"


class IndexNotKept(RuleViolation):
    """The index a list came from was removed, or written by another engine, so the list cannot be made again."""

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
    """The list for a question: the one it got before from this index, or a new one, kept."""
    known = runs.run_for(session, question, published.edition.version)
    if known is not None:
        return known
    return keep_run(session, question=question, published=published, matches=matches_for(question, published.index))


def keep_run(session: Session, *, question: Question, published: Published, matches: list[Match]) -> MatchRun:
    """Store a list exactly as it was computed; one that came out the same again moves to the newer index."""
    version = published.edition.version
    known = runs.run_for(session, question, version)
    if known is not None:
        return known
    last = runs.newest_run(session, question)
    if last is not None and _came_out_the_same(session, last, question, matches):
        last.index_version, last.input_digest = version, question.digest(version)
        return last
    run = MatchRun(
        subject=question.subject,
        subject_id=question.subject_id,
        enterprise_id=question.enterprise_id,
        engine_version=ENGINE_VERSION,
        index_version=version,
        input_digest=question.digest(version),
        asked=question.content,
        suggestions=[_suggestion(rank, match) for rank, match in enumerate(matches, start=1)],
    )
    session.add(run)
    session.flush()
    return run


def _came_out_the_same(session: Session, last: MatchRun, question: Question, matches: list[Match]) -> bool:
    if last.engine_version != ENGINE_VERSION or last.asked != question.content:
        return False
    return _stored(runs.stored_suggestions(session, last)) == _bytes(list_record(matches))


def _suggestion(rank: int, match: Match) -> Suggestion:
    kind, line = indexable.line_of(match.evidence.pairs[0].their_line_id) if match.evidence.pairs else (None, None)
    return Suggestion(
        rank=rank,
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


def replay(session: Session, *, run: MatchRun, data_dir: Path) -> Replay:
    """Ask a list's question again of the index it came from. Raises IndexNotKept."""
    if run.engine_version != ENGINE_VERSION:
        raise IndexNotKept(version=run.index_version)
    try:
        index = load_version(data_dir, run.index_version)
    except BrokenIndex as gone:
        raise IndexNotKept(version=run.index_version) from gone
    repeated = matches_for(asked_in(run), index)
    return Replay(_stored(runs.stored_suggestions(session, run)), _bytes(list_record(repeated)))


def _stored(suggestions: list[Suggestion]) -> str:
    return _bytes([{"firm": one.enterprise_id, "score": one.score, "evidence": one.evidence} for one in suggestions])


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
