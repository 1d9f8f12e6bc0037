"""The refusals of stewardship."""

from __future__ import annotations

from matchmaker.errors import NotAllowed, RuleViolation
from matchmaker.i18n import lazy as _


class NotTheSteward(NotAllowed):
    """A deal is handed over by the office in charge or one above it."""

    template = _("只有现在的包联单位或其上级单位可以移交。")


class NotForTheProvince(NotAllowed):
    """The thresholds are the province's."""

    template = _("包联门槛由省级主管部门或省级管理员设定。")


class OfficeNotNear(RuleViolation):
    """A deal is stewarded by the province or by an office of a party's region."""

    template = _("只能移交给省级单位，或买卖双方所在市州、县市区的单位。请从列表中选择。")


class OfficerElsewhere(RuleViolation):
    """An officer stewards for the office they work in."""

    template = _("所选人员不在该单位任职。请重新选择，或先不指定人员。")


class HandoverUnexplained(RuleViolation):
    """A change by hand says why."""

    template = _("请写明移交的原因，历史记录里会保留。")


class SameSteward(RuleViolation):
    """A handover changes something."""

    template = _("包联单位和人员都没有变化，无需移交。")


class DealTooEarly(RuleViolation):
    """Only a confirmed deal has a steward."""

    template = _("双方确认之后的采购／配套意向才有包联单位。")
    status = 409


class ThresholdsOutOfOrder(RuleViolation):
    """Each level begins above the one before."""

    template = _("门槛须自下而上递增：县市区低于市州，市州低于省级，且都大于零。")


class ThresholdsUnchanged(RuleViolation):
    """A new rule says something new."""

    template = _("门槛与现行的相同，无需保存。")
