"""What people type about meetings."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from matchmaker.events.models import Side
from matchmaker.i18n import lazy as _
from matchmaker.meetings.models import MeetingOutcome
from matchmaker.meetings.words import PREFERENCES
from matchmaker.web.forms import Form

MISSED = "missed"


class AskForm(Form):
    """A request to talk; the view fills in the events."""

    event = RadioField(_("在哪一场洽谈"), [DataRequired()])
    side = RadioField(
        _("贵公司以什么身份参加"),
        [Optional()],
        choices=[
            SelectChoice(Side.BUYER.value, _("买方：来找供应商")),
            SelectChoice(Side.SELLER.value, _("卖方：来找客户")),
        ],
    )
    note = TextAreaField(_("想谈什么"), [Optional(), Length(max=500)])
    preference = SelectField(
        _("意愿"),
        [DataRequired()],
        choices=[SelectChoice(str(key), word) for key, word in PREFERENCES.items()],
        default="4",
    )


class DeclineForm(Form):
    """A reason, if one is given."""

    reason = TextAreaField(_("谢绝的原因"), [Optional(), Length(max=300)])


class OutcomeForm(Form):
    """What came of a meeting."""

    outcome = RadioField(
        _("洽谈结果"),
        [DataRequired()],
        choices=[
            SelectChoice(MeetingOutcome.INTENT.value, _("达成意向：接着申报金额")),
            SelectChoice(MeetingOutcome.FOLLOW_UP.value, _("跟进：约了下一步")),
            SelectChoice(MeetingOutcome.NOTHING.value, _("无意向")),
            SelectChoice(MISSED, _("没有谈成：有一方缺席")),
        ],
    )
