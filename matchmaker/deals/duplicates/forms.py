"""What people type when they decide whether deals are one."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker.deals.models import Deal
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form


class JudgeForm(Form):
    """A word on a cluster as it was read."""

    seen_cluster = HiddenField()


class MergeForm(JudgeForm):
    """Which deal stays, and which of the others are the same."""

    survivor = RadioField(_("保留哪一笔"), [InputRequired()])
    merged = SelectMultipleField(
        _("并入它的"), [InputRequired()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    reason = TextAreaField(_("依据"), [DataRequired(), Length(max=400)])

    def offer(self, deals: Sequence[Deal]) -> MergeForm:
        """Offer these deals, and return the form."""
        choices = [SelectChoice(deal.public_id, deal.number) for deal in deals]
        self.survivor.choices, self.merged.choices = choices, list(choices)
        return self


class ApartForm(JudgeForm):
    """Why the deals are several."""

    reason = TextAreaField(_("理由"), [DataRequired(), Length(max=400)])
