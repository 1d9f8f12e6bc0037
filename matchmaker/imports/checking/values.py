"""What comes out of a check: rows ready to be written, faults ready to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a workbook out; rows and columns count from 1, as their author sees them.

    column: the header as the author wrote it, "" when the whole row or sheet is meant.
    """

    sheet: str
    row: int
    column: str
    message: str
    column_number: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sheet's titles stand and where reasons may be written; `key` names the sheet of the template."""

    sheet: str
    key: str
    head_row: int
    reason_column: int


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """One enterprise, its codes resolved and its money in whole yuan; what the row left empty is empty here."""

    row: int
    code: str
    name: str
    region_code: str
    short_name: str = ""
    former_names: tuple[str, ...] = ()
    industry_code: str | None = None
    kind: str | None = None
    size: str | None = None
    last_year_revenue: int | None = None
    legal_representative: str = ""
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CapabilityRow:
    """One product or process of the enterprise with this code."""

    row: int
    code: str
    product: str
    segment_code: str | None = None
    material: str = ""
    spec: str = ""
    capacity: Decimal | None = None
    capacity_unit: str = ""
    capacity_period: str = ""
    spare: Decimal | None = None
    lead_days: int | None = None
    certificates: tuple[str, ...] = ()
    radius_km: int | None = None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need of the enterprise with this code."""

    row: int
    code: str
    kind: str
    text: str
    segment_code: str | None = None
    quantity: Decimal | None = None
    unit: str = ""
    budget_low: int | None = None
    budget_high: int | None = None
    deliver_by: date | None = None
    hard_conditions: tuple[str, ...] = ()
    soft_conditions: tuple[str, ...] = ()
    visibility: str | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked workbook; it may go in only when `fault_count` is 0.

    faults: the first ones, in the order of the workbook; fault_count counts all of them.
    counts: rows read by sheet key, faulty ones included.
    """

    enterprises: tuple[EnterpriseRow, ...]
    capabilities: tuple[CapabilityRow, ...]
    needs: tuple[NeedRow, ...]
    faults: tuple[Fault, ...]
    fault_count: int
    counts: dict[str, int]
    layouts: tuple[Layout, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing stands in the way."""
        return self.fault_count == 0
