"""What a checked workbook would change in the register: plain comparison, nothing is read or written.

An empty cell says nothing: it leaves what is stored. A line that has ended, such as a met need or a
withdrawn capability, is never brought back: stated again word for word it stays as it is, stated
differently it is a new line.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matchmaker.enterprises.models import (
    CapabilityState,
    EnterpriseKind,
    EnterpriseSize,
    NeedKind,
    NeedState,
    NeedVisibility,
)
from matchmaker.enterprises.naming import search_text_of
from matchmaker.imports.checking import CapabilityRow, Checked, EnterpriseRow, NeedRow
from matchmaker.text import fold

Values = dict[str, Any]
Key = tuple[str, ...]
Line = CapabilityRow | NeedRow

ENTERPRISE_FIELDS = (
    "name", "short_name", "former_names", "region_code", "industry_code", "kind", "size", "last_year_revenue",
    "legal_representative",
)  # fmt: skip
CAPABILITY_FIELDS = (
    "product", "segment_code", "material", "spec", "capacity", "capacity_unit", "capacity_period", "spare",
    "lead_days", "certificates", "radius_km",
)  # fmt: skip
NEED_FIELDS = (
    "kind", "text", "segment_code", "quantity", "unit", "budget_low", "budget_high", "deliver_by",
    "hard_conditions", "soft_conditions", "visibility", "valid_until",
)  # fmt: skip
LINE_SHEETS = ("products", "capabilities", "needs")
ENDED = frozenset(
    {CapabilityState.WITHDRAWN}
    | {NeedState.INTENDED, NeedState.MET, NeedState.UNMET, NeedState.WITHDRAWN, NeedState.EXPIRED}
)
BACKED = frozenset({CapabilityState.EVIDENCED, CapabilityState.VERIFIED})
_NAMES = ("name", "short_name", "former_names")
# Fields that mean something only together: half of the old beside half of the new would be neither.
_TOGETHER = (
    ("budget_low", "budget_high"),
    ("quantity", "unit"),
    ("capacity", "capacity_unit", "capacity_period", "spare"),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of the register as it is compared; `code` is the credit code of its enterprise."""

    id: int
    code: str
    state: enum.Enum
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class New:
    """A row to be added for the enterprise with this code; `row` is its place in the sheet, 0 for a mere product."""

    code: str
    values: Values
    row: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A stored row and the values that become different."""

    id: int
    values: Values


@dataclass(frozen=True, slots=True)
class Plan:
    """What one sheet adds and changes, and how many of its rows say what is stored already."""

    new: tuple[New, ...]
    changed: tuple[Change, ...]
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        """How many rows come to what."""
        return {"new": len(self.new), "changed": len(self.changed), "unchanged": self.unchanged}


@dataclass(frozen=True, slots=True)
class Held:
    """What the register holds of the enterprises a workbook speaks of."""

    enterprises: tuple[Stored, ...] = ()
    capabilities: tuple[Stored, ...] = ()
    needs: tuple[Stored, ...] = ()


@dataclass(frozen=True, slots=True)
class Plans:
    """What a whole workbook would do; `products` are lines that only the 主要产品 of 企业 name."""

    enterprises: Plan
    products: Plan
    capabilities: Plan
    needs: Plan

    @property
    def new_lines(self) -> tuple[tuple[str, New], ...]:
        """Every line to be added, with the name of its sheet, in the order of the sheets."""
        return tuple((name, each) for name in LINE_SHEETS for each in getattr(self, name).new)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows come to what, by sheet."""
        return {name: getattr(self, name).counts for name in ("enterprises", "products", "capabilities", "needs")}


def plan(checked: Checked, held: Held) -> Plans:
    """Compare a checked workbook with the register."""
    return Plans(
        enterprises=_enterprises(checked.enterprises, {each.code: each for each in held.enterprises}),
        products=_products(checked, held),
        capabilities=_lines(checked.capabilities, held.capabilities),
        needs=_lines(checked.needs, held.needs),
    )


def _enterprises(rows: Iterable[EnterpriseRow], known: Mapping[str, Stored]) -> Plan:
    new, changed, unchanged = list[New](), list[Change](), 0
    for row in rows:
        stated = _stated_firm(row)
        if (stored := known.get(row.code)) is None:
            new.append(New(row.code, stated | {"search_text": _search_text(row.code, stated)}))
        elif different := _difference(stated | _former_names(stated, stored.values), stored.values):
            changed.append(Change(stored.id, different | _found_anew(row.code, different, stored.values)))
        else:
            unchanged += 1
    return Plan(tuple(new), tuple(changed), unchanged)


def _products(checked: Checked, held: Held) -> Plan:
    """The products named in 企业 that neither 供给能力 nor the register has, in whatever detail."""
    told = {(line.code, fold(line.product)) for line in checked.capabilities}
    known = {(each.code, fold(each.values["product"])) for each in held.capabilities}
    firms = [(row, {fold(product): product for product in reversed(row.products)}) for row in checked.enterprises]
    named = [(row.code, name, products[name]) for row, products in firms for name in reversed(products)]
    rest = [(code, name, product) for code, name, product in named if (code, name) not in told]
    new = tuple(New(code, {"product": product}) for code, name, product in rest if (code, name) not in known)
    return Plan(new, (), len(rest) - len(new))


def _lines(rows: Iterable[Line], held: Iterable[Stored]) -> Plan:
    by_key: dict[Key, list[Stored]] = defaultdict(list)
    for each in held:
        by_key[_key(each.code, each.values)].append(each)
    new, changed, unchanged = list[New](), list[Change](), 0
    for row in rows:
        stated = _stated_line(row)
        candidates = by_key[_key(row.code, stated)]
        live = next((each for each in candidates if each.state not in ENDED), None)
        if live is None and all(_difference(stated, each.values) for each in candidates):
            new.append(New(row.code, stated, row.row))
        elif live is not None and (different := _difference(stated, live.values)):
            changed.append(Change(live.id, different | _standing(live)))
        else:
            unchanged += 1
    return Plan(tuple(new), tuple(changed), unchanged)


def _key(code: str, values: Mapping[str, Any]) -> Key:
    """What makes a line the same line, as the checker and the registers have it too."""
    if "product" in values:
        return (code, *(fold(values.get(name, "")) for name in ("product", "spec")))
    return (code, values["kind"].value, fold(values["text"]))


def _stated_firm(row: EnterpriseRow) -> Values:
    return _stated(row, ENTERPRISE_FIELDS, {"kind": EnterpriseKind, "size": EnterpriseSize})


def _stated_line(row: Line) -> Values:
    if isinstance(row, CapabilityRow):
        stated = _stated(row, CAPABILITY_FIELDS, {})
    else:
        stated = _stated(row, NEED_FIELDS, {"kind": NeedKind, "visibility": NeedVisibility})
    for names in _TOGETHER:
        if any(name in stated for name in names):
            stated |= {name: getattr(row, name) for name in names}
    return stated


def _stated(row: object, fields: Iterable[str], enums: Mapping[str, type[enum.Enum]]) -> Values:
    """The fields of a row that are not empty, in the types the register keeps."""
    return dict(_typed(row, fields, enums))


def _typed(row: object, fields: Iterable[str], enums: Mapping[str, type[enum.Enum]]) -> Iterator[tuple[str, Any]]:
    for name in fields:
        value = getattr(row, name)
        if value is None or value in ("", ()):
            continue
        if isinstance(value, tuple):
            value = list(value)
        yield name, enums[name](value) if name in enums else value


def _difference(stated: Values, stored: Mapping[str, Any]) -> Values:
    return {name: value for name, value in stated.items() if stored[name] != value}


def _former_names(stated: Values, stored: Mapping[str, Any]) -> Values:
    """Former names only gather: those known, those stated, and the one given up now."""
    known = dict.fromkeys([*stored["former_names"], *stated.get("former_names", ()), stored["name"]])
    return {"former_names": [name for name in known if name != stated["name"]]}


def _standing(stored: Stored) -> Values:
    """What was backed up was the line as it read before."""
    return {"state": CapabilityState.STATED} if stored.state in BACKED else {}


def _found_anew(code: str, different: Values, stored: Mapping[str, Any]) -> Values:
    """The search text of a firm that changes one of its names."""
    if not any(name in different for name in _NAMES):
        return {}
    return {"search_text": _search_text(code, {**stored, **different})}


def _search_text(code: str, values: Mapping[str, Any]) -> str:
    return search_text_of(values["name"], values.get("short_name", ""), values.get("former_names", ()), code)
