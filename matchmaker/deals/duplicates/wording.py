"""In what deals agree and differ, in words."""

from __future__ import annotations

from itertools import combinations

from matchmaker.deals.duplicates.clustering import Bearing, Facet, Trace, bearings
from matchmaker.deals.duplicates.models import Judgement
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _

JUDGEMENTS = {Judgement.OPEN: _("待判断"), Judgement.DISTINCT: _("不是同一笔")}

BEARINGS = {
    Bearing.SAME: (_("一致"), "ok"),
    Bearing.NEAR: (_("相近"), "acc"),
    Bearing.DIFFERENT: (_("不同"), ""),
    Bearing.UNKNOWN: (_("不全"), ""),
}

_AGREED = {
    (Facet.CONTRACT, Bearing.SAME): _("合同编号一致"),
    (Facet.AMOUNT, Bearing.SAME): _("金额一致"),
    (Facet.AMOUNT, Bearing.NEAR): _("金额相差不超过两成"),
    (Facet.SEGMENT, Bearing.SAME): _("环节一致"),
    (Facet.EVENT, Bearing.SAME): _("场次一致"),
    (Facet.TERM, Bearing.SAME): _("期限重叠"),
}
_DIFFERENT = {
    Facet.AMOUNT: _("金额不同"),
    Facet.SEGMENT: _("环节不同"),
    Facet.EVENT: _("场次不同"),
    Facet.TERM: _("期限不重叠"),
    Facet.SIDES: _("买卖方向相反"),
    Facet.KIND: _("类别或续签不同"),
}
_ORDER = (Bearing.SAME, Bearing.NEAR, Bearing.UNKNOWN, Bearing.DIFFERENT)


def together(traces: list[Trace]) -> dict[Facet, Bearing]:
    """How some deals stand in every facet: as the two of them that stand furthest apart."""
    told = [bearings(one, other) for one, other in combinations(traces, 2)]
    return {facet: max((each[facet] for each in told), key=_ORDER.index) for facet in Facet} if told else {}


def agreeing(told: dict[Facet, Bearing]) -> str:
    """What the deals agree in, in one line; the two firms always."""
    words = [
        str(_("双方一致")),
        *(str(word) for (facet, bearing), word in _AGREED.items() if told.get(facet) is bearing),
    ]
    return str(gettext("，")).join(words)


def differing(told: dict[Facet, Bearing]) -> str:
    """What they differ in, in one line; empty where they do not."""
    return str(gettext("，")).join(
        str(word) for facet, word in _DIFFERENT.items() if told.get(facet) is Bearing.DIFFERENT
    )
