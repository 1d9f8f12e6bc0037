"""What requests, timetables and their reasons are called, on pages and in refusals."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _
from matchmaker.meetings.models import RequestState, TimetableState, TroubleKind
from matchmaker.meetings.timetable import Cause, ChangeKind, RuleKind, StageName

REQUEST_STATES = {
    RequestState.ASKED: _("请求"),
    RequestState.ACCEPTED: _("已接受"),
    RequestState.DECLINED: _("已谢绝"),
    RequestState.LAPSED: _("逾期"),
    RequestState.WITHDRAWN: _("已取消"),
}

TIMETABLE_STATES = {
    TimetableState.COMPUTING: _("正在计算"),
    TimetableState.DRAFT: _("草稿"),
    TimetableState.PUBLISHED: _("已发布"),
    TimetableState.REPLACED: _("已替换"),
    TimetableState.DISCARDED: _("已放弃"),
    TimetableState.FAILED: _("未完成"),
}

STAGES = {
    StageName.REQUIRED.value: _("必排洽谈"),
    StageName.SERVED.value: _("有洽谈的企业"),
    StageName.UTILITY.value: _("意愿值"),
    StageName.BREAKS.value: _("空档"),
    StageName.TABLE_MOVES.value: _("换桌"),
}

PREFERENCES = {5: _("非常希望"), 4: _("希望"), 3: _("一般"), 2: _("有空再谈"), 1: _("备选")}

NO_SEAT = "no_seat"  # known before any timetable is computed

_REASONS = {
    NO_SEAT: _("{firms}的报名没有通过或已取消。"),
    Cause.SAME_FIRM.value: _("双方是同一家企业。"),
    Cause.CAP.value: _("{firms}的洽谈次数已达上限。"),
    Cause.FIXED_SLOT.value: _("固定的时段里{firms}不在场。"),
    Cause.NO_COMMON_SLOT.value: _("{firms}没有共同在场的时段。"),
    Cause.NO_TABLE.value: _("双方在场时没有可用的桌。"),
    Cause.PRECEDENCE.value: _("必须先谈的另一场没有排入。"),
    Cause.FIRM_FULL.value: _("{firms}的所有时段都已排满。"),
    Cause.NO_FREE_SLOT.value: _("{firms}各有空档，但没有共同的空档。"),
    Cause.HALL_FULL.value: _("双方都有空的时段（{slots}）里，桌位已排满。"),
    Cause.SPREAD.value: _("排入后各家空档相差过大。"),
    Cause.OUTWEIGHED.value: _("同一时段已排意愿更高的洽谈。"),
}

_REMEDIES = {
    NO_SEAT: _("在报名审核中通过后重新计算"),
    Cause.NO_TABLE.value: _("增加桌位后重新计算"),
    Cause.HALL_FULL.value: _("增加一张桌，或增加时段后重新计算"),
    Cause.FIRM_FULL.value: _("增加时段后重新计算"),
    Cause.NO_FREE_SLOT.value: _("增加时段后重新计算"),
    Cause.OUTWEIGHED.value: _("增加时段或桌位后重新计算"),
}


def reason_of(cause: str, *, firms: Sequence[str], times: Sequence[str]) -> str:
    """Why a request was left out, in a sentence."""
    template = str(_REASONS.get(cause, _("没有排入。")))
    return template.format(firms="、".join(firms) or gettext("双方"), slots="、".join(times))


_STEPS = {
    ChangeKind.HOLD.value: _("双方都有空、桌位也有空"),
    ChangeKind.MOVE.value: _("把{pair}改到 {time}"),
    ChangeKind.GIVE_WAY.value: _("让出{pair}的一场"),
    ChangeKind.MORE_TABLES.value: _("{time} 增加一张桌"),
    ChangeKind.OPEN_TABLE.value: _("{time} 开放 {table} 号桌"),
    ChangeKind.FIRM_PRESENT.value: _("请{firm} {time} 到场"),
    ChangeKind.RAISE_CAP.value: _("把{firm}的洽谈上限加 1 场"),
    ChangeKind.LIFT_SLOT.value: _("解除这场洽谈的时段锁定"),
    ChangeKind.LIFT_GROUP.value: _("不限这场洽谈的时段"),
    ChangeKind.LIFT_TABLE.value: _("解除这场洽谈的桌位锁定"),
    ChangeKind.LIFT_ORDER.value: _("不要求先谈{pair}"),
    ChangeKind.WIDEN_SPREAD.value: _("把各家空档之差放宽 {amount} 个"),
}

_RULES = {
    RuleKind.REQUIRED.value: _("{pair}已锁定，必须排入"),
    RuleKind.UNAVAILABLE.value: _("{firm}有不在场的时段"),
    RuleKind.CAP.value: _("{firm}有洽谈次数上限"),
    RuleKind.TABLES.value: _("全场只有 {tables} 张桌"),
    RuleKind.CLOSED.value: _("{table} 号桌有不开放的时段"),
    RuleKind.BOOTH.value: _("{firm}只在自己的桌位洽谈"),
    RuleKind.FIXED_SLOT.value: _("{pair}锁定了时段"),
    RuleKind.FIXED_TABLE.value: _("{pair}锁定了桌位"),
    RuleKind.GROUP.value: _("{pair}限定了时段"),
    RuleKind.ORDER.value: _("{pair}要排在{other}之后"),
    RuleKind.SPREAD.value: _("各家空档之差有上限"),
}

TROUBLES = {
    TroubleKind.FIRM_AWAY: _("企业迟到或离场"),
    TroubleKind.TABLE_LOST: _("停用桌位"),
    TroubleKind.CALLED_OFF: _("取消一场洽谈"),
    TroubleKind.NEWCOMERS: _("现场新增洽谈"),
}


def rule_of(kind: str, *, firm: str, pair: str, other: str, table: int | None, tables: int) -> str:
    """One rule of a session in words."""
    return str(_RULES[kind]).format(firm=firm, pair=pair, other=other, table=table, tables=tables)


def step_of(kind: str, *, firm: str, pair: str, time: str, table: int | None, amount: int) -> str:
    """One change of a remedy in words; empty for a kind nobody has words for."""
    template = str(_STEPS.get(kind, ""))
    return template.format(firm=firm, pair=pair, time=time, table=table, amount=amount)


def remedy_of(cause: str) -> str:
    """What would find it a place, if we know."""
    return str(_REMEDIES.get(cause, ""))
