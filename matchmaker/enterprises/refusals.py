"""What the registers refuse, each named after the rule that was broken."""

from __future__ import annotations

from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.i18n import lazy as _


class OutOfReach(NotAllowed):
    """The enterprise lies outside the region of the person's office, or is not the person's own."""

    template = _("这家企业不在本单位辖区，也不是您所在的企业，不能修改。")


class CreditCodeTaken(RuleViolation):
    """One credit code is one enterprise."""

    template = _("信用代码 {code} 已登记，是“{name}”。请打开那一条核对，不必重复登记。")
    status = 409


class SameEnterprise(RuleViolation):
    """One row is no pair."""

    template = _("这是同一条登记，不必核对。")


class AlreadyMerged(RuleViolation):
    """A duplicate stands behind one survivor, and a survivor behind nobody."""

    template = _("“{name}”已并入另一家。请先撤销那次并入，或改选另一家。")
    status = 409


class NotMerged(RuleViolation):
    """There is no merger in force to take back."""

    template = _("这两条登记没有并在一起，不必撤销。")
    status = 409


class MergerSettled(RuleViolation):
    """After some weeks others have built on the merger."""

    template = _("并入已超过 {days} 天，不能再撤销。")
    status = 409


class InvalidForeignCode(RuleViolation):
    """A foreign registration number has 4 to 40 letters, digits or hyphens."""

    template = _("“{code}”不能作为境外注册号：只用 4 至 40 位字母、数字和连字符。")


class UnknownIndustry(RuleViolation):
    """The code is not in GB/T 4754."""

    template = _("国民经济行业分类里没有代码“{code}”。")


class StepNotOpen(RuleViolation):
    """The enterprise is not where this step begins."""

    template = _("这家企业目前是“{state}”，不能“{step}”。")
    status = 409


class NotEditable(RuleViolation):
    """A suspended or merged enterprise stays as it is."""

    template = _("这家企业目前是“{state}”，资料不能修改。")
    status = 409


class ReasonMissing(RuleViolation):
    """Whoever is concerned is told why."""

    template = _("请写明原因，对方会看到。")


class EnterpriseNotListed(RuleViolation):
    """A firm that is not listed publishes nothing."""

    template = _("贵公司目前是“{state}”，资料恢复登记之后才能发布。可先存为草稿。")
    status = 409


class CapacityWithoutUnit(RuleViolation):
    """A number without a unit says nothing."""

    template = _("填了产能或余量，请同时填写单位，例如“套”“吨”。")


class SpareAboveCapacity(RuleViolation):
    """No more can be spare than there is."""

    template = _("余量不能大于产能。")


class CapabilityAlreadyStated(RuleViolation):
    """The same product with the same spec is on the firm's list already."""

    template = _("贵公司已有同样产品和规格的供给能力。请修改那一条，不必重复填写。")
    status = 409


class CapabilityCannotMove(RuleViolation):
    """The capability is not where this step begins."""

    template = _("这条供给能力目前是“{state}”，不能办理这一步。")
    status = 409


class NeedCannotMove(RuleViolation):
    """The need is not where this step begins."""

    template = _("这条需求目前是“{state}”，不能办理这一步。")
    status = 409


class NeedNotEditable(RuleViolation):
    """What was closed stays as it was."""

    template = _("这条需求目前是“{state}”，不能修改。可以重新发布一条。")
    status = 409


class QuantityWithoutUnit(RuleViolation):
    """A number without a unit says nothing."""

    template = _("填了数量，请同时填写单位，例如“套”“吨”。")


class BudgetUpsideDown(RuleViolation):
    """The lower bound comes first."""

    template = _("预算下限不能大于上限。")


class ValidityOver(RuleViolation):
    """A need is not published for a day that has passed."""

    template = _("有效期 {day} 已过，请先改为今天以后的日期。")
