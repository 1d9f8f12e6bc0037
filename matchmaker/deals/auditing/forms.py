"""What auditors type."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from matchmaker.deals.auditing.models import SEED_LENGTH
from matchmaker.deals.auditing.services import MOST_PICKS
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form, WanField


class DrawForm(Form):
    """A sample to draw."""

    size = IntegerField(_("样本数"), [InputRequired(), NumberRange(min=1, max=MOST_PICKS)], default=60)
    seed = StringField(_("种子"), [DataRequired(), Length(max=SEED_LENGTH)])


class FindingForm(Form):
    """What was found to be true of one deal: that the books are right, or another amount."""

    is_right = BooleanField(_("与账面金额一致"))
    true_amount = WanField(_("查实金额（含税）"), [Optional()])
    note = TextAreaField(_("依据"), [Optional(), Length(max=400)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two, and not for both."""
        is_valid = bool(super().validate(extra_validators))
        if is_valid and self.is_right.data == (self.true_amount.data is not None):
            message = gettext("请勾选“与账面金额一致”，或填写查实金额，二者取一。")
            self.true_amount.errors = (*self.true_amount.errors, message)
            return False
        return is_valid

    def amount(self, book: int) -> int:
        """The true amount in yuan, given that of the books."""
        return book if self.is_right.data else self.true_amount.data or 0
