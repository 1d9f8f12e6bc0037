"""From which state an enterprise, a capability or a need may go to which: the one table of each."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.enterprises.models import CapabilityState as C
from matchmaker.enterprises.models import EnterpriseState as E
from matchmaker.enterprises.models import NeedState as N
from matchmaker.i18n import lazy as _


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an enterprise in the register: who takes it, from where, where to, and the word on its button."""

    word: str
    sources: frozenset[E]
    target: E
    by_office: bool
    asks_reason: bool = False


_IN_FORCE = frozenset({E.PENDING, E.VERIFIED, E.UNCLAIMED, E.CORRECTING, E.REVIEW})

STEPS = {
    "submit": Step(_("提交核验"), frozenset({E.DRAFT}), E.PENDING, by_office=False),
    "claim": Step(_("认领并提交核验"), frozenset({E.UNCLAIMED}), E.PENDING, by_office=False),
    "resubmit": Step(_("补正完毕，重新提交"), frozenset({E.CORRECTING}), E.PENDING, by_office=False),
    "verify": Step(_("核验通过"), frozenset({E.PENDING, E.REVIEW}), E.VERIFIED, by_office=True),
    "correct": Step(
        _("要求补正"), frozenset({E.PENDING, E.VERIFIED, E.REVIEW}), E.CORRECTING, by_office=True, asks_reason=True
    ),
    "review": Step(_("列入复核"), frozenset({E.VERIFIED}), E.REVIEW, by_office=True),
    "suspend": Step(_("停用"), _IN_FORCE, E.SUSPENDED, by_office=True, asks_reason=True),
    "reinstate": Step(_("恢复"), frozenset({E.SUSPENDED}), E.PENDING, by_office=True),
}

EDITABLE = _IN_FORCE | {E.DRAFT}

CAPABILITY_MOVES: dict[C, frozenset[C]] = {
    C.DRAFT: frozenset({C.STATED}),
    C.STATED: frozenset({C.EVIDENCED, C.VERIFIED, C.WITHDRAWN}),
    C.EVIDENCED: frozenset({C.STATED, C.VERIFIED, C.WITHDRAWN}),
    C.VERIFIED: frozenset({C.STATED, C.WITHDRAWN}),
    C.WITHDRAWN: frozenset({C.STATED}),
}

NEED_MOVES: dict[N, frozenset[N]] = {
    N.DRAFT: frozenset({N.PENDING, N.PUBLISHED}),
    N.PENDING: frozenset({N.PUBLISHED, N.WITHDRAWN}),
    N.PUBLISHED: frozenset({N.TALKING, N.INTENDED, N.MET, N.WITHDRAWN, N.EXPIRED, N.UNMET}),
    N.TALKING: frozenset({N.PUBLISHED, N.INTENDED, N.MET, N.WITHDRAWN, N.EXPIRED, N.UNMET}),
    N.INTENDED: frozenset({N.TALKING, N.MET, N.WITHDRAWN, N.UNMET}),
    N.MET: frozenset({N.PENDING, N.PUBLISHED}),
    N.WITHDRAWN: frozenset({N.PENDING, N.PUBLISHED}),
    N.EXPIRED: frozenset({N.PENDING, N.PUBLISHED}),
    N.UNMET: frozenset({N.PENDING, N.PUBLISHED}),
}
PUBLISHABLE = frozenset({N.DRAFT, N.WITHDRAWN, N.EXPIRED, N.MET, N.UNMET})
CLOSABLE = frozenset({N.PUBLISHED, N.TALKING, N.INTENDED})
EDITABLE_NEEDS = frozenset({N.DRAFT, N.PENDING, N.PUBLISHED, N.TALKING, N.WITHDRAWN, N.EXPIRED})
