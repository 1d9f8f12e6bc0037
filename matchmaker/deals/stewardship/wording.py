"""The words of stewardship."""

from __future__ import annotations

from matchmaker.accounts.models import OfficeLevel
from matchmaker.deals.stewardship.models import Stewardship
from matchmaker.deals.stewardship.queries import Whose
from matchmaker.i18n import gettext
from matchmaker.i18n import lazy as _

LEVELS = {OfficeLevel.PROVINCE: _("省级"), OfficeLevel.PREFECTURE: _("市州"), OfficeLevel.COUNTY: _("县市区")}
WHOSE = {Whose.MINE: _("我包联的"), Whose.OFFICE: _("本单位"), Whose.ALL: _("全辖区")}


def steward(row: Stewardship) -> str:
    """Who is in charge: the office, and the officer where one is named."""
    return f"{row.office.name}，{row.officer.name}" if row.officer else row.office.name


def happened(row: Stewardship) -> str:
    """How a stewardship began, in one sentence."""
    if row.why:
        return str(gettext("移交给%(steward)s", steward=steward(row)))
    return str(gettext("按金额由%(steward)s包联", steward=steward(row)))
