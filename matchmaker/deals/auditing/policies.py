"""Who draws samples and records findings: auditors only."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.web.policies import allow

auditors = allow(Role.AUDITOR)
