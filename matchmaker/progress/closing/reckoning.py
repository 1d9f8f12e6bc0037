"""How a month joins what was published before it: the steps from one cumulative total to the next, to the yuan.

Plain values in, plain values out: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from matchmaker.deals.counting import MonthCount
from matchmaker.progress.closing.statements import Correction, Statement, corrections, withdrawn_into

Months = Mapping[str, MonthCount]
NOTHING = MonthCount(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Saying:
    """What was said at one moment: of every month, and of every deal."""

    months: Months
    deals: Statement


@dataclass(frozen=True, slots=True)
class Reckoning:
    """published + corrected + on_time + late - ended - withdrawn = cumulative.

    published: the cumulative total of the months frozen before, as last published. corrections: the lines by which
    these months are now told otherwise. withdrawals: the lines of their deals withdrawn into this month.
    ended: what else this month gave back.
    """

    month: str
    published: int
    corrections: Sequence[Correction]
    on_time: int
    late: int
    withdrawals: Sequence[Correction]
    ended: int
    cumulative: int

    @property
    def lines(self) -> list[Correction]:
        """All reversing lines (红冲) of the month."""
        return [*self.corrections, *self.withdrawals]

    @property
    def corrected(self) -> int:
        """What the reversing lines come to."""
        return differences(self.lines)


def differences(lines: Iterable[Correction]) -> int:
    """What lines add to the cumulative total."""
    return sum(line.difference for line in lines)


def cumulative(months: Months, of: Collection[str]) -> int:
    """The net of some months."""
    return sum(found.net for month, found in months.items() if month in of)


def reckon(month: str, *, frozen: Collection[str], before: Saying, after: Saying) -> Reckoning:
    """How a month joins those frozen before it, `before` being what was said when the last of them froze."""
    withdrawals = withdrawn_into(month, after.deals, frozen)
    own = after.months.get(month, NOTHING)
    return Reckoning(
        month=month,
        published=cumulative(before.months, frozen),
        corrections=corrections(before.deals, after.deals, frozen),
        on_time=own.on_time,
        late=own.late,
        withdrawals=withdrawals,
        ended=own.withdrawn + differences(withdrawals),
        cumulative=cumulative(after.months, {*frozen, month}),
    )
