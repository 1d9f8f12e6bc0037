"""What can stand in the way of a published month."""

from __future__ import annotations

from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _


class IssuedFileDamaged(RuleViolation):
    """The file is missing or differs from its digest, so it is not handed out."""

    template = _("“{name}”缺失，或与登记的摘要不符，未予提供。请管理员从备份恢复 issued 目录后再试。")
    status = 503
