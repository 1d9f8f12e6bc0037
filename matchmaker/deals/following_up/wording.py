"""What people say of an intent, in words."""

from __future__ import annotations

from matchmaker.deals.following_up.models import Answer, FollowUpAnswer, OffReason
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _

ANSWERS = {Answer.SIGNED: _("已签合同"), Answer.TALKING: _("还在谈"), Answer.OFF: _("没谈成")}

REASONS = {
    OffReason.PRICE: _("价格没谈拢"),
    OffReason.DELIVERY: _("交期或产能不合"),
    OffReason.QUALITY: _("质量、技术或认证不符"),
    OffReason.FUNDS: _("资金没有落实"),
    OffReason.PARTNER: _("对方失联或改变计划"),
}


def spoken(answer: FollowUpAnswer) -> str:
    """An answer with its reason: 没谈成（价格没谈拢）."""
    words = str(ANSWERS[answer.answer])
    if answer.reason is None:
        return words
    return str(gettext("%(answer)s（%(reason)s）", answer=words, reason=REASONS[answer.reason]))
