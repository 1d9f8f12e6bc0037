"""Roles grouped as the rest of the program speaks of them."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.i18n import lazy as _
from matchmaker.web.policies import allow, anyone, signed_in

OFFICE_ROLES = frozenset({Role.ORGANISER, Role.OFFICIAL, Role.COUNTY_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR})

everybody = anyone
members = signed_in
enterprises = allow(Role.ENTERPRISE)
organisers = allow(Role.ORGANISER)
officials = allow(Role.OFFICIAL)
offices = allow(*OFFICE_ROLES)
registrars = allow(Role.OFFICIAL, Role.COUNTY_OFFICER, Role.ORGANISER, Role.ADMINISTRATOR)
administrators = allow(Role.ADMINISTRATOR)

ROLE_NAMES = {
    Role.ENTERPRISE: _("企业"),
    Role.ORGANISER: _("承办单位"),
    Role.OFFICIAL: _("主管部门"),
    Role.COUNTY_OFFICER: _("县市区"),
    Role.AUDITOR: _("审计"),
    Role.ADMINISTRATOR: _("管理员"),
}
