"""The words of the audit sample."""

from __future__ import annotations

from matchmaker.deals.sampling import Stratum
from matchmaker.i18n import lazy as _

STRATA = {Stratum.CERTAIN.value: _("必查"), Stratum.SAMPLED.value: _("抽中")}
