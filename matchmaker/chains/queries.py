"""Chains and segments, read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.chains import classifying
from matchmaker.chains.models import Chain, Industry, ReferenceRelease, Segment, SegmentLink


def all_chains(session: Session) -> list[Chain]:
    """Every chain with its segments, in the order they are shown."""
    return list(session.scalars(select(Chain).options(selectinload(Chain.segments)).order_by(Chain.position)))


def chain_names(session: Session) -> list[tuple[str, str]]:
    """The code and name of every chain, to choose from."""
    return list(session.execute(select(Chain.code, Chain.name).order_by(Chain.position)).all())


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


def links_of(session: Session, chain: Chain) -> list[SegmentLink]:
    """The links that begin or end in a chain, in a stable order."""
    own = select(Segment.id).where(Segment.chain_id == chain.id)
    return list(
        session.scalars(
            select(SegmentLink)
            .where(SegmentLink.supplier_id.in_(own) | SegmentLink.buyer_id.in_(own))
            .options(selectinload(SegmentLink.supplier), selectinload(SegmentLink.buyer))
            .order_by(SegmentLink.id)
        )
    )


def find_industry(session: Session, code: str) -> Industry | None:
    """The class of the national classification with this code."""
    return session.get(Industry, code)


def reference_edition(session: Session) -> str:
    """What names the edition of the chains in this database; another edition has another name."""
    digests = session.scalars(select(ReferenceRelease.digest).order_by(ReferenceRelease.version))
    return "/".join(digests)


def chain_graph(session: Session) -> classifying.ChainGraph:
    """Every segment and link as the classifier takes them."""
    nodes = (_node(segment) for segment in all_segments(session))
    links = (_link(link) for link in all_links(session))
    return classifying.ChainGraph(tuple(nodes), tuple(links))


def _node(segment: Segment) -> classifying.SegmentNode:
    terms = (word for product in segment.products for word in (product["name"], *product["synonyms"]))
    return classifying.SegmentNode(
        segment.code, segment.chain.code, segment.name, segment.stage.value, (segment.name, *terms)
    )


def _link(link: SegmentLink) -> classifying.SegmentLink:
    inside = link.supplier.chain_id == link.buyer.chain_id
    chain = link.supplier.chain.code if inside else ""
    return classifying.SegmentLink(link.supplier.code, link.buyer.code, link.item, chain)
