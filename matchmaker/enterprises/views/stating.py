"""What the name of a product states besides the product, each to be put into its field or left in the name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from flask import render_template, request

from matchmaker.accounts.policies import enterprises
from matchmaker.enterprises.models import Capability
from matchmaker.enterprises.reading import Kind, Term
from matchmaker.enterprises.services import CapabilityFacts
from matchmaker.enterprises.views.blueprint import bp
from matchmaker.enterprises.views.reading import Recognised, terms_by_words, wishes_asked
from matchmaker.enterprises.wording import CONDITIONS, FILLINGS, PERIODS, without_label
from matchmaker.web.policies import policy

FILL, NONE = "fill", "none"
_MOST: Final = 10**15  # of anything a capability may state
_MATCHED_IN_THE_NAME: Final = frozenset({Kind.MATERIAL, Kind.SPECIFICATION})
_MOST_DAYS, _MOST_KM = 3_650, 10_000


def stated(text: str, choices: dict[str, str], capability: Capability | None = None) -> list[Recognised]:
    """What the text states that has a field: as chosen so far, else on a new line to be filled in.

    Material and spec are matched in the name as well as in their fields, so they are left where they stand.
    """
    is_new = capability is None
    return [
        Recognised(
            term,
            CONDITIONS[term.kind],
            said,
            without_label(term.kind, said),
            choices.get(said) or (FILL if is_new and term.kind not in _MATCHED_IN_THE_NAME else NONE),
        )
        for said, term in terms_by_words(text).items()
        if term.kind in _FILLERS
    ]


def fillings_asked() -> dict[str, str]:
    """What the person has chosen for each statement shown."""
    return wishes_asked(FILLINGS.keys())


def with_stated(facts: CapabilityFacts, choices: dict[str, str]) -> CapabilityFacts:
    """The facts of a capability with what was to be filled in; a field that is filled already keeps what it says."""
    for found in stated(facts.product, choices):
        if choices.get(found.said) == FILL:
            facts = _FILLERS[found.term.kind](facts, found.term)
    return facts


def _capacity(facts: CapabilityFacts, term: Term) -> CapabilityFacts:
    if facts.capacity is not None or Decimal(term.value) >= _MOST:
        return facts
    period = term.period if term.period in PERIODS else ""
    return replace(facts, capacity=Decimal(term.value), capacity_unit=term.unit, capacity_period=period)


def _lead(facts: CapabilityFacts, term: Term) -> CapabilityFacts:
    is_open = facts.lead_days is None and int(term.value) <= _MOST_DAYS
    return replace(facts, lead_days=int(term.value)) if is_open else facts


def _radius(facts: CapabilityFacts, term: Term) -> CapabilityFacts:
    is_open = facts.radius_km is None and int(term.value) <= _MOST_KM
    return replace(facts, radius_km=int(term.value)) if is_open else facts


def _certificate(facts: CapabilityFacts, term: Term) -> CapabilityFacts:
    return replace(facts, certificates=tuple(dict.fromkeys((*facts.certificates, term.text.strip()))))


def _material(facts: CapabilityFacts, term: Term) -> CapabilityFacts:
    return facts if facts.material else replace(facts, material=term.text)


def _spec(facts: CapabilityFacts, term: Term) -> CapabilityFacts:
    return facts if facts.spec else replace(facts, spec=term.text)


_FILLERS: Final[dict[Kind, Callable[[CapabilityFacts, Term], CapabilityFacts]]] = {
    Kind.QUANTITY: _capacity,
    Kind.LEAD: _lead,
    Kind.RADIUS: _radius,
    Kind.CERTIFICATE: _certificate,
    Kind.MATERIAL: _material,
    Kind.SPECIFICATION: _spec,
}


@bp.get("/statements/read")
@policy(enterprises)
def read_statements() -> str:
    """A fragment: what the product's name typed so far states."""
    text = request.args.get("product", "").replace("\0", "")
    return render_template("enterprises/_statements.html", recognised=stated(text, fillings_asked()), wishes=FILLINGS)
