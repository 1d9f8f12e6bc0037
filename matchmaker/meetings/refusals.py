"""The rules of meetings that can be broken."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class AskingClosed(RuleViolation):
    """Talks are asked for until the timetable is published."""

    template = _("本场目前为“{now}”，不能再请求洽谈。")
    status = 409


class AnsweringClosed(RuleViolation):
    """An answer stands once the talk is in the published timetable."""

    template = _("该洽谈已排入发布的排期，不能再改答复。如有变化，请联系承办单位。")
    status = 409


class AskingOneself(RuleViolation):
    """A talk has two parties."""

    template = _("不能向本企业请求洽谈。")


class NotRegistered(RuleViolation):
    """Whoever asks or accepts comes to the event."""

    template = _("贵公司还没有报名本场。请先报名，或在请求时一并报名。")


class SideMissing(RuleViolation):
    """Whoever registers says whether it comes to buy or to sell."""

    template = _("一并报名时，请选择贵公司以买方还是卖方身份参加。")


class NotComing(RuleViolation):
    """The other side is not registered and can no longer be."""

    template = _("对方没有报名本场，且本场已截止报名。请换一场。")


class AlreadyAsked(RuleViolation):
    """Two enterprises talk once at an event."""

    template = _("双方在本场已有洽谈请求，目前为“{now}”。")
    status = 409


class WasDeclined(RuleViolation):
    """A declined request is not put again at the same event."""

    template = _("对方已谢绝本场洽谈，不能再次请求。可以换一场。")
    status = 409


class AlreadyAnswered(RuleViolation):
    """A request is answered once."""

    template = _("该请求目前为“{now}”，不能再办理这一步。")
    status = 409


class BeingComputed(RuleViolation):
    """One timetable of an event is computed at a time."""

    template = _("本场排期正在计算，请等它完成。")
    status = 409


class NothingToPlace(RuleViolation):
    """A timetable needs requests both sides accepted."""

    template = _("还没有双方都接受、且双方报名都已通过的洽谈请求，无法排期。")


class NoHall(RuleViolation):
    """A timetable needs slots and tables."""

    template = _("本场没有设时段或桌位，不排洽谈。")


class TimetablingClosed(RuleViolation):
    """Before publication of the event and after its end there is no timetable to make."""

    template = _("本场目前为“{now}”，不能排期。")
    status = 409


class NotADraft(RuleViolation):
    """Only a computed draft can be published, and only once."""

    template = _("这一版排期目前为“{now}”，不能发布。请刷新后查看最新情况。")
    status = 409


class NotPublished(RuleViolation):
    """Only a published timetable can be taken back."""

    template = _("这一版排期没有发布，不需要撤回。")
    status = 409


class OutcomesRecorded(RuleViolation):
    """Talks that took place are not replaced."""

    template = _("已有洽谈登记了结果，排期不能再替换或撤回。")
    status = 409


class TooEarlyForOutcome(RuleViolation):
    """Nothing comes of a talk before its event has begun."""

    template = _("活动开始后才能登记洽谈结果。")
    status = 409


class MissedHasNoOutcome(RuleViolation):
    """A talk that did not take place has no outcome, one that did has one."""

    template = _("已进行的洽谈请选择结果；缺席的洽谈没有结果。")


class OnlyDraftsArranged(RuleViolation):
    """What participants see, or what was put aside, is not arranged by hand."""

    template = _("只有草稿可以锁定或移动洽谈，这一版目前为“{now}”。已发布的排期请用“现场变动”。")
    status = 409


class MeetingLocked(RuleViolation):
    """A locked meeting stays where it is."""

    template = _("这场洽谈已锁定，先解锁再移动。")
    status = 409


class CannotMoveThere(RuleViolation):
    """A firm is busy or away then, or the table is taken or closed."""

    template = _("不能移到这里：{why}。最近的可放位置是 {near}。")
    status = 409


class NoMoveToUndo(RuleViolation):
    """Only the last move can be taken back, once."""

    template = _("没有可以撤销的移动。")
    status = 409


class NoSeats(RuleViolation):
    """Talks at an event are between firms with a seat there."""

    template = _("企业的报名没有通过或已取消。请先在报名审核中通过。")


class NothingPublished(RuleViolation):
    """Only what is published can be mended; a draft is computed anew."""

    template = _("本场还没有已发布的排期，不需要现场变动。请重新计算。")
    status = 409


class RepairOutdated(RuleViolation):
    """The published timetable changed after the repair was previewed."""

    template = _("预览之后，已发布的排期或洽谈结果有了变化。请重新预览。")
    status = 409
