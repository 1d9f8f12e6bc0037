"""The ranking taught by what was answered: lists read, weights learned, compared, and put into use or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from matchmaker.db import utcnow
from matchmaker.matching.engine import DEFAULT_WEIGHTS, Part, Weights
from matchmaker.matching.grading import grade, is_lead, speaks_of
from matchmaker.matching.learning import AnsweredList, Lesson, Place, Side, learn, taught
from matchmaker.matching.learning.values import weights_of
from matchmaker.matching.models import MatchRun, MatchSubject, Suggestion
from matchmaker.matching.queries import answers
from matchmaker.matching.ranking import BrokenRanking, Ranking, current_ranking, ranking_of, use_ranking, write_ranking

Tell = Callable[[int, int], None]

_SEED: Final = 7
_OF_LINES: Final = (MatchSubject.NEED, MatchSubject.CAPABILITY)


@dataclass(frozen=True, slots=True)
class Training:
    """What a training came to.

    read: the answered lists. of_others: those of them that another engine made, which teach nothing here.
    ranking: the one that is better than the one in use, or None when it stays.
    """

    in_use: Ranking
    read: int
    of_others: int
    lessons: list[Lesson]
    ranking: Ranking | None


def train(session: Session, data_dir: Path, tell: Tell, *, dry_run: bool = False) -> Training:
    """Learn from every answered list; what is surely better is kept and, unless this is a dry run, put into use.

    tell: is told (lists read, lists in all).
    """
    in_use = current_ranking(data_dir)
    lists, read = _read(session, data_dir, tell)
    lessons = learn(lists, own=DEFAULT_WEIGHTS, in_use=in_use.weights, seed=_SEED)
    weights = taught(lessons, in_use.weights)
    ranking = None if weights is None else _kept(data_dir, in_use, weights, lessons, dry_run=dry_run)
    return Training(in_use, read, read - len(lists), lessons, ranking)


def lesson_record(lesson: Lesson) -> dict[str, Any]:
    """A lesson as plain JSON values."""
    return {
        "side": lesson.side,
        "result": lesson.result.value,
        "questions": lesson.questions,
        "askers": lesson.askers,
        "held_back": lesson.held_back,
        "questions_lacking": lesson.questions_lacking,
        "askers_lacking": lesson.askers_lacking,
        "weights": {part.value: weight for part, weight in lesson.weights.items()} if lesson.weights else None,
        "comparison": asdict(lesson.comparison) if lesson.comparison else None,
    }


def _kept(data_dir: Path, in_use: Ranking, weights: Weights, lessons: list[Lesson], *, dry_run: bool) -> Ranking:
    learned = {
        "at": utcnow().isoformat(timespec="seconds"),
        "in_place_of": in_use.version,
        "lessons": [lesson_record(lesson) for lesson in lessons],
    }
    if dry_run:
        return Ranking("", weights, in_use.trial, learned)
    written = write_ranking(data_dir, weights=weights, trial=in_use.trial, learned=learned)
    return use_ranking(data_dir, written.version)


def _read(session: Session, data_dir: Path, tell: Tell) -> tuple[list[AnsweredList], int]:
    total, made_by = answers.answered_count(session), _Makers(data_dir)
    lists, read = [], 0
    for read, run in enumerate(answers.answered_runs(session), start=1):
        weights = made_by.weights(run.engine_version)
        if weights is not None:
            lists.append(answered_list(run, weights))
        tell(read, max(total, read))
    return lists, read


class _Makers:
    """The weights every kept list was made with."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._known: dict[str, Weights | None] = {}

    def weights(self, engine_version: str) -> Weights | None:
        """None for another engine, whose parts were computed otherwise, or a ranking that is gone."""
        if engine_version not in self._known:
            self._known[engine_version] = self._find(engine_version)
        return self._known[engine_version]

    def _find(self, engine_version: str) -> Weights | None:
        try:
            return ranking_of(self._data_dir, engine_version).weights
        except BrokenRanking:
            return None


def answered_list(run: MatchRun, made_with: Weights) -> AnsweredList:
    """A kept list as learning takes it."""
    side: Side = "search" if run.subject in _OF_LINES else "partner"
    return AnsweredList(
        question=(run.subject.value, run.subject_id),
        asker=run.enterprise_id,
        at=run.created_at,
        side=side,
        room=_room(run, weights_of(made_with, side)),
        places=tuple(_place(suggestion) for suggestion in run.suggestions),
    )


def _room(run: MatchRun, weights: Mapping[Part, int]) -> dict[Part, float]:
    """How far each part could be computed: its maximum for its weight, the fullest part being 1."""
    parts = run.suggestions[0].evidence["parts"] if run.suggestions else []
    found = {Part(one["part"]): one["maximum"] / weights[Part(one["part"])] for one in parts}
    most = max(found.values(), default=0.0) or 1.0
    return {part: room / most for part, room in found.items()}


def _place(suggestion: Suggestion) -> Place:
    answer = answers.standing_answer(suggestion)
    verdict, reason = (answer.verdict, answer.reason) if answer else (None, "")
    outcomes = [told.outcome for told in suggestion.outcomes]
    parts = suggestion.evidence["parts"]
    return Place(
        firm=suggestion.enterprise_id,
        rank=suggestion.rank,
        shares={Part(one["part"]): one["points"] / one["maximum"] for one in parts if one["maximum"]},
        grade=grade(verdict, outcomes),
        is_lead=is_lead(verdict, outcomes),
        speaks_of=speaks_of(verdict, reason),
    )
