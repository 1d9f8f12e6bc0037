"""Whether a supplier meets a buyer's conditions, and a buyer a supplier's limits: yes, no, or not known.

Pure computation over the sentences people write and the fields they fill. A sentence that speaks of something
no register holds (samples, payment terms, test reports) is not known rather than met or failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from matchmaker.enterprises.reading import Kind, Role, Term, days_of, read_terms
from matchmaker.enterprises.reading.places import distance_km, is_wider, is_within
from matchmaker.i18n import gettext as _
from matchmaker.matching.engine.conditions import certificate_key, read_conditions
from matchmaker.text import fold

AROUND_KM: Final = 150  # 周边: about two hours on the road
FADES_AFTER: Final = timedelta(days=365)
_CERTIFICATE_WORDS: Final = re.compile("(?:认证|证书|许可证?|资质)$")
_CODE: Final = re.compile(r"[a-z]{2,10}(?:[ -]?\d{4,6}[a-z]?)?")
_SENTENCE: Final = re.compile("[,，。;；、]")
_LONGEST_NAME: Final = 16


@dataclass(frozen=True, slots=True)
class Supplier:
    """What a firm has stated, as far as conditions speak of it.

    offered: the amounts of its line, each with its unit and period ("" when none is stated); text: the line.
    touched_on: when it last said so.
    """

    region_code: str
    certificates: tuple[str, ...] = ()
    lead_days: int | None = None
    offered: tuple[tuple[Decimal, str, str], ...] = ()
    text: str = ""
    radius_km: int | None = None
    touched_on: date | None = None


@dataclass(frozen=True, slots=True)
class Buyer:
    """What a need says in its fields, and where its firm is."""

    region_code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    deliver_by: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One hard condition with its verdict: True met, False not met, None not known."""

    text: str
    verdict: bool | None


def judged(
    conditions: Iterable[str], supplier: Supplier, *, buyer: Buyer | None = None, today: date | None = None
) -> tuple[Condition, ...]:
    """Each sentence with its verdict for one supplier; today is needed where a day of the calendar is asked for."""
    asking = buyer or Buyer()
    return tuple(Condition(text, _verdict(text, supplier, asking, today)) for text in conditions)


def limits(supplier: Supplier, buyer: Buyer, *, today: date) -> tuple[Condition, ...]:
    """What either side's own fields rule out or allow: delivery, service radius, minimum order, validity.

    What is not stated is no limit. That both are current is only said when one is not.
    """
    found = (
        (_delivered(buyer, today), _in_time(supplier, buyer, today)),
        (_served(supplier), _reached(supplier, buyer)),
        *_minimums(supplier, buyer),
        *_outdated(supplier, buyer, today),
    )
    return tuple(Condition(text, verdict) for text, verdict in found if text and verdict is not None)


def certificates_among(conditions: Iterable[str]) -> tuple[str, ...]:
    """The certificates that conditions demand, each in the words it was demanded in."""
    return tuple(dict.fromkeys(name for text in conditions for name in _certificates_in(text)))


def terms_among(conditions: Iterable[str]) -> tuple[Term, ...]:
    """Everything recognised in conditions."""
    return tuple(term for text in conditions for term in read_terms(text))


# Sentences


def _verdict(text: str, supplier: Supplier, buyer: Buyer, today: date | None) -> bool | None:
    """A sentence of several conditions is met when all are; one known to fail fails it."""
    verdicts: list[bool | None] = [_certified(asked, supplier)] if (asked := _certificates_in(text)) else []
    others = (term for term in read_terms(text) if term.kind is not Kind.CERTIFICATE)
    verdicts += [_of_term(term, supplier, buyer, today) for term in others] if not _is_code(text) else []
    if False in verdicts:
        return False
    return True if verdicts and None not in verdicts else None


def _certified(asked: tuple[str, ...], supplier: Supplier) -> bool | None:
    """A certificate of the trade that is not stated is not held; of one we do not know nobody can tell."""
    held = {certificate_key(name) for name in supplier.certificates}
    lacking = [name for name in asked if certificate_key(name) not in held]
    if any(_is_of_the_trade(name) for name in lacking):
        return False
    return None if lacking else True


def _is_of_the_trade(name: str) -> bool:
    return any(term.kind is Kind.CERTIFICATE for term in read_terms(name))


def _of_term(term: Term, supplier: Supplier, buyer: Buyer, today: date | None) -> bool | None:
    verdict: bool | None = None
    match term.kind:
        case Kind.LEAD | Kind.DEADLINE:
            verdict = _soon_enough(term, supplier, today)
        case Kind.PLACE:
            verdict = _placed(term, supplier)
        case Kind.RADIUS:
            verdict = _near(supplier.region_code, buyer.region_code, int(term.value))
        case Kind.PARK:
            verdict = _neighbours(supplier.region_code, buyer.region_code)
        case Kind.QUANTITY:
            verdict = _enough(term, supplier)
        case Kind.SPECIFICATION | Kind.MATERIAL:
            verdict = True if term.value in _stated_specifications(supplier) else None
    return verdict


def _soon_enough(term: Term, supplier: Supplier, today: date | None) -> bool | None:
    left = days_of(term, today or date.min) if term.kind is Kind.LEAD or today else None
    return None if supplier.lead_days is None or left is None else supplier.lead_days <= left


def _placed(term: Term, supplier: Supplier) -> bool | None:
    """A place of delivery says nothing of the supplier; one known only by a wider place may be there."""
    if term.role in (Role.DELIVERY, Role.ANYWHERE) or not supplier.region_code:
        return None
    if any(is_within(supplier.region_code, code) for code in term.codes):
        return True
    if any(is_wider(supplier.region_code, code) for code in term.codes):
        return None
    return term.role is Role.AROUND and any(_near(supplier.region_code, code, AROUND_KM) for code in term.codes)


def _near(one: str, other: str, most: int) -> bool | None:
    apart = distance_km(one, other)
    return None if apart is None else apart <= most


def _neighbours(one: str, other: str) -> bool | None:
    """The same county, which is as near as the register knows a park."""
    if not one or not other or is_wider(one, other) or is_wider(other, one):
        return None
    return one == other


def _enough(term: Term, supplier: Supplier) -> bool | None:
    """Against an amount of the same unit and period; any other says nothing."""
    same = [amount for amount, unit, period in supplier.offered if (unit, period) == (term.unit, term.period)]
    return max(same) >= Decimal(term.value) if same else None


def _stated_specifications(supplier: Supplier) -> frozenset[str]:
    return frozenset(read_conditions(supplier.text).specifications)


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(fold(text)) is not None


def _certificates_in(text: str) -> tuple[str, ...]:
    """The certificates recognised, a bare code such as CNAS, or words that end as a certificate's name does."""
    terms = read_terms(text)
    if found := tuple(term.value for term in terms if term.kind is Kind.CERTIFICATE):
        return (text,) if len(found) == 1 and fold(text) == fold(terms[0].text) else found
    if terms and not _is_code(text):
        return ()
    plain = fold(text)
    is_name = _CERTIFICATE_WORDS.search(plain) and len(plain) <= _LONGEST_NAME and not _SENTENCE.search(plain)
    return (text,) if is_name or _is_code(text) else ()


# Fields


def _delivered(buyer: Buyer, today: date) -> str:
    if buyer.deliver_by is None:
        return ""
    return str(_("%(days)s 天内交付", days=max(0, (buyer.deliver_by - today).days)))


def _in_time(supplier: Supplier, buyer: Buyer, today: date) -> bool | None:
    if buyer.deliver_by is None or supplier.lead_days is None:
        return None
    return supplier.lead_days <= max(0, (buyer.deliver_by - today).days)


def _served(supplier: Supplier) -> str:
    return str(_("在供方服务半径 %(km)s 公里内", km=supplier.radius_km)) if supplier.radius_km else ""


def _reached(supplier: Supplier, buyer: Buyer) -> bool | None:
    return _near(supplier.region_code, buyer.region_code, supplier.radius_km) if supplier.radius_km else None


def _minimums(supplier: Supplier, buyer: Buyer) -> Iterator[tuple[str, bool | None]]:
    for term in read_terms(supplier.text):
        if term.kind is Kind.MINIMUM and buyer.quantity is not None and term.unit == buyer.unit:
            yield _("达到供方起订量：%(least)s", least=term.text), buyer.quantity >= Decimal(term.value)


def _outdated(supplier: Supplier, buyer: Buyer, today: date) -> Iterator[tuple[str, bool]]:
    if buyer.valid_until is not None and buyer.valid_until < today:
        yield _("需求在有效期内"), False
    if supplier.touched_on is not None and today - supplier.touched_on > FADES_AFTER:
        yield _("供方能力在 12 个月内更新过"), False
