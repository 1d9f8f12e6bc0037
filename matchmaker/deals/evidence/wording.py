"""The words of files and sealed papers."""

from __future__ import annotations

from matchmaker.deals.evidence.models import Purpose
from matchmaker.i18n import lazy as _

PURPOSES = {
    Purpose.PAPER: _("盖章纸质件"),
    Purpose.CONTRACT: _("合同"),
    Purpose.DELIVERY: _("送货或验收单"),
    Purpose.INVOICE: _("发票"),
    Purpose.PAYMENT: _("付款凭证"),
    Purpose.STATEMENT: _("情况说明"),
    Purpose.OTHER: _("其他"),
}

OFFERED = tuple(purpose for purpose in PURPOSES if purpose is not Purpose.PAPER)
"""What a person may attach by itself; a sealed paper comes with its statement."""

ATTEMPTS = {
    "deal verify refused": _("想核验本单位登记或承办的意向"),
    "deal paper check refused": _("想复核自己登记的盖章纸质件"),
}
