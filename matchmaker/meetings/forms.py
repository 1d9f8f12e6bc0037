"""What people type about meetings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

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


class SlotsField(SelectMultipleField):  # type: ignore[misc]
    """Some of an event's slots, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=int, **kwargs)


class HalvesField(SelectMultipleField):  # type: ignore[misc]
    """The halves of a day divided by lunch, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class FirmLimitForm(Form):
    """When a firm is away and how many talks it wants at most; the view fills in the firms, slots and halves."""

    firm = SelectField(_("企业"), [DataRequired()])
    halves = HalvesField(_("整个半天不在场"), [Optional()])
    slots = SlotsField(_("不在场的时段"), [Optional()])
    most = IntegerField(_("最多洽谈"), [Optional(), NumberRange(0, 40)])


class TableLimitForm(Form):
    """When a table is closed; the view fills in the tables, slots and halves."""

    table = SelectField(_("桌位"), [InputRequired()], coerce=int)
    halves = HalvesField(_("整个半天不开放"), [Optional()])
    slots = SlotsField(_("不开放的时段"), [Optional()])


class FirmAwayForm(Form):
    """A firm that is late, or leaves."""

    firm = SelectField(_("企业"), [DataRequired()])
    slots = SlotsField(_("不在场的时段"), [DataRequired(_("请至少选一个时段。"))])


class TableLostForm(Form):
    """A table at which nobody can sit any more."""

    table = SelectField(_("桌位"), [InputRequired()], coerce=int)
    slots = SlotsField(_("停用的时段"), [DataRequired(_("请至少选一个时段。"))])


class CalledOffForm(Form):
    """A published meeting that is not held."""

    meeting = SelectField(_("洽谈"), [DataRequired()])


class AgreedForm(Form):
    """A talk two firms agreed to at the venue."""

    asker = SelectField(_("企业"), [DataRequired()])
    asked = SelectField(_("对方"), [DataRequired()])
    preference = SelectField(
        _("意愿"),
        [DataRequired()],
        choices=[SelectChoice(str(key), word) for key, word in PREFERENCES.items()],
        default="4",
    )


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """What a list offers: values with their words."""
    return [SelectChoice(value, word) for value, word in pairs]
