"""What the way in and the home pages show."""

from matchmaker.portal.queries.entrance import DemoAccount, demo_accounts, find_job
from matchmaker.portal.queries.homes import (
    administrator_home,
    auditor_home,
    county_home,
    enterprise_home,
    organiser_home,
)

__all__ = [
    "DemoAccount",
    "administrator_home",
    "auditor_home",
    "county_home",
    "demo_accounts",
    "enterprise_home",
    "find_job",
    "organiser_home",
]
