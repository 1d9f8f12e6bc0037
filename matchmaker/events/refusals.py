"""The rules of events that can be broken."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class EventCannotMove(RuleViolation):
    """The event is not in a state from which this step leads on."""

    template = _("本场目前为“{now}”，不能转为“{then}”。")
    status = 409


class RegistrationCannotMove(RuleViolation):
    """The registration is not in a state from which this step leads on."""

    template = _("该报名目前为“{now}”，不能转为“{then}”。")
    status = 409


class EventNotEditable(RuleViolation):
    """The event has begun or is over."""

    template = _("本场目前为“{now}”，不能再修改。")
    status = 409


class TimetableIsOut(RuleViolation):
    """Day, slots and tables hold as long as the timetable built on them is published."""

    template = _("排期已发布，时间、时段和桌数不能修改。请先撤回排期。")
    status = 409


class LunchMisplaced(RuleViolation):
    """The lunch break lies between two slots of the same day."""

    template = _("午休安排不了：{why}")


class NoProgramme(RuleViolation):
    """Every event belongs to a year's programme."""

    template = _("{year} 年还没有年度计划，请换一个日期，或请省级单位先建立计划。")


class CapacityTooSmall(RuleViolation):
    """Seats already given cannot be taken away by editing."""

    template = _("已通过 {taken} 家，容量不能少于这个数。")


class RegionOutOfReach(RuleViolation):
    """An office holds events in its own region."""

    template = _("只能在本单位所辖区域内举办。")


class RegistrationClosed(RuleViolation):
    """Registration is open from publication until the timetable is begun."""

    template = _("本场目前为“{now}”，不接受报名。")
    status = 409


class AlreadyRegistered(RuleViolation):
    """One enterprise has one registration at an event."""

    template = _("贵公司已报名本场，目前为“{now}”。")
    status = 409


class WasRefused(RuleViolation):
    """A refused enterprise cannot apply to the same event again."""

    template = _("贵公司的报名未获通过，不能再次报名。如有疑问，请联系承办单位。")
    status = 409


class EventFull(RuleViolation):
    """The last seat is gone."""

    template = _("名额已满，请转入候补。")
    status = 409


class TooLateToCancel(RuleViolation):
    """Once the event runs, an absent enterprise is absent."""

    template = _("本场目前为“{now}”，不能再取消报名。")
    status = 409


class CheckInNotOpen(RuleViolation):
    """Presence is recorded on the day itself or afterwards, never before."""

    template = _("签到在活动当天（{day}）开放。")
    status = 409


class CheckInClosed(RuleViolation):
    """What a close-out rests on does not change under review."""

    template = _("本场目前为“{now}”，不能再修改签到。")
    status = 409


class NoSeat(RuleViolation):
    """Only a registered enterprise with a seat can be checked in."""

    template = _("该企业的报名为“{now}”，没有席位，不能签到。")


class NotYetHeld(RuleViolation):
    """An event cannot end before its day."""

    template = _("活动在 {day} 举办，当天起才能结束。")


class OwnCloseout(RuleViolation):
    """The organiser never approves its own close-out."""

    template = _("承办单位不能核定自己的结报。")
    status = 403


class ReasonMissing(RuleViolation):
    """Whoever is refused is told why."""

    template = _("请写明原因，对方会看到。")
