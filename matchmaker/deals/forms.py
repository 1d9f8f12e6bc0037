"""What people type about a deal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from matchmaker.deals import refusals
from matchmaker.deals.evidence.forms import WithFiles, WithPaper
from matchmaker.deals.models import DealKind, Party
from matchmaker.deals.wording import KINDS, PARTIES, choices
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form, WanField

_MOST_MONTHS = 1200


class _AmountForm(Form):
    """A form that asks for an amount in a field of its own name."""

    amount: WanField

    @property
    def yuan(self) -> int:
        """The amount typed, in whole yuan; 0 where there is none."""
        return self.amount.data or 0


class TermsForm(_AmountForm):
    """What a deal is about, whoever declares it."""

    subject = StringField(_("标的"), [DataRequired(), Length(max=200)])
    kind = SelectField(_("类别"), [InputRequired()], choices=[SelectChoice(*kind) for kind in choices(KINDS)])
    amount = WanField(_("金额（含税）"), [InputRequired()])
    amount_high = WanField(_("金额上限"), [Optional()])
    months = IntegerField(_("期限"), [InputRequired(), NumberRange(min=1, max=_MOST_MONTHS)], default=12)
    event = SelectField(_("来源场次"), [Optional()], validate_choice=True)
    segment = SelectField(_("产业链环节"), [Optional()])
    is_renewal = BooleanField(_("这是原有合作的续签"))
    former_amount = WanField(_("原合作每年金额（万元，含税）"))
    unit_checked = BooleanField(_("已核对单位，金额无误"))

    def validate_former_amount(self, field: WanField) -> None:
        """A renewal, and nothing else, says what a year of the cooperation it renews came to (R13)."""
        if field.process_errors:
            return
        if self.is_renewal.data and field.data is None:
            raise ValidationError(refusals.FormerMissing.template)
        if not self.is_renewal.data and field.data is not None:
            raise ValidationError(refusals.FormerOfNoRenewal.template)

    def offer(self, *, events: Iterable[tuple[str, str]], segments: Iterable[tuple[str, str, str]]) -> Self:
        """Offer these events, and these segments (code, name, chain), and return the form."""
        self.event.choices = [
            SelectChoice("", gettext("不是在场次中达成")),
            *(SelectChoice(public_id, title) for public_id, title in events),
        ]
        self.segment.choices = [
            SelectChoice("", gettext("暂不选择")),
            *(SelectChoice(code, name, optgroup=chain) for code, name, chain in segments),
        ]
        return self

    @property
    def deal_kind(self) -> DealKind:
        """The kind chosen."""
        return DealKind(self.kind.data)


class DealForm(TermsForm):
    """One intended deal, as one of its parties declares it."""

    side = RadioField(
        _("贵公司是"),
        [InputRequired()],
        choices=[SelectChoice(side.value, PARTIES[side]) for side in (Party.SELLER, Party.BUYER)],
    )
    partner = StringField(_("对方单位"), [DataRequired(), Length(max=120)])
    is_another = BooleanField(_("这是另一笔，不是对方申报的那一笔"))
    meeting = HiddenField()

    @property
    def party(self) -> Party:
        """The side chosen."""
        return Party(self.side.data)


class OnPaperForm(TermsForm, WithPaper):
    """A deal as an office records it from a paper that bears both seals."""

    buyer = StringField(_("买方"), [DataRequired(), Length(max=120)])
    seller = StringField(_("卖方"), [DataRequired(), Length(max=120)])


class ConfirmForm(Form):
    """Consent to the amount as it is shown."""

    unit_checked = BooleanField(_("已核对单位，金额无误"))


class AmendForm(_AmountForm, WithFiles):
    """Another amount for the other side to agree to."""

    amount = WanField(_("应为金额（含税）"), [InputRequired()])
    note = StringField(_("说明"), [Optional(), Length(max=200)])
    unit_checked = BooleanField(_("已核对单位，金额无误"))


class ReasonForm(Form):
    """Why a deal is denied or withdrawn."""

    reason = TextAreaField(_("原因"), [DataRequired(), Length(max=400)])


class DisputeForm(ReasonForm, WithFiles):
    """Why a deal is denied, with what shows it."""


class NoteForm(Form):
    """What an office looked at, or how a dispute ended."""

    note = TextAreaField(_("说明"), [Optional(), Length(max=400)])


class ContractForm(_AmountForm, WithFiles):
    """The contract an intent became."""

    number = StringField(_("合同编号"), [DataRequired(), Length(max=80)])
    amount = WanField(_("合同金额（含税）"), [InputRequired()])


class DeliveryForm(_AmountForm, WithFiles):
    """What was delivered this time."""

    amount = WanField(_("本次履约金额（含税）"), [InputRequired()])
    note = StringField(_("说明"), [Optional(), Length(max=200)])
