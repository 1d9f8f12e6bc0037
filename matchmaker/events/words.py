"""What the states and sides of an event are called on pages, in refusals and in exported lists."""

from __future__ import annotations

from matchmaker.events.models import EventState, RegistrationState, Side
from matchmaker.i18n import lazy as _

EVENT_STATES = {
    EventState.PLANNED: _("拟办"),
    EventState.SUBMITTED: _("待批"),
    EventState.PREPARING: _("筹备"),
    EventState.OPEN: _("报名中"),
    EventState.TIMETABLING: _("排期中"),
    EventState.TIMETABLED: _("已排期"),
    EventState.RUNNING: _("进行中"),
    EventState.HELD: _("待结报"),
    EventState.CLOSING: _("待核"),
    EventState.APPROVED: _("已核定"),
    EventState.CANCELLED: _("取消"),
    EventState.POSTPONED: _("改期"),
}

REGISTRATION_STATES = {
    RegistrationState.INVITED: _("受邀"),
    RegistrationState.APPLIED: _("已申请"),
    RegistrationState.REVIEW: _("待审核"),
    RegistrationState.APPROVED: _("通过"),
    RegistrationState.WAITING: _("候补"),
    RegistrationState.REFUSED: _("不通过"),
    RegistrationState.CONFIRMED: _("已确认"),
    RegistrationState.CHECKED_IN: _("已签到"),
    RegistrationState.ABSENT: _("未到"),
    RegistrationState.CANCELLED: _("取消"),
}

SIDES = {Side.BUYER: _("买方"), Side.SELLER: _("卖方")}
