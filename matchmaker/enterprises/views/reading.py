"""Conditions recognised while a person types, each to keep as a must, as a wish, or not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from flask import render_template, request

from matchmaker.accounts.policies import members
from matchmaker.enterprises.models import Need
from matchmaker.enterprises.reading import Kind, Term, due_on, read_terms
from matchmaker.enterprises.services import NeedFacts
from matchmaker.enterprises.views.blueprint import bp
from matchmaker.enterprises.wording import CONDITIONS, WISHES, without_label
from matchmaker.web.policies import policy

HARD, SOFT, NONE = "hard", "soft", "none"
_MOST: Final = 10**15  # of anything a need may ask for
_LONGEST: Final = 400
# What has a field of its own, and what matching reads in the text itself, is no wish to write down again.
_KEPT_ELSEWHERE: Final = frozenset(
    {Kind.QUANTITY, Kind.DEADLINE, Kind.LEAD, Kind.BUDGET, Kind.SPECIFICATION, Kind.MATERIAL}
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """One condition found in the text, what it is about in words, and what it is to be.

    said: in the text's own words, by which the person's choice comes back; shown: the same behind its label.
    """

    term: Term
    word: str
    said: str
    shown: str
    wish: str


def recognised(text: str, wishes: dict[str, str], need: Need | None = None) -> list[Recognised]:
    """The conditions of a text: as chosen so far, else as the need has them, else as the text itself says."""
    return [
        Recognised(
            term,
            CONDITIONS[term.kind],
            said,
            without_label(term.kind, said),
            wishes.get(said) or _wish(term, said, need),
        )
        for said, term in terms_by_words(text).items()
    ]


def terms_by_words(text: str) -> dict[str, Term]:
    """What a text asks for or states, each by its own words."""
    return {_sentence(term): term for term in read_terms(text[:_LONGEST])}


def _sentence(term: Term) -> str:
    """The condition in its own words, without what separates one entry of a list from the next."""
    return re.sub(r"[,，;；\n\r]", "", re.sub("[、﹑]", "或", term.text)).strip()


def _wish(term: Term, said: str, need: Need | None) -> str:
    if need is not None and said in need.hard_conditions:
        return HARD
    is_new = need is None or term.kind in _KEPT_ELSEWHERE or said in need.soft_conditions
    return (HARD if term.is_hard and need is None else SOFT) if is_new else NONE


def wishes_asked(choices: Collection[str] = WISHES.keys()) -> dict[str, str]:
    """What the person has chosen for each condition shown."""
    chosen = zip(request.values.getlist("term"), request.values.getlist("wish"), strict=False)
    return {term: wish for term, wish in chosen if wish in choices}


def with_wishes(facts: NeedFacts, wishes: dict[str, str], today: date) -> NeedFacts:
    """The facts of a need with the conditions chosen; a field that is filled already keeps what it says."""
    for found in recognised(facts.text, wishes):
        if found.said not in wishes:
            continue  # never shown to the person
        facts = _listed(facts, found)
        if found.wish != NONE:
            facts = _filled(facts, found.term, today)
    return facts


def _listed(facts: NeedFacts, found: Recognised) -> NeedFacts:
    said = found.said
    hard, soft = _without(facts.hard_conditions, said), _without(facts.soft_conditions, said)
    if found.wish == HARD:
        hard = (*hard, said)
    elif found.wish == SOFT and found.term.kind not in _KEPT_ELSEWHERE:
        soft = (*soft, said)
    return replace(facts, hard_conditions=hard, soft_conditions=soft)


def _without(said: Iterable[str], one: str) -> tuple[str, ...]:
    return tuple(each for each in said if each != one)


def _filled(facts: NeedFacts, term: Term, today: date) -> NeedFacts:
    if term.kind is Kind.QUANTITY and facts.quantity is None and 0 < Decimal(term.value) < _MOST:
        return replace(facts, quantity=Decimal(term.value), unit=facts.unit or term.unit)
    if term.kind is Kind.BUDGET and facts.budget_high is None and facts.budget_low is None:
        low, high = int(term.low or 0), int(term.value)
        return replace(facts, budget_low=min(low, high) or None, budget_high=high)
    if term.kind in (Kind.DEADLINE, Kind.LEAD) and facts.deliver_by is None:
        day = due_on(term, today) if term.kind is Kind.DEADLINE else today + timedelta(days=int(term.value))
        return replace(facts, deliver_by=day)
    return facts


@bp.get("/conditions/read")
@policy(members)
def read_conditions() -> str:
    """A fragment: the conditions of the text typed so far."""
    text = request.args.get("text", "").replace("\0", "")
    return render_template("enterprises/_conditions.html", recognised=recognised(text, wishes_asked()), wishes=WISHES)
