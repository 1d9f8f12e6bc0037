"""A count written out in the layout others rely on."""

from __future__ import annotations

from typing import Any

from matchmaker.deals.counting import Count


def result_of(count: Count) -> dict[str, Any]:
    """A count in the exact layout of `matchmaker count --json`."""
    return {
        "as_of": count.as_of.isoformat(),
        "rule_version": count.rule_version,
        "events_counted": count.events_counted,
        "events": {key: {"counted": event.counted, "reason": event.reason} for key, event in count.events.items()},
        "enterprises": count.enterprises,
        "enterprises_in_province": count.enterprises_in_province,
        "attendances": count.attendances,
        "declared": count.declared,
        "confirmed": count.confirmed,
        "verified": count.verified,
        "gross": count.gross,
        "withdrawn": count.withdrawn,
        "net": count.net,
        "by_kind": dict(count.by_kind),
        "by_month": {
            key: {"on_time": month.on_time, "late": month.late, "withdrawn": month.withdrawn, "net": month.net}
            for key, month in count.by_month.items()
        },
        "by_region_shared": dict(count.by_region_shared),
        "by_region_organiser": dict(count.by_region_organiser),
        "deals": {
            key: {
                "counted": deal.counted,
                "amount": deal.amount,
                "month": deal.month,
                "late": deal.late,
                "reason": deal.reason,
            }
            for key, deal in count.deals.items()
        },
    }
