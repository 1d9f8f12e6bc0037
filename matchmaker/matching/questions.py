"""What a list of suggestions is asked for, as plain values that can be asked again years later."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from matchmaker.enterprises.models import Capability, Enterprise, Need
from matchmaker.enterprises.reading import Kind, Role, Term, days_of
from matchmaker.matching.conditions import certificates_among, terms_among
from matchmaker.matching.engine import DEMAND, ENGINE_VERSION, Direction, Index, LayeredIndex, Match, Query
from matchmaker.matching.models import MatchRun, MatchSubject
from matchmaker.reference import PROVINCE_CODE

MOST_SUGGESTIONS: Final = 30
DIRECTIONS: Final[dict[MatchSubject, Direction]] = {
    MatchSubject.UPSTREAM: "upstream",
    MatchSubject.DOWNSTREAM: "downstream",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the engine: what about, who asks, and the exact content."""

    subject: MatchSubject
    subject_id: int
    enterprise_id: int
    content: dict[str, Any]

    def digest(self, version: str) -> str:
        """A name that two equal questions to the same engine, index and ranking share.

        version: of the published index, which names its ranking too.
        """
        told = [ENGINE_VERSION, version, self.subject.value, self.subject_id, self.content]
        return hashlib.sha256(json.dumps(told, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def about_need(need: Need, *, today: date) -> Question:
    """Who can supply a need, by its text as it stands now."""
    wishes = (*need.hard_conditions, *need.soft_conditions)
    query = Query(
        need.text,
        segment_code=need.segment.code if need.segment else None,
        certificates=certificates_among(wishes),
        specifications=_specifications(wishes),
        region_code=_region(need, wishes),
        quantity=float(need.quantity) if need.quantity is not None else None,
        unit=need.unit,
        days=_days_left(need, wishes, today),
        exclude=frozenset({need.enterprise_id}),
    )
    return Question(MatchSubject.NEED, need.id, need.enterprise_id, _plain(query))


def about_text(text: str, *, today: date) -> Query:
    """Who can supply what somebody typed into the search box: the product, and what the text asks for besides."""
    terms = terms_among((text,))
    amount = next((term for term in terms if term.kind is Kind.QUANTITY), None)
    return Query(
        text,
        region_code=_wanted_place(terms),
        quantity=float(amount.value) if amount else None,
        unit=amount.unit if amount else "",
        days=_fewest_days(terms, today),
    )


def _specifications(wishes: tuple[str, ...]) -> tuple[str, ...]:
    kinds = (Kind.SPECIFICATION, Kind.MATERIAL)
    return tuple(dict.fromkeys(term.value for term in terms_among(wishes) if term.kind in kinds))


def _region(need: Need, wishes: tuple[str, ...]) -> str:
    """The one place that suppliers are wanted from; else near the one who asks."""
    return _wanted_place(terms_among((need.text, *wishes))) or need.enterprise.region.code


def _wanted_place(terms: tuple[Term, ...]) -> str | None:
    """The one place below the province that is asked for; of several there is none to be near to."""
    wanted = (term.codes for term in terms if term.role in (Role.SUPPLY, Role.AROUND))
    places = list(dict.fromkeys(code for codes in wanted for code in codes if code != PROVINCE_CODE))
    return places[0] if len(places) == 1 else None


def _days_left(need: Need, wishes: tuple[str, ...], today: date) -> int | None:
    """Until the day in the form; without one, the shortest time that the text or a condition leaves."""
    if need.deliver_by is not None:
        return max(0, (need.deliver_by - today).days)
    return _fewest_days(terms_among((need.text, *wishes)), today)


def _fewest_days(terms: tuple[Term, ...], today: date) -> int | None:
    stated = (days_of(term, today) for term in terms)
    return min((days for days in stated if days is not None), default=None)


def about_capability(capability: Capability) -> Question:
    """Who published a need for a capability, by its text as it stands now."""
    query = Query(
        capability.text,
        sides=DEMAND,
        segment_code=capability.segment.code if capability.segment else None,
        region_code=capability.enterprise.region.code,
        exclude=frozenset({capability.enterprise_id}),
    )
    return Question(MatchSubject.CAPABILITY, capability.id, capability.enterprise_id, _plain(query))


def about_enterprise(enterprise: Enterprise, *, subject: MatchSubject) -> Question:
    """Who feeds a firm, or whom it feeds, by the lines it has published."""
    return Question(subject, enterprise.id, enterprise.id, {"firm_id": enterprise.id})


def asked_in(run: MatchRun) -> Question:
    """The question a run answered."""
    return Question(run.subject, run.subject_id, run.enterprise_id, run.asked)


def matches_for(question: Question, index: Index | LayeredIndex) -> list[Match]:
    """The engine's answer: at most thirty firms, each with its evidence."""
    direction = DIRECTIONS.get(question.subject)
    if direction is not None:
        return index.partners(question.content["firm_id"], direction, MOST_SUGGESTIONS)
    return index.search(_query(question.content), MOST_SUGGESTIONS)


def _plain(query: Query) -> dict[str, Any]:
    return {
        **asdict(query),
        "sides": list(query.sides),
        "certificates": list(query.certificates),
        "specifications": list(query.specifications),
        "exclude": sorted(query.exclude),
    }


def _query(content: dict[str, Any]) -> Query:
    return Query(
        **{
            **content,
            "sides": tuple(content["sides"]),
            "certificates": tuple(content["certificates"]),
            "specifications": tuple(content.get("specifications", ())),
            "exclude": frozenset(content["exclude"]),
        }
    )
