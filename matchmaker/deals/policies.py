"""Which roles come to the ledger at all; what a person may say of one deal is in obstacles."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.web.policies import allow

readers = allow(Role.ENTERPRISE, Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR)
parties = allow(Role.ENTERPRISE)
speakers = allow(Role.ENTERPRISE, Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER)
deciders = allow(Role.OFFICIAL, Role.COUNTY_OFFICER)
settlers = allow(Role.ENTERPRISE, Role.OFFICIAL, Role.COUNTY_OFFICER)
