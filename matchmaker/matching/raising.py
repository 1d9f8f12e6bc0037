"""What would raise a score: the shortest list of things to do, each with exactly the points it lacks.

The steps and the rest come to what is missing to full marks, to the hundredth: the rest is what no
sentence anybody writes can bring, such as where a firm is.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from matchmaker.enterprises.models import CapabilityState, EnterpriseState
from matchmaker.i18n import gettext as _
from matchmaker.i18n import lazy
from matchmaker.matching import words
from matchmaker.matching.engine import Gap, Part, PartScore
from matchmaker.matching.models import MatchRun, MatchSubject
from matchmaker.matching.queries.naming import Names
from matchmaker.matching.queries.runs import Shown


class Where(enum.Enum):
    """Where the asker does what a step says; a step for the other side is asked of them in a meeting."""

    LINE = "line"  # the need or capability the list was asked for
    NEW_NEED = "new_need"
    CAPABILITIES = "capabilities"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, whose points it would bring, and where it is done."""

    text: str
    points: int
    where: Where


@dataclass(frozen=True, slots=True)
class Raising:
    """The steps, those that bring most first, and the points that nobody's writing can bring."""

    steps: tuple[Step, ...]
    rest: int
    rest_parts: tuple[str, ...]

    @property
    def ours(self) -> tuple[Step, ...]:
        """What the asker itself can do."""
        return tuple(each for each in self.steps if each.where is not Where.THEIRS)

    @property
    def theirs(self) -> tuple[Step, ...]:
        """What the other side would have to show or do."""
        return tuple(each for each in self.steps if each.where is Where.THEIRS)


_ASKED: Final = {
    Gap.SPECIFICATION: (lazy("请对方写明能否做到 %(what)s"), Where.THEIRS),
    Gap.CERTIFICATE: (lazy("请对方取得或列出资质 %(what)s"), Where.THEIRS),
    Gap.CAPACITY_UNKNOWN: (lazy("请对方写明余量（要求 %(what)s）"), Where.THEIRS),
    Gap.CAPACITY_SHORT: (lazy("对方余量不足 %(what)s：可分批，或改数量"), Where.LINE),
    Gap.DELIVERY_UNKNOWN: (lazy("请对方写明交期（要求 %(what)s 天内）"), Where.THEIRS),
    Gap.DELIVERY_LATE: (lazy("对方交期长于要求的 %(what)s 天：可推后最迟交付"), Where.LINE),
    Gap.REGION_UNKNOWN: (lazy("请对方登记所在地"), Where.THEIRS),
}
_PART_OF: Final = {
    Gap.SPECIFICATION: Part.SPECIFICATION,
    Gap.CERTIFICATE: Part.CERTIFICATE,
    Gap.CAPACITY_UNKNOWN: Part.CAPACITY,
    Gap.CAPACITY_SHORT: Part.CAPACITY,
    Gap.DELIVERY_UNKNOWN: Part.DELIVERY,
    Gap.DELIVERY_LATE: Part.DELIVERY,
    Gap.REGION_UNKNOWN: Part.REGION,
}
_LINE_LISTS: Final = (MatchSubject.NEED, MatchSubject.CAPABILITY)


def raising(shown: Shown, run: MatchRun, names: Names) -> Raising:
    """What would bring a suggestion nearer to full marks."""
    lacking = [part for part in shown.evidence.parts if part.points < part.maximum]
    told = [(part, _step(part, shown, run, names)) for part in lacking]
    steps = sorted((step for _part, step in told if step), key=lambda step: -step.points)
    rest = [part for part, step in told if step is None]
    return Raising(
        tuple(steps),
        sum(part.maximum - part.points for part in rest),
        tuple(words.part_name(part.part) for part in rest),
    )


def _step(part: PartScore, shown: Shown, run: MatchRun, names: Names) -> Step | None:
    """What would complete one part; None when nothing that can be written would."""
    asked = _gap_step(part, shown, run) or _line_step(part, run, names) or _partner_step(part, run)
    if part.part is Part.TRUST:
        asked = _trust_step(shown)
    return Step(asked[0], part.maximum - part.points, asked[1]) if asked else None


def _gap_step(part: PartScore, shown: Shown, run: MatchRun) -> tuple[str, Where] | None:
    missing = [each for each in shown.evidence.missing if _PART_OF.get(each.gap) is part.part]
    if not missing:
        return None
    if missing[0].gap is Gap.CAPACITY_SHORT and words.is_other_unit(missing[0], shown):
        return str(_("双方余量单位不同，请核对：要求 %(what)s", what=missing[0].asked)), Where.LINE
    text = str(run.asked.get("text", ""))
    sentence, where = _ASKED[missing[0].gap]
    same = (each.asked for each in missing if each.gap is missing[0].gap)
    return str(sentence) % {"what": "、".join(dict.fromkeys(words.in_context(each, text) for each in same))}, where


def _line_step(part: PartScore, run: MatchRun, names: Names) -> tuple[str, Where] | None:
    """What the asker can write in the line the list is about."""
    if run.subject not in _LINE_LISTS:
        return None
    if part.part is Part.WORDING:
        return str(_("说法不尽相同：若是同一样东西，把产品、材料、用途写得与对方一致")), Where.LINE
    if part.part is Part.SEGMENT and part.theirs and part.ours:
        theirs = names.segment(part.theirs)
        return str(_("环节不同：对方在“%(theirs)s”，若选错了可改正", theirs=theirs)), Where.LINE
    if part.part is Part.SEGMENT:
        return str(_("请对方为这一条选定环节")), Where.THEIRS
    return None


def _partner_step(part: PartScore, run: MatchRun) -> tuple[str, Where] | None:
    """What either side can publish, where firms are matched as a whole."""
    if run.subject in _LINE_LISTS:
        return None
    if part.part is Part.NEED and run.subject is MatchSubject.UPSTREAM:
        return str(_("发布一条采购需求，写明要对方供应的产品")), Where.NEW_NEED
    if part.part is Part.NEED and part.points:
        return str(_("供给能力写得与对方需求一致：同一样东西用同一个叫法")), Where.CAPABILITIES
    if part.part is Part.NEED:
        return str(_("请对方发布相应的采购需求")), Where.THEIRS
    if part.part is Part.FLOW and not part.points:
        return str(_("供给能力里写全产品、用料与用途，才对得上供需物料")), Where.CAPABILITIES
    return None


def _trust_step(shown: Shown) -> tuple[str, Where]:
    if shown.enterprise.state is not EnterpriseState.VERIFIED:
        return str(_("请对方完成企业认证")), Where.THEIRS
    if shown.capability is not None and shown.capability.state is not CapabilityState.VERIFIED:
        return str(_("请对方为这项能力补佐证或申请核验")), Where.THEIRS
    return str(_("请对方为供给能力补佐证或申请核验")), Where.THEIRS
