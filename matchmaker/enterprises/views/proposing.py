"""Segments proposed while a person types, to accept or refuse."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from sqlalchemy.orm import Session

from matchmaker.accounts.policies import members
from matchmaker.chains.models import Segment
from matchmaker.chains.proposing import Proposal, segment_proposals
from matchmaker.chains.queries import find_segment
from matchmaker.enterprises.forms import REFUSED
from matchmaker.enterprises.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class SegmentOffer:
    """What the fragment shows: the proposals, a segment kept from before, and which is chosen.

    proposed is what was chosen for the person, so that it may follow the text until they choose otherwise.
    """

    proposals: list[Proposal]
    kept: Segment | None
    chosen: str
    proposed: str
    text: str


@bp.get("/segments/propose")
@policy(members)
def propose_segment() -> str:
    """A fragment: up to three segments for the text, with the words that led to each."""
    text = _asked("text") or _asked("product")
    chosen, proposed = _asked("segment"), _asked("proposed")
    offer = segment_offer(get_session(), text=text, chosen=chosen, proposed=proposed)
    return render_template("enterprises/_segment.html", offer=offer)


def _asked(name: str) -> str:
    return request.args.get(name, "").replace("\0", "")[:_LONGEST]


def asked_segment(held: str | None) -> str:
    """The segment a link wants chosen when a form opens, else the one held."""
    return _asked("segment") or held or ""


def segment_offer(session: Session, *, text: str, chosen: str, proposed: str = "") -> SegmentOffer:
    """What to offer for a text when something may have been chosen already."""
    proposals = segment_proposals(session, text)
    clear = proposals[0].segment.code if proposals and proposals[0].is_clear else ""
    if chosen in ("", proposed):
        return SegmentOffer(proposals, None, clear, clear, text)
    is_among = chosen == REFUSED or chosen in {proposal.segment.code for proposal in proposals}
    kept = None if is_among else find_segment(session, chosen)
    return SegmentOffer(proposals, kept, chosen if is_among or kept else "", "", text)
