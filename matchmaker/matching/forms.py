"""What people say of a suggestion."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from matchmaker.i18n import lazy as _
from matchmaker.matching.models import Verdict
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
