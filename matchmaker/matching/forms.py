"""What people say of a suggestion, and what they want to be told of."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from matchmaker.i18n import lazy as _
from matchmaker.matching.models import Frequency, Verdict, WatchSides
from matchmaker.matching.words import REASONS
from matchmaker.web.forms import Form

SAYABLE = (Verdict.INTERESTED, Verdict.UNSUITABLE, Verdict.PARTNERS)


class AnswerForm(Form):
    """One tap: the verdict; and when unsuitable, perhaps why."""

    verdict = StringField(
        _("看法"),
        validators=[InputRequired(_("请选一项。")), AnyOf([each.value for each in SAYABLE], _("没有这个选项。"))],
    )
    reason = StringField(_("原因"), validators=[Optional(), AnyOf(list(REASONS), _("没有这个原因。"))])


class SearchForm(Form):
    """A search to keep: its text, and which answers are meant."""

    text = StringField(
        _("搜索的内容"),
        validators=[
            InputRequired(_("请先输入要找的内容，再保存这个搜索。")),
            Length(max=100, message=_("最多 100 个字。")),
        ],
    )
    sides = StringField(
        _("种类"), validators=[AnyOf([each.value for each in WatchSides], _("没有这个选项。"))], default="both"
    )


class FrequencyForm(Form):
    """How soon to be told."""

    frequency = StringField(_("频率"), validators=[AnyOf([each.value for each in Frequency], _("没有这个选项。"))])


class SwitchForm(Form):
    """On or off."""

    watch = StringField(_("提醒"))

    @property
    def is_on(self) -> bool:
        """Whether to be told."""
        return bool(self.watch.data == "on")
