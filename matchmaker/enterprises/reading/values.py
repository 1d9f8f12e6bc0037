"""One condition recognised in a text."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What a condition speaks of."""

    SPECIFICATION = "specification"
    MATERIAL = "material"
    QUANTITY = "quantity"
    MINIMUM = "minimum"  # 起订量: what a supplier does not go below
    CERTIFICATE = "certificate"
    PLACE = "place"
    RADIUS = "radius"
    PARK = "park"  # the same park or county as the one who asks
    LEAD = "lead"  # so many days after the order
    DEADLINE = "deadline"  # by a day of the calendar
    START = "start"
    BUDGET = "budget"
    PAYMENT = "payment"


class Role(enum.StrEnum):
    """What a place is meant for."""

    SUPPLY = "supply"  # where the supplier is
    AROUND = "around"  # the supplier is there or nearby
    DELIVERY = "delivery"  # where goods arrive: says nothing of where the supplier is
    ANYWHERE = "anywhere"  # 省外可: no place is asked for


@dataclass(frozen=True, slots=True)
class Term:
    """A condition, and the stretch of the text it came from: `text` is exactly asked[start:end].

    value: as compared. Numbers are plain (200000), money is whole yuan, days are days, a calendar day
    is YYYY-MM-DD or MM-DD, certificates are folded, places are their codes joined by a comma.
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: str = ""
    low: str = ""  # the lower end of a budget, when one is given
    unit: str = ""
    period: str = ""  # year, quarter, month or day
    role: Role | None = None
    is_hard: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The places meant, by code."""
        return tuple(self.value.split(",")) if self.kind is Kind.PLACE and self.value else ()
