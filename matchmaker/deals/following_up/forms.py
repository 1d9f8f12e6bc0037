"""What a side taps and types of its intent."""

from __future__ import annotations

from typing import Any

from wtforms import StringField
from wtforms.validators import Length, Optional

from matchmaker.deals.evidence.forms import WithFiles
from matchmaker.deals.following_up.models import Answer, OffReason
from matchmaker.deals.following_up.services import Said
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import WanField


class AnswerForm(WithFiles):
    """One tap: the button that sent the form says which; only a contract is typed, or shown by a picture of it."""

    number = StringField(_("合同编号"), [Optional(), Length(max=80)])
    amount = WanField(_("合同金额（含税）"), [Optional()])
    answer = StringField(_("答复"), [Optional(), Length(max=24)])
    reason = StringField(_("原因"), [Optional(), Length(max=24)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.number, self.amount):
            field.flags.required = True  # of the answer they belong to, so that neither is called optional

    @property
    def tapped(self) -> Answer | None:
        """Which button was tapped; a reason alone says that it is off."""
        if not self.answer.data and self.reason.data:
            return Answer.OFF
        return next((each for each in Answer if each.value == self.answer.data), None)

    @property
    def said(self) -> Said:
        """What was said; only for a form that is valid."""
        answer = self.tapped
        assert answer is not None  # noqa: S101 -- as validate() made sure
        reason = next((each for each in OffReason if each.value == self.reason.data), None)
        return Said(answer, reason, self.amount.data, self.number.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a tap, and for the contract's amount and number where one was signed."""
        is_valid = bool(super().validate(extra_validators))
        if self.tapped is None:
            self.form_errors.append(gettext("请点选一项答复。"))
            return False
        if self.tapped is not Answer.SIGNED:
            return True  # what was typed about a contract is not meant
        for field, message in (
            (self.number, gettext("请填写合同编号。")),
            (self.amount, gettext("请填写合同金额，单位万元。")),
        ):
            if not field.data and not field.errors:
                field.errors = (*field.errors, message)
                is_valid = False
        return is_valid
