"""Who comes to the queue of deals that may be one: those who decide, and those who check it."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.web.policies import allow

readers = allow(Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR)
deciders = allow(Role.OFFICIAL, Role.COUNTY_OFFICER)
