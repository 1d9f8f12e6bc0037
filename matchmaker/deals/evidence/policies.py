"""Which roles come to evidence at all; what a person may do with one deal's is in obstacles."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.deals.policies import readers, speakers
from matchmaker.web.policies import allow

attachers = speakers
recorders = allow(Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER)
auditors = allow(Role.AUDITOR)

__all__ = ["attachers", "auditors", "readers", "recorders"]
