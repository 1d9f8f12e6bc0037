"""How values look on a page: money, moments, counts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import get_locale

from matchmaker import money
from matchmaker.db import SHANGHAI
from matchmaker.i18n import gettext as _

_WEEKDAYS = "一二三四五六日"
_NB = "\u00a0"


def _local(value: date | datetime) -> date | datetime:
    return value.astimezone(SHANGHAI) if isinstance(value, datetime) else value


def _is_chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"


def day(value: date | datetime) -> str:
    """A day in running text: 3 月 20 日（周五）."""
    value = _local(value)
    if _is_chinese():
        return f"{value.month}{_NB}月{_NB}{value.day}{_NB}日（周{_WEEKDAYS[value.weekday()]}）"
    return f"{value.day} {value:%b %Y}"


def full_date(value: date | datetime) -> str:
    """A day of record: 2024-09-30."""
    return f"{_local(value):%Y-%m-%d}"


def moment(value: datetime) -> str:
    """A moment of record, Beijing time: 2024-09-30 18:05."""
    return f"{_local(value):%Y-%m-%d %H:%M}"


def clock(value: datetime) -> str:
    """The time of day, Beijing time: 10:20."""
    return f"{_local(value):%H:%M}"


def month(value: str) -> str:
    """A month of record, “2024-03”, as people say it: 3 月."""
    return f"{int(value[5:])}{_NB}月" if _is_chinese() else f"{date.fromisoformat(value + '-01'):%b %Y}"


def count(value: int) -> str:
    """A whole number with thousands separators."""
    return f"{value:,d}"


def percent(value: float | Decimal | None) -> str:
    """A share as a percentage with one decimal, or a dash where there is none."""
    return "—" if value is None else f"{value * 100:.1f}%"


def points(value: int) -> str:
    """A score in hundredths of a point, as people read it: 8,750 → "87.5"."""
    return format(Decimal(value) / 100, ".2f").rstrip("0").rstrip(".")


def decimal(value: Decimal | None) -> str:
    """A quantity without trailing zeros."""
    return "" if value is None else f"{value.normalize():,f}"


def money_line(value: int) -> str:
    """One amount in its three readings, in the reader's language."""
    if _is_chinese():
        return money.money_line(value)
    millions = f"{Decimal(value) / 1_000_000:,.2f}"
    return str(_("CNY %(millions)s million (%(yi)s 亿元)", millions=millions, yi=money.yi(value)))


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        clock=clock,
        count=count,
        date=full_date,
        day=day,
        decimal=decimal,
        moment=moment,
        money_line=money_line,
        month=month,
        percent=percent,
        points=points,
        wan=money.wan,
        words=money.words,
        yi=money.yi,
        yuan=money.yuan,
    )
