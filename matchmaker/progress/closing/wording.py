"""The words for months that close."""

from __future__ import annotations

from matchmaker.i18n import lazy as _
from matchmaker.progress.closing.checklist import Waiting
from matchmaker.progress.closing.reckoning import Reckoning
from matchmaker.progress.closing.statements import Cause

# What a line of the checklist is called, and what becomes of it when the month is frozen with it.
WAITING = {
    Waiting.UNCONFIRMED: (_("待对方确认"), _("冻结以后才确认的，记入下一个开放月份，标为补报。")),
    Waiting.DISPUTED: (_("争议"), _("争议解除以后才计入，记入下一个开放月份，标为补报。")),
    Waiting.HELD: (_("待核验"), _("冻结以后才核验的，记入下一个开放月份，标为补报。")),
    Waiting.UNAPPROVED: (_("未核定的场次"), _("未核定的场次不计入公布的场次数和企业数。")),
    Waiting.WITHOUT_GUESTS: (_("没有签到的场次"), _("可能有设备还没有同步；没有签到，企业不计入。")),
    Waiting.LATE_CHECK_INS: (
        _("当日之后才收到签到的场次"),
        _("请核对是否已全部同步；冻结以后收到的只进入更正后的数字。"),
    ),
}

CAUSES = {
    Cause.WITHDRAWN: _("撤回"),
    Cause.AMENDED: _("金额变更"),
    Cause.DISPUTED: _("争议"),
    Cause.DUPLICATE: _("并为重复"),
    Cause.RELATED_PARTY: _("认定为关联方"),
    Cause.HELD: _("变更后待核验"),
    Cause.UNCONFIRMED: _("未获确认"),
    Cause.MOVED: _("改记其他月份"),
    Cause.RETURNED: _("恢复计入"),
    Cause.LEFT: _("不再属于本计划"),
}


def steps(reckoning: Reckoning) -> list[tuple[str, int, int | None]]:
    """The steps from what was published before to the month's cumulative total: name, yuan, and deals where known."""
    corrected, withdrawn = reckoning.corrections, reckoning.withdrawals
    return [
        (_("此前各月公布累计"), reckoning.published, None),
        (_("红冲：已公布月份的更正"), sum(line.difference for line in corrected), len(corrected)),
        (_("本月按期"), reckoning.on_time, None),
        (_("本月补报"), reckoning.late, None),
        (_("红冲：已公布意向的撤回"), sum(line.difference for line in withdrawn), len(withdrawn)),
        (_("本月意向的撤回"), -reckoning.ended, None),
        (_("截至本月累计"), reckoning.cumulative, None),
    ]
