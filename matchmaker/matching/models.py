"""Suggestions as they were shown, so that each can be replayed and answered."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base, Id, PublicId, utcnow
from matchmaker.enterprises.models import Capability, Enterprise, Need


class MatchSubject(enum.Enum):
    """What a list of suggestions was asked for."""

    NEED = "need"  # suppliers of a need
    CAPABILITY = "capability"  # buyers of a capability
    UPSTREAM = "upstream"  # suppliers of an enterprise
    DOWNSTREAM = "downstream"  # buyers of an enterprise


class MatchRun(Base):
    """One list of suggestions: what was asked, by which engine, over which index."""

    __tablename__ = "match_run"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "input_digest"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    subject: Mapped[MatchSubject]
    subject_id: Mapped[int]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)  # who asked
    engine_version: Mapped[str]
    index_version: Mapped[str]
    input_digest: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the exact question, to be asked again in a replay
    trial: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what its trials were drawn from; {} when it has none
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    suggestions: Mapped[list[Suggestion]] = relationship(back_populates="run", order_by="Suggestion.rank")


class Suggestion(Base):
    """One partner suggested in a run; `evidence` parts add up exactly to `score`."""

    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("run_id", "rank"),
        CheckConstraint("score >= 0", name="score_not_negative"),
        Index("ix_suggestion_partner", "enterprise_id", "run_id"),
        Index("ix_suggestion_seen", "enterprise_id", "rank", "run_id", "is_trial"),  # spares reading the evidence
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id"))
    rank: Mapped[int]
    is_trial: Mapped[bool] = mapped_column(default=False)  # stands above better scores, to be seen at all
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))  # the suggested partner
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"))
    score: Mapped[int]  # hundredths of a point, 0 to 10,000
    evidence: Mapped[dict[str, Any]]

    run: Mapped[MatchRun] = relationship(back_populates="suggestions")
    enterprise: Mapped[Enterprise] = relationship()
    capability: Mapped[Capability | None] = relationship()
    need: Mapped[Need | None] = relationship()
    feedback: Mapped[list[Feedback]] = relationship(back_populates="suggestion", order_by="Feedback.id")
    outcomes: Mapped[list[SuggestionOutcome]] = relationship(
        back_populates="suggestion", order_by="SuggestionOutcome.id"
    )


class Verdict(enum.Enum):
    """What the reader of a suggestion said of it."""

    INTERESTED = "interested"
    UNSUITABLE = "unsuitable"
    PARTNERS = "partners"
    TAKEN_BACK = "taken_back"  # the answer before this one no longer stands


class Feedback(Base):
    """One answer to a suggestion; the latest of a person stands."""

    __tablename__ = "feedback"

    id: Mapped[Id]
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestion.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    suggestion: Mapped[Suggestion] = relationship(back_populates="feedback")


class Outcome(enum.Enum):
    """What came of a suggestion, step by step; the latest of a step stands."""

    ASKED = "asked"  # a meeting was asked for
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NOTHING = "nothing"  # they met and nothing came of it
    MISSED = "missed"  # they were to meet and did not
    FOLLOW_UP = "follow_up"
    INTENT = "intent"
    DEAL = "deal"  # both sides confirmed a deal
    ENDED = "ended"  # the deal was withdrawn


class SuggestionOutcome(Base):
    """One thing that came of a suggestion; only ever added, a later one of the same step corrects it."""

    __tablename__ = "suggestion_outcome"

    id: Mapped[Id]
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestion.id"), index=True)
    outcome: Mapped[Outcome]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    suggestion: Mapped[Suggestion] = relationship(back_populates="outcomes")
