"""Two registrations fact by fact, so that a person sees at once in what they agree."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.db import shanghai_day
from matchmaker.enterprises import wording
from matchmaker.enterprises.exporting import place_name
from matchmaker.enterprises.models import Capability, Enterprise, Need
from matchmaker.i18n import gettext as _
from matchmaker.money import wan
from matchmaker.text import fold

_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Registration:
    """A firm with the lines of it that are in force, newest first."""

    firm: Enterprise
    capabilities: list[Capability]
    needs: list[Need]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of both; nothing is said of agreement where one of them is silent."""

    title: str
    one: str
    other: str
    agrees: bool | None = None


def side_by_side(one: Registration, other: Registration) -> list[Fact]:
    """What the register knows of two firms, in the order in which a person compares them."""
    mine, theirs = _facts(one), _facts(other)
    compared = [_compared(title, value, theirs[title]) for title, value in mine.items()]
    lines = [
        Fact(_("供给能力"), _capabilities(one), _capabilities(other)),
        Fact(_("需求"), _needs(one), _needs(other)),
        Fact(_("登记日期"), str(shanghai_day(one.firm.created_at)), str(shanghai_day(other.firm.created_at))),
    ]
    return [fact for fact in [*compared, *lines] if fact.one or fact.other]


def _facts(registration: Registration) -> dict[str, str]:
    firm = registration.firm
    return {
        _("企业名称"): firm.name,
        _("信用代码"): firm.credit_code,
        _("简称"): firm.short_name,
        _("曾用名"): "、".join(firm.former_names),
        _("所在地"): place_name(firm.region),
        _("法定代表人"): firm.legal_representative,
        _("最终控股单位"): firm.parent_code or "",
        _("行业代码"): firm.industry_code or "",
        _("规模"): str(wording.SIZES[firm.size]) if firm.size else "",
        _("上年营收（万元）"): "" if firm.last_year_revenue is None else wan(firm.last_year_revenue),
        _("称号"): "、".join(dict.fromkeys(badge.name for badge in firm.badges)),
        _("登记状态"): str(wording.STATES[firm.state]),
    }


def _compared(title: str, one: str, other: str) -> Fact:
    return Fact(title, one, other, fold(one) == fold(other) if one and other else None)


def _capabilities(registration: Registration) -> str:
    return _told([line.text for line in registration.capabilities])


def _needs(registration: Registration) -> str:
    return _told([need.text for need in registration.needs])


def _told(texts: list[str]) -> str:
    if not texts:
        return str(_("无"))
    more = _("等 %(count)s 条", count=len(texts)) if len(texts) > _MOST_LINES else ""
    return "；".join(texts[:_MOST_LINES]) + str(more)
