"""Bring the shipped chains and industry codes into the database, as often as wanted."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import reference
from matchmaker.chains.models import Chain, Industry, ReferenceRelease, Segment, SegmentLink, Stage
from matchmaker.regions.services import load_regions


def load_reference(session: Session) -> bool:
    """Load regions, industries, chains and links unless this edition is in already; True when it was loaded."""
    held = session.get(ReferenceRelease, reference.REFERENCE_VERSION)
    if held is not None and held.digest == reference.digest():
        return False
    load_regions(session)
    _load_industries(session)
    segments = _load_chains(session)
    _load_links(session, segments)
    session.merge(ReferenceRelease(version=reference.REFERENCE_VERSION, digest=reference.digest()))
    return True


def _load_industries(session: Session) -> None:
    known = {row.code: row for row in session.scalars(select(Industry))}
    for row in reference.industries():
        industry = known.get(row.code) or Industry(code=row.code)
        industry.name, industry.level, industry.parent_code = row.name, row.level, row.parent
        session.add(industry)


def _load_chains(session: Session) -> dict[str, Segment]:
    chains = {chain.code: chain for chain in session.scalars(select(Chain))}
    segments = {segment.code: segment for segment in session.scalars(select(Segment))}
    for position, row in enumerate(reference.chains()):
        chain = chains.setdefault(row.code, Chain(code=row.code))
        chain.name, chain.name_en, chain.position = row.name, row.name_en, position
        session.add(chain)
        for place, part in enumerate(row.segments):
            segment = segments.setdefault(part.code, Segment(code=part.code))
            session.add(segment)
            segment.chain, segment.position, segment.stage = chain, place, Stage(part.stage)
            segment.name, segment.name_en = part.name, part.name_en
            segment.products = [{"name": each.name, "synonyms": list(each.synonyms)} for each in part.products]
            segment.industry_codes = list(part.industries)
    session.flush()
    return segments


def _load_links(session: Session, segments: dict[str, Segment]) -> None:
    known = {(link.supplier_id, link.buyer_id, link.item) for link in session.scalars(select(SegmentLink))}
    for row in reference.links():
        ends = (segments[row.supplier].id, segments[row.buyer].id, row.item)
        if ends not in known:
            session.add(SegmentLink(supplier_id=ends[0], buyer_id=ends[1], item=row.item))
            known.add(ends)
