"""What the states and sides of an event are called on pages, in refusals and in exported lists."""

from __future__ import annotations

from matchmaker.events.hours import LunchFault
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
    EventState.CANCELLED: _("已取消"),
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
    RegistrationState.CANCELLED: _("已取消"),
}

LUNCH_FAULTS = {
    LunchFault.HALF_GIVEN: _("开始和结束要都填，或都不填。"),
    LunchFault.ENDS_FIRST: _("午休结束要晚于午休开始。"),
    LunchFault.NO_MORNING: _("午休之前一个时段都排不下，请晚些开始午休，或提早首个时段。"),
    LunchFault.NO_AFTERNOON: _("全部时段在午休之前就排完了，不需要午休：请清空这两栏，或增加时段数。"),
    LunchFault.TOO_LATE: _("最后一个时段要到次日才结束，请缩短午休或减少时段数。"),
}

SIDES = {Side.BUYER: _("买方"), Side.SELLER: _("卖方")}
