"""The chains: how many firms and needs stand where, and where supply is thin."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.exceptions import NotFound

from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.chains.models import Chain, Segment, SegmentLink
from matchmaker.chains.queries import all_chains, find_chain, links_of
from matchmaker.enterprises.queries.along_chains import (
    GAP_LEAST,
    GAP_RATIO,
    SegmentCount,
    chain_count,
    chain_counts,
    open_needs_in,
    segment_counts,
    suppliers_in,
)
from matchmaker.enterprises.views.blueprint import chain_bp
from matchmaker.i18n import gettext as _
from matchmaker.web.charts import ChainLink, ChainMap, ChainNode, chain_map
from matchmaker.web.database import get_session
from matchmaker.web.formats import count
from matchmaker.web.policies import policy


@chain_bp.get("")
@policy(members)
def index() -> str:
    """Every chain with its counts."""
    session, user = get_session(), get_user()
    counts = chain_counts(session, user, all_chains(session))
    return render_template("chains/index.html", counts=counts, ratio=GAP_RATIO, least=GAP_LEAST)


@chain_bp.get("/<code:code>")
@policy(members)
def show(code: str) -> str:
    """One chain as a map; a segment may be selected."""
    session, user = get_session(), get_user()
    chain = find_chain(session, code)
    if chain is None:
        raise NotFound
    counts, links = segment_counts(session, user, chain), links_of(session, chain)
    asked = request.args.get("segment", "")
    selected = next((segment for segment in chain.segments if segment.code == asked), None)
    return render_template(
        "chains/show.html",
        chain=chain,
        total=chain_count(session, user, chain, counts),
        counts=counts,
        drawing=_drawing(chain, links, counts, asked),
        selected=selected,
        own=counts.get(selected.id, SegmentCount()) if selected else None,
        firms=suppliers_in(session, user, selected) if selected else [],
        needs=open_needs_in(session, user, selected) if selected else [],
        feeders=[link for link in links if selected and link.buyer_id == selected.id],
        buyers=[link for link in links if selected and link.supplier_id == selected.id],
        ratio=GAP_RATIO,
        least=GAP_LEAST,
    )


def _drawing(chain: Chain, links: list[SegmentLink], counts: dict[int, SegmentCount], selected: str) -> ChainMap:
    nodes = [_node(chain, segment, counts.get(segment.id, SegmentCount())) for segment in chain.segments]
    ends = [ChainLink(link.supplier.code, link.buyer.code) for link in links]
    return chain_map(nodes, ends, selected or None)


def _node(chain: Chain, segment: Segment, counted: SegmentCount) -> ChainNode:
    facts = _("%(firms)s 家·需求 %(needs)s", firms=count(counted.suppliers), needs=count(counted.needs))
    url = url_for("chains.show", code=chain.code, segment=segment.code)
    return ChainNode(segment.code, segment.name, segment.stage.value, facts, counted.flag, url)
