"""Chains and segments, read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.chains.models import Chain, Segment, SegmentLink


def all_chains(session: Session) -> list[Chain]:
    """Every chain with its segments, in the order they are shown."""
    return list(session.scalars(select(Chain).options(selectinload(Chain.segments)).order_by(Chain.position)))


def find_chain(session: Session, code: str) -> Chain | None:
    """The chain with this code."""
    return session.scalar(select(Chain).where(Chain.code == code).options(selectinload(Chain.segments)))


def find_segment(session: Session, code: str) -> Segment | None:
    """The segment with this code."""
    return session.scalar(select(Segment).where(Segment.code == code))


def all_segments(session: Session) -> list[Segment]:
    """Every segment, chain by chain."""
    return list(session.scalars(select(Segment).join(Chain).order_by(Chain.position, Segment.position)))


def all_links(session: Session) -> list[SegmentLink]:
    """Every link between segments."""
    return list(
        session.scalars(
            select(SegmentLink)
            .options(selectinload(SegmentLink.supplier), selectinload(SegmentLink.buyer))
            .order_by(SegmentLink.id)
        )
    )
