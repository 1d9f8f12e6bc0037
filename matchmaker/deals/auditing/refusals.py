"""The refusals of the audit sample."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class NothingToDraw(RuleViolation):
    """No deal counts yet."""

    template = _("还没有计入的意向，无从抽样。")


class SizeOutOfRange(RuleViolation):
    """A sample has a sensible size."""

    template = _("样本数须在 1 到 {most} 之间。")


class SeedMissing(RuleViolation):
    """A sample is drawn from a seed that can be printed and typed again."""

    template = _("种子须为 1 到 40 个字母、数字或汉字，不含空格。")


class SampleKnown(RuleViolation):
    """The very same sample was drawn before."""

    template = _("同一截至日、种子和样本数的样本已在第 {number} 次抽取，不必再抽。")
    status = 409


class FindingUnexplained(RuleViolation):
    """A finding that differs from the books says why."""

    template = _("查实金额与账面不一致，须写明依据。")


class AmountOutOfRange(RuleViolation):
    """A true amount is a whole number of yuan from nothing up."""

    template = _("查实金额须为不小于零的金额。")
