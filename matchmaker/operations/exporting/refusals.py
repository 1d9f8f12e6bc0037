"""Why nothing can be exported."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class ExportImpossible(RuleViolation):
    """A file that was issued is no longer as it was issued, so no export can hold it."""

    template = _("已下发的文件“{name}”已损坏或丢失，无法导出核验包。请先从备份恢复 issued 目录。")


class MonthNotFrozen(RuleViolation):
    """A month that was never published cannot be proved as published."""

    template = _("{month} 还没有冻结，没有可核验的公布结果。")
