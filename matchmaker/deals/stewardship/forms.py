"""What officers choose and type about stewardship."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from matchmaker.accounts.models import Office, User
from matchmaker.deals.stewardship.levels import Thresholds
from matchmaker.deals.stewardship.queries import Colleague
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form, WanField

_BETWEEN = "/"


class HandOverForm(Form):
    """Who takes over, and why: an office, or one officer of it."""

    receiver = SelectField(_("移交给"), [InputRequired()])
    why = TextAreaField(_("原因"), [DataRequired(), Length(max=400)])

    def offer(self, colleagues: Sequence[Colleague]) -> HandOverForm:
        """Offer these offices and their officers, and return the form."""
        self.receiver.choices = [SelectChoice("", gettext("请选择")), *_choices(colleagues)]
        return self

    def chosen(self, colleagues: Sequence[Colleague]) -> tuple[Office, User | None]:
        """The office and officer chosen; only for a form that is valid."""
        office_id, _slash, officer_id = self.receiver.data.partition(_BETWEEN)
        colleague = next(each for each in colleagues if each.office.public_id == office_id)
        return colleague.office, next((each for each in colleague.officers if each.public_id == officer_id), None)


def _choices(colleagues: Sequence[Colleague]) -> list[SelectChoice]:
    return [
        SelectChoice(
            colleague.office.public_id + (_BETWEEN + officer.public_id if officer else ""),
            officer.name if officer else gettext("单位，暂不指定人员"),
            optgroup=colleague.office.name,
        )
        for colleague in colleagues
        for officer in (None, *colleague.officers)
    ]


class ThresholdsForm(Form):
    """From which amounts each level stewards."""

    county = WanField(_("县市区包联，自"), [InputRequired()])
    city = WanField(_("市州包联，自"), [InputRequired()])
    province = WanField(_("省级包联，自"), [InputRequired()])

    @property
    def limits(self) -> Thresholds:
        """The thresholds typed, in yuan."""
        return Thresholds(self.province.data or 0, self.city.data or 0, self.county.data or 0)
