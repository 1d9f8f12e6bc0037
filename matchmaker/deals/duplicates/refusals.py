"""The refusals of those who decide whether deals are one."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class NothingToMerge(RuleViolation):
    """A merger needs a deal that stays and another that goes behind it."""

    template = _("请选出保留的一笔，并至少勾选另一笔并入它。")


class NothingToJudge(RuleViolation):
    """The deals changed or were decided upon meanwhile."""

    template = _("这几笔已由他人处理或有了变动，请核对最新的情形。")
    status = 409
