"""What people type when they look a second time."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from matchmaker.deals.reviewing.models import Verdict
from matchmaker.deals.reviewing.wording import VERDICTS
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form


class MarkForm(Form):
    """A word on a finding."""

    verdict = RadioField(
        _("处理"),
        [InputRequired()],
        choices=[SelectChoice(verdict.value, VERDICTS[verdict]) for verdict in (Verdict.SEEN, Verdict.EXPLAINED)],
    )
    note = TextAreaField(_("说明"), [Optional(), Length(max=400)])
