"""Evidence in the words of the page: reasons, parts, what is missing, and the way along the chain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from matchmaker.enterprises.models import Capability, CapabilityState, EnterpriseState, Need
from matchmaker.i18n import gettext as _
from matchmaker.i18n import lazy
from matchmaker.matching.conditions import Condition, certificates_among
from matchmaker.matching.engine import ChainStep, Gap, LinePair, Missing, Part, PartScore
from matchmaker.matching.engine.conditions import read_conditions
from matchmaker.matching.filtering import Order
from matchmaker.matching.models import MatchRun, MatchSubject, Verdict
from matchmaker.matching.queries.naming import Names
from matchmaker.matching.queries.runs import Shown
from matchmaker.text import fold

VERDICTS: Final = {
    Verdict.INTERESTED: lazy("感兴趣"),
    Verdict.UNSUITABLE: lazy("不合适"),
    Verdict.PARTNERS: lazy("已是合作伙伴"),
    Verdict.TAKEN_BACK: lazy("已收回"),
}
REASONS: Final = {
    "product": lazy("产品不对口"),
    "capacity": lazy("产能或批量不符"),
    "distance": lazy("距离太远"),
    "certificate": lazy("资质不够"),
    "specification": lazy("规格不符"),
    "delivery": lazy("交期不合"),
    "rival": lazy("是同行"),
    "other": lazy("其他"),
}
ORDERS: Final = {
    Order.SCORE: lazy("按推荐度"),
    Order.NEAR: lazy("按距离近"),
    Order.DAYS: lazy("按交期短"),
    Order.CONDITIONS: lazy("按资质条件满足"),
    Order.FRESH: lazy("按最近更新"),
}
PARTS: Final = {
    Part.SEGMENT: lazy("环节"),
    Part.WORDING: lazy("产品与工艺"),
    Part.CATALOGUE: lazy("主营相近"),
    Part.FLOW: lazy("供需物料"),
    Part.NEED: lazy("已发布需求"),
    Part.TRADE: lazy("行业惯例"),
    Part.SPECIFICATION: lazy("规格参数"),
    Part.CAPACITY: lazy("余量"),
    Part.DELIVERY: lazy("交期"),
    Part.CERTIFICATE: lazy("资质"),
    Part.REGION: lazy("区域"),
    Part.TRUST: lazy("可信度"),
}
SIDES: Final = {
    MatchSubject.NEED: (lazy("需求"), lazy("对方能力")),
    MatchSubject.CAPABILITY: (lazy("能力"), lazy("对方需求")),
    MatchSubject.UPSTREAM: (lazy("要找的"), lazy("对方的")),
    MatchSubject.DOWNSTREAM: (lazy("要找的"), lazy("对方的")),
}
_NEARLY_ALL, _MOSTLY, _SOME = 0.9, 0.55, 0.2
_CHAINED: Final = lazy("上下游环节相接")
_ANSWERS_NEED: Final = lazy("答得上已发布的需求")
_FULLY: Final = {
    Part.SEGMENT: lazy("同一环节"),
    Part.WORDING: lazy("产品一致"),
    Part.CATALOGUE: lazy("主营对口"),
    Part.SPECIFICATION: lazy("规格相符"),
    Part.CERTIFICATE: lazy("资质齐全"),
    Part.CAPACITY: lazy("余量充足"),
    Part.DELIVERY: lazy("交期满足"),
    Part.REGION: lazy("同一市州"),
}
_PARTLY: Final = {
    Part.WORDING: (_MOSTLY, lazy("产品相近")),
    Part.NEED: (_SOME, lazy("已发布相应需求")),
    Part.FLOW: (_SOME, lazy("供需物料相合")),
}
_GAPS: Final = {
    Gap.SPECIFICATION: lazy("未写明规格 %(what)s"),
    Gap.CERTIFICATE: lazy("未列出资质 %(what)s"),
    Gap.OUTSIDE_REGION: lazy("不在同一市州"),
    Gap.REGION_UNKNOWN: lazy("未登记所在地"),
    Gap.CAPACITY_UNKNOWN: lazy("未写明余量（要求 %(what)s）"),
    Gap.CAPACITY_SHORT: lazy("余量不足 %(what)s"),
    Gap.DELIVERY_UNKNOWN: lazy("未写明交期"),
    Gap.DELIVERY_LATE: lazy("交期长于要求的 %(what)s 天"),
    Gap.INFERRED: lazy("双方都没有写明这项供需，是按产业链推断的"),
}
_STATED: Final = {
    CapabilityState.STATED: lazy("能力自报"),
    CapabilityState.EVIDENCED: lazy("能力已佐证"),
    CapabilityState.VERIFIED: lazy("能力已核验"),
}
_STANDING: Final = {EnterpriseState.VERIFIED: lazy("企业已认证"), EnterpriseState.REVIEW: lazy("企业待复核")}
_IN_DAYS: Final = re.compile(r"\d\s*[天日]")
_PHRASE: Final = re.compile("[，,；;。、（）()]")
_LONGEST_PHRASE: Final = 14
_NOBODY_FILLS: Final = (Part.CATALOGUE, Part.TRADE)
_MATCHED_TEXTS: Final = (Part.WORDING, Part.FLOW, Part.NEED)


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a score as the table shows it."""

    part: Part
    points: int
    maximum: int
    ours: str
    theirs: str
    words: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What would raise the score, and for whom it is to do."""

    text: str
    is_told_in_lists: bool


def reasons(shown: Shown, subject: MatchSubject) -> list[str]:
    """At most three words that speak for a suggestion, the weightiest first."""
    found = []
    if shown.conditions and not shown.failed:
        met = sum(each.verdict is True for each in shown.conditions)
        if met:
            found.append(_("硬条件 %(met)s/%(all)s", met=met, all=len(shown.conditions)))
    found += [word for part in shown.evidence.parts if (word := _reason(part, subject))]
    return found[:3]


def _reason(part: PartScore, subject: MatchSubject) -> str:
    """The word for a part that is nearly full, or mostly so; "" for one that says nothing."""
    share = part.points / part.maximum if part.maximum else 0
    if part.part is Part.SEGMENT and subject not in (MatchSubject.NEED, MatchSubject.CAPABILITY):
        return str(_CHAINED) if share >= _NEARLY_ALL else ""
    if part.part is Part.NEED and subject is MatchSubject.UPSTREAM:
        return str(_ANSWERS_NEED) if share >= _SOME else ""
    word = _FULLY.get(part.part) if share >= _NEARLY_ALL else None
    least, lesser = _PARTLY.get(part.part, (2, ""))
    return str(word or (lesser if share >= least else ""))


def verdicts(shown: Shown) -> list[tuple[str, bool | None]]:
    """The hard conditions with yes, no or not known."""
    return [(each.text, each.verdict) for each in shown.conditions]


def near_miss(shown: Shown) -> str:
    """What a near miss fails, in one line; "" for a full match."""
    failed = shown.failed
    if not failed:
        return ""
    told = "；".join(_fallen_short(each, shown) for each in failed)
    if len(failed) == 1:
        return str(_("差一项：%(what)s", what=told))
    return str(_("差 %(count)s 项：%(what)s", count=len(failed), what=told))


def _fallen_short(condition: Condition, shown: Shown) -> str:
    """A condition that is not met, with what stands against it."""
    if certificates_among([condition.text]):
        return str(_("%(what)s（对方没有列出）", what=condition.text))
    days = shown.capability.lead_days if shown.capability else None
    if days is not None and _IN_DAYS.search(condition.text):
        return str(_("%(what)s（对方交期 %(days)s 天）", what=condition.text, days=days))
    return condition.text


def first_lacking(shown: Shown, subject: MatchSubject, text: str = "") -> str:
    """The one thing a list tells of a match that is not complete; of buyers only the conditions they set."""
    if shown.failed:
        return near_miss(shown)
    if unknown := [each.text for each in shown.conditions if each.verdict is None]:
        return _to_ask(unknown)
    if subject is MatchSubject.CAPABILITY:
        return ""
    return next((each.text for each in lacking(shown, text) if each.is_told_in_lists), "")


def _to_ask(conditions: list[str]) -> str:
    """Conditions nobody can judge from what is written: named where there is one, counted where there are more."""
    if len(conditions) == 1:
        return str(_("待核实：%(what)s", what=conditions[0]))
    return str(_("待核实 %(count)s 项硬条件", count=len(conditions)))


def lacking(shown: Shown, text: str = "") -> list[Lacking]:
    """What was asked for in a text and is not shown: one line for each kind."""
    grouped = groupby(shown.evidence.missing, key=lambda missing: missing.gap)
    return [_lacking(gap, list(group), shown, text) for gap, group in grouped]


def is_other_unit(missing: Missing, shown: Shown) -> bool:
    """Whether what is to spare is counted in another unit than what is asked for, and so is not too little."""
    unit = shown.capability.capacity_unit if shown.capability else ""
    return bool(unit) and not missing.asked.endswith(unit)


def _lacking(gap: Gap, group: list[Missing], shown: Shown, text: str) -> Lacking:
    if gap is Gap.CAPACITY_SHORT and is_other_unit(group[0], shown):
        return Lacking(str(_("余量单位不同（要求 %(what)s）", what=group[0].asked)), is_told_in_lists=True)
    asked = "、".join(dict.fromkeys(in_context(missing.asked, text) for missing in group))
    told = str(_GAPS.get(gap, _("还缺 %(what)s"))) % {"what": asked}
    return Lacking(told, gap is not Gap.OUTSIDE_REGION)


def in_context(folded: str, text: str) -> str:
    """A figure as its writer put it: 3.5 in “…，壁厚 3.5 mm” is 壁厚 3.5 mm; else the code itself."""
    phrases = (phrase.strip() for phrase in _PHRASE.split(text))
    found = (phrase for phrase in phrases if folded and folded in fold(phrase) and len(phrase) <= _LONGEST_PHRASE)
    return next(found, _code(folded))


def part_lines(shown: Shown, run: MatchRun, names: Names) -> list[PartLine]:
    """The parts of a score with what was compared, in words; texts the reader may not see are left out."""
    kept = (part for part in shown.evidence.parts if part.maximum or part.part not in _NOBODY_FILLS)
    return [_part_line(part, shown, run, names) for part in kept]


def _part_line(part: PartScore, shown: Shown, run: MatchRun, names: Names) -> PartLine:
    ours, theirs = _compared(part, shown, run, names)
    return PartLine(part.part, part.points, part.maximum, ours, theirs, part.words, part_name(part.part))


def part_name(part: Part) -> str:
    """A part of the score in words."""
    return str(PARTS.get(part, part.value))


def _compared(part: PartScore, shown: Shown, run: MatchRun, names: Names) -> tuple[str, str]:
    if part.part in _MATCHED_TEXTS:
        return _texts(part, shown.evidence.pairs)
    offered = shown.capability
    told = {
        Part.SEGMENT: (names.segment(part.ours), names.segment(part.theirs)),
        Part.CATALOGUE: ("", _("对方全部产品与所需相近的程度")),
        Part.TRADE: ("", _("这类供需在对方行业中的常见程度")),
        Part.REGION: (names.region(part.ours), names.region(part.theirs)),
        Part.SPECIFICATION: _specifications(part, shown, run),
        Part.CERTIFICATE: (_code(part.ours), _code(part.theirs)),
        Part.CAPACITY: (_quantity(run), spare_text(offered)),
        Part.DELIVERY: (days_text(run.asked.get("days")), days_text(offered.lead_days if offered else None)),
        Part.TRUST: ("", "，".join(trust(shown))),
    }
    return told.get(part.part, (part.ours, part.theirs))


def _texts(part: PartScore, pairs: tuple[LinePair, ...]) -> tuple[str, str]:
    """The two lines as they were written; a text that belongs to none of the pairs is not shown."""
    for pair in pairs:
        if part.theirs in (read_conditions(pair.theirs).product, pair.theirs):
            return (pair.ours if part.part is Part.WORDING else part.ours), pair.theirs
    return part.ours if part.points else "", ""


def _specifications(part: PartScore, shown: Shown, run: MatchRun) -> tuple[str, str]:
    line = shown.capability or shown.need
    return (
        _in_contexts(part.ours, str(run.asked.get("text", ""))),
        _in_contexts(part.theirs, line.text if line is not None else ""),
    )


def _in_contexts(folded: str, text: str) -> str:
    return "、".join(dict.fromkeys(in_context(each, text) for each in folded.split()))


def _code(folded: str) -> str:
    """Codes as people write them: iatf16949 is IATF16949, units inside Chinese text stay."""
    return folded.upper() if folded.isascii() else folded


def _quantity(run: MatchRun) -> str:
    quantity = run.asked.get("quantity")
    return f"{quantity:,g} {run.asked.get('unit', '')}".strip() if quantity is not None else ""


def spare_text(capability: Capability | None) -> str:
    """How much a firm has to spare, or "" where it does not say."""
    if capability is None or capability.spare is None:
        return ""
    return str(_("余 %(amount)s %(unit)s", amount=f"{capability.spare.normalize():,f}", unit=capability.capacity_unit))


def far_text(kilometres: float | None) -> str:
    """A distance as the crow flies, or "" where one place is not known."""
    return "" if kilometres is None else str(_("直线约 %(far)s 公里", far=f"{kilometres:,.0f}"))


def days_text(days: int | None) -> str:
    """A number of days, or "" where it is not known."""
    return "" if days is None else str(_("%(days)s 天", days=days))


def trust(shown: Shown) -> Iterator[str]:
    """How far a firm and its line are verified, in words."""
    if shown.enterprise.state in _STANDING:
        yield str(_STANDING[shown.enterprise.state])
    if shown.capability is not None and shown.capability.state in _STATED:
        yield str(_STATED[shown.capability.state])


def path(shown: Shown, names: Names) -> list[ChainStep]:
    """The way along the chain with segments in words; inferred flows between products are no step of it."""
    steps = (step for step in shown.evidence.path if step.supplier and step.buyer)
    return [replace(s, supplier=names.segment(s.supplier), buyer=names.segment(s.buyer)) for s in steps]


def flows(shown: Shown) -> list[tuple[str, list[str]]]:
    """What flows between the two by the product graph, where no step of a chain says so: known, then inferred."""
    told = [step for step in shown.evidence.path if not step.supplier and step.item]
    known = list(dict.fromkeys(step.item for step in told if not step.is_inferred))
    inferred = list(dict.fromkeys(step.item for step in told if step.is_inferred and step.item not in known))
    named = ((_("上市公司产品关系"), known), (_("由上市公司产品关系推断"), inferred))
    return [(str(name), items) for name, items in named if items]


def place_text(shown: Shown) -> str:
    """Where a firm is: its prefecture, then its county."""
    place = shown.enterprise.region
    around = [place.prefecture.short_name] if place.prefecture else []
    return "·".join(dict.fromkeys([*around, place.short_name]))


def standing(shown: Shown) -> str:
    """Where a firm is and what distinguishes it."""
    return "·".join(dict.fromkeys([place_text(shown), *(badge.name for badge in shown.enterprise.badges)]))


def facts(shown: Shown) -> list[str]:
    """The firm's standing and the line that answers, for a list."""
    return [line for line in (standing(shown), line_text(shown.capability or shown.need)) if line]


def line_text(line: Capability | Need | None) -> str:
    """A line in one sentence, with how much there is or is wanted."""
    if isinstance(line, Capability):
        return "，".join(part for part in (line.product, line.spec, spare_text(line)) if part)
    if isinstance(line, Need):
        amount = f"{line.quantity.normalize():,f} {line.unit}".strip() if line.quantity is not None else ""
        return "，".join(part for part in (line.text, amount) if part)
    return ""
