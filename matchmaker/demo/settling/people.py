"""Offices and the people who may be entered as."""

from __future__ import annotations

from datetime import date
from typing import Any

from matchmaker.accounts.models import Membership, Office, User
from matchmaker.demo.records import DemoAccount, DemoOffice, Province
from matchmaker.demo.settling.rows import Rows


def settle_people(rows: Rows, province: Province, password_hash: str) -> None:
    """Write the offices and the demo's accounts, all with the one password of the demo."""
    rows.add(Office, [_office(rows, office) for office in province.offices])
    rows.add(User, [_user(rows, account, password_hash) for account in province.accounts])
    starts_on = date(province.programme.year, 1, 1)
    rows.add(Membership, [_membership(rows, account, starts_on) for account in province.accounts])


def _office(rows: Rows, office: DemoOffice) -> dict[str, Any]:
    return {
        "id": rows.name("office", office.key, rows.key(Office)),
        "public_id": rows.address(),
        "name": office.name,
        "level": office.level,
        "region_id": rows.of("region", office.region),
    }


def _user(rows: Rows, account: DemoAccount, password_hash: str) -> dict[str, Any]:
    return {
        "id": rows.name("user", account.sign_in_name, rows.key(User)),
        "public_id": rows.address(),
        "sign_in_name": account.sign_in_name,
        "name": account.name,
        "password_hash": password_hash,
        "is_listed": True,
    }


def _membership(rows: Rows, account: DemoAccount, starts_on: date) -> dict[str, Any]:
    return {
        "id": rows.key(Membership),
        "user_id": rows.of("user", account.sign_in_name),
        "role": account.role,
        "enterprise_id": rows.maybe("enterprise", account.enterprise),
        "office_id": rows.maybe("office", account.office),
        "starts_on": starts_on,
    }
