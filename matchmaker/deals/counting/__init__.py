"""The counting function: from the facts of a programme to its totals, by rules R1 to R20.

Pure computation over plain values: no database, no request, no clock. The pages, the
exports, the API and the offline command all call `count`, so they can never disagree.
"""

from matchmaker.deals.counting.increments import Renewal
from matchmaker.deals.counting.ledger import Standing, standing
from matchmaker.deals.counting.months import month_of
from matchmaker.deals.counting.rules import RULE_VERSION, RULES
from matchmaker.deals.counting.totals import Count, MonthCount, count
from matchmaker.deals.counting.values import (
    By,
    CheckInFacts,
    DealCount,
    DealFacts,
    DealKind,
    DealReason,
    EnterpriseFacts,
    EnterpriseKind,
    EntryFacts,
    EntryType,
    EventCount,
    EventFacts,
    EventReason,
    Facts,
    FrozenMonth,
    Rules,
    Side,
)

__all__ = [
    "RULES",
    "RULE_VERSION",
    "By",
    "CheckInFacts",
    "Count",
    "DealCount",
    "DealFacts",
    "DealKind",
    "DealReason",
    "EnterpriseFacts",
    "EnterpriseKind",
    "EntryFacts",
    "EntryType",
    "EventCount",
    "EventFacts",
    "EventReason",
    "Facts",
    "FrozenMonth",
    "MonthCount",
    "Renewal",
    "Rules",
    "Side",
    "Standing",
    "count",
    "month_of",
    "standing",
]
