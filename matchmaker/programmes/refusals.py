"""The rules of a programme that a person can run into, each with the sentence they read."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class ProgrammeExists(RuleViolation):
    """A year has one programme."""

    template = _("{year} 年度计划已经建立。")


class TargetsNotPositive(RuleViolation):
    """A programme aims at more than nothing."""

    template = _("场次、企业数和金额的目标都必须大于零。")


class TargetNegative(RuleViolation):
    """A place may be given no target, never a negative one."""

    template = _("{place}的目标不能为负数。")


class NotAPrefecture(RuleViolation):
    """Targets are given to prefectures."""

    template = _("{place}不是市州，不能下达目标。")


class PlanNotRising(RuleViolation):
    """A plan rises month by month to the whole target."""

    template = _("计划进度须逐月不减，并在 12 月达到 100%。")


class MonthOutsideYear(RuleViolation):
    """A programme freezes the months of its own year."""

    template = _("{month} 不属于该年度计划。")


class MonthFrozen(RuleViolation):
    """Frozen is frozen (R16)."""

    template = _("{month} 已经冻结，不能再办；更正请在台账上另记新账。")
    status = 409


class MonthAhead(RuleViolation):
    """A month that has not begun holds nothing to publish."""

    template = _("{month} 还没有到，不能关账。")


class MonthClosing(RuleViolation):
    """A month is proposed for closing once."""

    template = _("{month} 已经提请关账，正在等待另一人复核。")
    status = 409


class NotClosing(RuleViolation):
    """Nobody proposed to close the month, or it was taken back."""

    template = _("{month} 没有提请关账。请先提请，再由另一人复核并冻结。")
    status = 409


class SamePerson(RuleViolation):
    """Closing a month takes two persons."""

    template = _("提请关账的人不能自己复核。请由省级主管部门的另一位同事复核并冻结。")
    status = 403
