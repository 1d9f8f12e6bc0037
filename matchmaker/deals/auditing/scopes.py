"""Who sees samples and findings: auditors, whose scope is the whole province."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from matchmaker.accounts.models import Role, User
from matchmaker.deals.auditing.models import AuditDraw, AuditFinding, AuditPick
from matchmaker.web.visibility import scope


@scope(AuditDraw)
@scope(AuditPick)
@scope(AuditFinding)
def _audits(user: User | None) -> ColumnElement[bool]:
    return true() if user is not None and user.role is Role.AUDITOR else false()
