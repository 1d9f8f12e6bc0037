"""Regions and chains as JSON: the words all other parts speak in."""

from __future__ import annotations

from typing import Self

from flask import Blueprint, Response
from pydantic import Field
from werkzeug.exceptions import NotFound

from matchmaker.accounts.policies import members
from matchmaker.chains import queries
from matchmaker.chains.models import Chain, Segment, SegmentLink, Stage
from matchmaker.i18n import lazy as _
from matchmaker.regions.models import Region, RegionLevel
from matchmaker.regions.queries import all_regions
from matchmaker.web.api import Answer, Page, Query, answer, operation
from matchmaker.web.database import get_session

bp = Blueprint("api_chains", __name__, url_prefix="/api/v1")


class RegionAnswer(Answer):
    """A place by its GB/T 2260 code."""

    code: str = Field(examples=["420600"])
    name: str = Field(examples=["襄阳市"])
    name_en: str
    level: RegionLevel
    parent: str | None

    @classmethod
    def of(cls, region: Region) -> Self:
        """The answer about a region."""
        parent = region.parent.code if region.parent else None
        return cls(code=region.code, name=region.name, name_en=region.name_en, level=region.level, parent=parent)


class RegionQuery(Query):
    """Which regions."""

    level: RegionLevel | None = None


class SegmentAnswer(Answer):
    """A link of a chain and what is made in it."""

    code: str = Field(examples=["auto.cast"])
    name: str
    name_en: str
    stage: Stage
    is_watched: bool
    products: list[str]
    industry_codes: list[str]

    @classmethod
    def of(cls, segment: Segment) -> Self:
        """The answer about a segment."""
        return cls(
            code=segment.code,
            name=segment.name,
            name_en=segment.name_en,
            stage=segment.stage,
            is_watched=segment.is_watched,
            products=[product["name"] for product in segment.products],
            industry_codes=segment.industry_codes,
        )


class FlowAnswer(Answer):
    """What one segment supplies to another; either may belong to another chain."""

    supplier: str
    buyer: str
    item: str

    @classmethod
    def of(cls, link: SegmentLink) -> Self:
        """The answer about a link."""
        return cls(supplier=link.supplier.code, buyer=link.buyer.code, item=link.item)


class ChainAnswer(Answer):
    """A key industry chain."""

    code: str = Field(examples=["auto"])
    name: str
    name_en: str
    segments: list[SegmentAnswer]

    @classmethod
    def of(cls, chain: Chain) -> Self:
        """The answer about a chain."""
        segments = [SegmentAnswer.of(segment) for segment in chain.segments]
        return cls(code=chain.code, name=chain.name, name_en=chain.name_en, segments=segments)


class ChainWithFlows(ChainAnswer):
    """A key industry chain with what flows into, within and out of it."""

    flows: list[FlowAnswer]


@bp.get("/regions")
@operation(members, _("行政区划"), answers=Page[RegionAnswer], query=RegionQuery)
def regions(query: RegionQuery) -> Response:
    """Every place, whole: there are about two hundred."""
    found = [region for region in all_regions(get_session()) if query.level in (None, region.level)]
    return answer(Page[RegionAnswer](items=[RegionAnswer.of(region) for region in found], next=None))


@bp.get("/chains")
@operation(members, _("重点产业链和环节"), answers=Page[ChainAnswer])
def chains() -> Response:
    """Every chain with its segments, whole."""
    found = queries.all_chains(get_session())
    return answer(Page[ChainAnswer](items=[ChainAnswer.of(chain) for chain in found], next=None))


@bp.get("/chains/<code:code>")
@operation(members, _("一条产业链及其供需流向"), answers=ChainWithFlows)
def chain(code: str) -> Response:
    """One chain with its flows."""
    session = get_session()
    found = queries.find_chain(session, code)
    if found is None:
        raise NotFound
    own = {segment.id for segment in found.segments}
    flows = [link for link in queries.all_links(session) if own & {link.supplier_id, link.buyer_id}]
    shown = ChainAnswer.of(found)
    return answer(ChainWithFlows(**dict(shown), flows=[FlowAnswer.of(link) for link in flows]))
