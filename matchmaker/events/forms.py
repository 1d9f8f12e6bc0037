"""What organisers and firms type about events."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from matchmaker.db import SHANGHAI
from matchmaker.events.hours import Day, LunchFault
from matchmaker.events.models import MatchmakingEvent, Side
from matchmaker.events.words import LUNCH_FAULTS
from matchmaker.i18n import lazy as _
from matchmaker.web.forms import Form

_SAID_AT_ITS_BEGINNING = (LunchFault.NO_MORNING, LunchFault.NO_AFTERNOON)


class EventForm(Form):
    """The facts of an event; the view fills in which chains and regions may be chosen."""

    title = StringField(_("场次名称"), [DataRequired(), Length(max=60)])
    summary = TextAreaField(_("简介"), [Optional(), Length(max=2000)])
    chain = SelectField(_("产业链"), [Optional()])
    region = SelectField(_("举办地"), [DataRequired()])
    venue = StringField(_("会场"), [DataRequired(), Length(max=120)])
    held_on = DateField(_("日期"), [DataRequired()])
    starts_at = TimeField(_("首个时段开始（北京时间）"), [DataRequired()])
    slot_minutes = IntegerField(_("每个时段"), [InputRequired(), NumberRange(5, 120)], default=20)
    slot_count = IntegerField(_("时段数"), [InputRequired(), NumberRange(0, 40)], default=12)
    lunch_starts_at = TimeField(_("午休开始"), [Optional()])
    lunch_ends_at = TimeField(_("午休结束"), [Optional()])
    table_count = IntegerField(_("桌数"), [InputRequired(), NumberRange(0, 60)], default=10)
    capacity = IntegerField(_("容量"), [InputRequired(), NumberRange(1, 5000)], default=120)
    own_matching = BooleanField(_("本场自己组织对接洽谈"), default=True)

    def show(self, event: MatchmakingEvent) -> None:
        """Fill the form with an event as it is."""
        begins = event.starts_at.astimezone(SHANGHAI)
        for name in ("title", "summary", "venue", "slot_minutes", "slot_count", "table_count", "capacity"):
            self[name].data = getattr(event, name)
        self.own_matching.data = event.own_matching
        self.held_on.data, self.starts_at.data = begins.date(), begins.time()
        if event.lunch_starts_at is not None and event.lunch_ends_at is not None:
            self.lunch_starts_at.data = event.lunch_starts_at.astimezone(SHANGHAI).time()
            self.lunch_ends_at.data = event.lunch_ends_at.astimezone(SHANGHAI).time()
        self.chain.data, self.region.data = (event.chain.code if event.chain else ""), event.region.code
        self.seen_version.data = str(event.version)

    def validate(self, extra_validators: Any = None) -> bool:
        """Let the lunch break lie between two slots."""
        if not super().validate(extra_validators):
            return False
        day = Day(self.begins, self.slot_minutes.data, self.slot_count.data, self.lunch_begins, self.lunch_ends)
        if day.fault is None:
            return True
        at = self.lunch_starts_at if day.fault in _SAID_AT_ITS_BEGINNING else self.lunch_ends_at
        at.errors = (*at.errors, str(LUNCH_FAULTS[day.fault]))
        return False

    @property
    def begins(self) -> datetime:
        """The moment the first slot begins, from the date and time typed in Beijing time."""
        return self._moment(self.starts_at.data)

    @property
    def lunch_begins(self) -> datetime | None:
        """The moment the lunch break begins, where there is one."""
        return None if self.lunch_starts_at.data is None else self._moment(self.lunch_starts_at.data)

    @property
    def lunch_ends(self) -> datetime | None:
        """The moment it is over."""
        return None if self.lunch_ends_at.data is None else self._moment(self.lunch_ends_at.data)

    def _moment(self, at: time) -> datetime:
        day: date = self.held_on.data
        return datetime.combine(day, at, SHANGHAI).astimezone(UTC)


class ApplyForm(Form):
    """A firm's wish to come."""

    side = RadioField(
        _("贵公司以什么身份参加"),
        [DataRequired()],
        choices=[
            SelectChoice(Side.BUYER.value, _("买方：来找供应商")),
            SelectChoice(Side.SELLER.value, _("卖方：来找客户")),
        ],
    )
    note = TextAreaField(_("备注"), [Optional(), Length(max=500)])


class ReasonForm(Form):
    """Why something is refused, returned, put off or called off."""

    reason = TextAreaField(_("原因"), [DataRequired(), Length(max=500)])


class CloseoutForm(Form):
    """The organiser's report."""

    text = TextAreaField(_("结报说明"), [DataRequired(), Length(max=5000)])
