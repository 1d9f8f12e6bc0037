"""How well lines and firms meet the conditions of a query; every answer is between 0 and 1."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from matchmaker.matching.engine.conditions import certificate_key
from matchmaker.matching.engine.tables import NOWHERE, Tables

MOST_TRUST: Final = 4
_PROVINCE, _ELSEWHERE = 0.6, 0.2


def specification_fit(tables: Tables, lines: Any, asked: tuple[str, ...]) -> Any:
    """Share of the asked specifications each line states; 0 where there is no line."""
    return np.array([_share(asked, line_specifications(tables, line)) for line in lines], np.float64)


def certificate_fit(tables: Tables, firms: Any, asked: tuple[str, ...]) -> Any:
    """Share of the asked certificates each firm states on any of its lines."""
    return np.array([_share(asked, firm_certificates(tables, firm)) for firm in firms], np.float64)


def line_specifications(tables: Tables, line: int) -> frozenset[str]:
    """What a line states besides its product, as compared."""
    return _tags(tables, tables.line_specifications[line]) if line != NOWHERE else frozenset()


def firm_certificates(tables: Tables, firm: int) -> frozenset[str]:
    """The certificates a firm states, as compared."""
    return _tags(tables, tables.firm_certificates[firm])


def asked_certificates(stated: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, ...]:
    """Certificates asked for in a form or in the text itself, as compared."""
    return tuple(dict.fromkeys((*map(certificate_key, stated), *found)))


def capacity_fit(tables: Tables, lines: Any, quantity: float, unit: str) -> Any:
    """How much of the asked quantity each line has; unknown or another unit is 0."""
    there = _where_stated(lines, tables.line_quantity)
    same_unit = np.array([tables.tags[tables.line_unit[line]] == unit for line in lines])
    has = np.nan_to_num(np.where(same_unit, there, 0.0))
    return np.minimum(has / quantity, 1.0) if quantity > 0 else (has > 0).astype(np.float64)


def delivery_fit(tables: Tables, lines: Any, days: int) -> Any:
    """1 when a line is delivered within the asked days, less the later it is, 0 when unknown."""
    there = np.where(lines == NOWHERE, NOWHERE, tables.line_days[lines])
    return np.where(there < 0, 0.0, np.minimum(1.0, days / np.maximum(there, 1)))


def _where_stated(lines: Any, column: Any) -> Any:
    return np.where(lines == NOWHERE, np.nan, column[lines])


def region_fit(tables: Tables, firms: Any, region: int) -> Any:
    """1 in the same prefecture, less in the same province, little elsewhere, 0 when unknown."""
    there = tables.firm_region[firms]
    near = prefecture(there) == prefecture(np.int64(region))
    province = there // 10_000 == region // 10_000
    return np.where(there == 0, 0.0, np.where(near, 1.0, np.where(province, _PROVINCE, _ELSEWHERE)))


def prefecture(region: Any) -> Any:
    """What two places of one prefecture have in common; counties under the province are their own."""
    return np.where(region // 100 % 100 == 90, region, region // 100)  # noqa: PLR2004 -- GB/T 2260: xx90xx


def trust_fit(tables: Tables, firms: Any) -> Any:
    """How far each firm's statements are verified; unknown is 0."""
    return np.maximum(tables.firm_trust[firms], 0) / MOST_TRUST


def _share(asked: tuple[str, ...], held: frozenset[str]) -> float:
    return sum(one in held for one in asked) / len(asked) if asked else 0.0


def _tags(tables: Tables, tag: int) -> frozenset[str]:
    return frozenset(filter(None, tables.tags[tag].split("\n")))
