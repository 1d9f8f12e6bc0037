"""Deals side by side: every fact a person compares, and how the deals stand in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matchmaker.db import shanghai_day
from matchmaker.deals import wording
from matchmaker.deals.duplicates.clustering import Bearing, Facet
from matchmaker.deals.models import Deal
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.money import wan


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with what every deal says in it; an empty text is not known. bearing: None where it is not compared."""

    title: str
    values: tuple[str, ...]
    bearing: Bearing | None


def facts_of(deals: Sequence[Deal], told: Mapping[Facet, Bearing]) -> list[Fact]:
    """What some deals say, in the order people check it."""
    return [
        Fact(title, tuple(read(deal) for deal in deals), told.get(facet) if facet else None)
        for title, read, facet in _FACTS
    ]


def _buyer(deal: Deal) -> str:
    return deal.buyer.display_name


def _seller(deal: Deal) -> str:
    return deal.seller.display_name


def _kind(deal: Deal) -> str:
    words = str(wording.KINDS[deal.kind])
    return words + str(gettext("，续签")) if deal.is_renewal else words


def _amount(deal: Deal) -> str:
    return str(gettext("%(amount)s 万元", amount=wan(deal.standing.amount)))


def _term(deal: Deal) -> str:
    return str(gettext("%(months)s 个月", months=deal.months))


def _segment(deal: Deal) -> str:
    return deal.segment.name if deal.segment else ""


def _event(deal: Deal) -> str:
    return deal.event.title if deal.event else str(gettext("场次之外"))


def _declared(deal: Deal) -> str:
    party = deal.entries[0].party
    return f"{shanghai_day(deal.standing.declared_at)} {wording.PARTIES[party]}"


def _confirmed(deal: Deal) -> str:
    at = deal.standing.confirmed_at
    return str(shanghai_day(at)) if at else str(gettext("还没有"))


def _standing(deal: Deal) -> str:
    standing = deal.standing
    words = f"{wording.STAGES[standing.stage]} {wording.ASSURANCES[standing.assurance]}"
    return words + str(gettext("，有争议")) if standing.is_disputed else words


_FACTS: tuple[tuple[str, Callable[[Deal], str], Facet | None], ...] = (
    (_("买方"), _buyer, Facet.SIDES),
    (_("卖方"), _seller, Facet.SIDES),
    (_("标的"), lambda deal: deal.subject, None),
    (_("金额"), _amount, Facet.AMOUNT),
    (_("期限"), _term, Facet.TERM),
    (_("环节"), _segment, Facet.SEGMENT),
    (_("来源"), _event, Facet.EVENT),
    (_("合同编号"), lambda deal: deal.contract_number, Facet.CONTRACT),
    (_("类别"), _kind, Facet.KIND),
    (_("申报"), _declared, None),
    (_("双方确认"), _confirmed, None),
    (_("阶段与保证"), _standing, None),
)
