"""The refusals of following up."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class NothingAsked(RuleViolation):
    """A side answers what it was asked."""

    template = _("这笔意向还没有向贵公司询问进展，不必答复。双方确认满 30 天起询问。")
    status = 409


class NothingToFollow(RuleViolation):
    """Only an intent both sides confirmed, without contract or dispute, is followed up."""

    template = _("这笔意向目前不需要跟进：须为双方确认、尚未签合同、没有争议，也未撤回的意向。")
    status = 409


class AlreadySigned(RuleViolation):
    """A contract answers all questions."""

    template = _("这笔意向已登记合同，不必再答复。")
    status = 409


class ReasonNotChosen(RuleViolation):
    """What came to nothing did so for a reason."""

    template = _("请选择没谈成的原因，五项里最接近的一项。")


class ContractIncomplete(RuleViolation):
    """A signed contract has an amount and a number."""

    template = _("已签合同的，请填写合同金额和合同编号。")


class AskedToday(RuleViolation):
    """A side is asked at most once a day."""

    template = _("今天已经询问过双方，请等候答复，明天才能再问。")
    status = 409
