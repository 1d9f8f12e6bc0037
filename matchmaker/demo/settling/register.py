"""Enterprises with their badges, capabilities and needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from matchmaker.demo.records import DemoCapability, DemoEnterprise, DemoNeed, Province
from matchmaker.demo.settling.rows import Rows
from matchmaker.enterprises.models import Badge, Capability, Enterprise, Identity, Need
from matchmaker.enterprises.naming import search_text_of

_SHARED = ("created_at", "updated_at", "state")


def settle_register(rows: Rows, province: Province) -> None:
    """Write the enterprises and their badges."""
    rows.add(Enterprise, (_enterprise(rows, firm) for firm in province.enterprises))
    rows.add(Badge, (badge for firm in province.enterprises for badge in _badges(rows, firm)))


def settle_lines(rows: Rows, province: Province) -> None:
    """Write the capabilities and needs."""
    rows.add(Capability, (_capability(rows, line) for line in province.capabilities))
    rows.add(Need, (_need(rows, line) for line in province.needs))


def _enterprise(rows: Rows, firm: DemoEnterprise) -> dict[str, Any]:
    kept = ("credit_code", "name", "short_name", "kind", "size", "last_year_revenue", "legal_representative")
    return {
        **{name: getattr(firm, name) for name in (*kept, "parent_code", *_SHARED)},
        "id": rows.name("enterprise", firm.credit_code, rows.key(Enterprise)),
        "public_id": rows.address(),
        "identity": Identity.SAMPLE,
        "former_names": list(firm.former_names),
        "search_text": search_text_of(firm.name, firm.short_name, firm.former_names, firm.credit_code),
        "region_id": rows.of("region", firm.region),
        "industry_code": firm.industry,
    }


def _badges(rows: Rows, firm: DemoEnterprise) -> Iterator[dict[str, Any]]:
    for badge in firm.badges:
        yield {**asdict(badge), "id": rows.key(Badge), "enterprise_id": rows.of("enterprise", firm.credit_code)}


def _line(rows: Rows, line: DemoCapability | DemoNeed) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in _SHARED},
        "public_id": rows.address(),
        "enterprise_id": rows.of("enterprise", line.enterprise),
        "segment_id": rows.maybe("segment", line.segment),
    }


def _capability(rows: Rows, line: DemoCapability) -> dict[str, Any]:
    kept = ("product", "material", "spec", "capacity", "capacity_unit", "capacity_period", "spare", "lead_days")
    return {
        **_line(rows, line),
        **{name: getattr(line, name) for name in (*kept, "radius_km")},
        "id": rows.name("capability", line.key, rows.key(Capability)),
        "certificates": list(line.certificates),
    }


def _need(rows: Rows, line: DemoNeed) -> dict[str, Any]:
    kept = ("kind", "text", "quantity", "unit", "budget_low", "budget_high", "deliver_by", "visibility")
    return {
        **_line(rows, line),
        **{name: getattr(line, name) for name in (*kept, "valid_until", "reason")},
        "id": rows.name("need", line.key, rows.key(Need)),
        "hard_conditions": list(line.hard_conditions),
        "soft_conditions": list(line.soft_conditions),
    }
