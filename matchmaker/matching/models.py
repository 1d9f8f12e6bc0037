"""Suggestions as they were shown, so that each can be replayed and answered."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Membership
from matchmaker.db import Base, Id, PublicId, Version, utcnow
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


class WatchKind(enum.Enum):
    """What a watch looks out for: answers to a text, to a need or to a capability."""

    TEXT = "text"
    NEED = "need"
    CAPABILITY = "capability"


class WatchSides(enum.Enum):
    """Which answers to a text are meant: those who supply it, those who want it, or both."""

    SUPPLY = "supply"
    DEMAND = "demand"
    BOTH = "both"


class Frequency(enum.Enum):
    """How soon news is told."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class Watch(Base):
    """A question a person leaves standing, to be told when a new answer to it is published.

    It looks with the eyes of one membership and falls silent when that ends. A stopped watch
    stays, so that a line watched by default is not watched again against its firm's will.
    """

    __tablename__ = "watch"
    __table_args__ = (
        CheckConstraint("(kind = 'text') = (text IS NOT NULL AND sides IS NOT NULL)", name="text_with_sides"),
        CheckConstraint("(kind = 'need') = (need_id IS NOT NULL)", name="need_of_its_kind"),
        CheckConstraint("(kind = 'capability') = (capability_id IS NOT NULL)", name="capability_of_its_kind"),
        UniqueConstraint("membership_id", "text", "sides"),
        UniqueConstraint("membership_id", "need_id"),
        UniqueConstraint("membership_id", "capability_id"),
        Index("ix_watch_round", "frequency", "looked_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    kind: Mapped[WatchKind]
    text: Mapped[str | None]
    sides: Mapped[WatchSides | None]
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"))
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id"))
    frequency: Mapped[Frequency]
    last_change: Mapped[int] = mapped_column(BigInteger, default=0)  # up to which change it has looked
    looked_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]  # when it last had news
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    stopped_at: Mapped[datetime | None]
    version: Mapped[Version]

    membership: Mapped[Membership] = relationship()
    need: Mapped[Need | None] = relationship()
    capability: Mapped[Capability | None] = relationship()


class WatchFind(Base):
    """One answer a watch knows of, told or found there from the beginning; nobody is told of it twice."""

    __tablename__ = "watch_find"
    __table_args__ = (UniqueConstraint("watch_id", "key"),)

    id: Mapped[Id]
    watch_id: Mapped[int] = mapped_column(ForeignKey("watch.id"))
    key: Mapped[str]  # a supplier is one answer whatever its lines, a buyer is one with each need
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    line_number: Mapped[int] = mapped_column(BigInteger)  # the line that answered, as the engine numbers lines
    score: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(default=utcnow)
    told_at: Mapped[datetime | None]

    watch: Mapped[Watch] = relationship()


class StopLink(Base):
    """A way out that works without signing in, kept as a digest: of one watch, or of all mail to its person."""

    __tablename__ = "stop_link"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    watch_id: Mapped[int | None] = mapped_column(ForeignKey("watch.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    membership: Mapped[Membership] = relationship()
    watch: Mapped[Watch | None] = relationship()
