"""Lead times, deadlines and first days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from matchmaker.enterprises.reading.plain import number_of
from matchmaker.enterprises.reading.values import Kind, Term

_DIGITS: Final = r"(\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_DAYS: Final = {"天": 1, "日": 1, "个工作日": 1, "工作日": 1, "周": 7, "个星期": 7, "星期": 7, "个月": 30, "月": 30}
_DELIVERED: Final = "(?:交货|到货|交付|供货|发货|交样|完成交付|送达|出货)"
_LEAD: Final = re.compile(
    rf"(?:(交货期|交付期|交期|货期|工期|周期|供货期)(?:要求|不超过|为|在|:| )*)?{_DIGITS} ?"
    rf"(个工作日|工作日|个星期|星期|个月|周|天|日)"
    rf" ?(以内|之内|内)?(?:可|能|完成)?({_DELIVERED})?(?! ?(?:的)?(?:账期|付款|结算|质保|试用))"
)
_DAY: Final = r"(?:(\d{4}|今|明) ?年 ?)?(?<!\d)(\d{1,2}) ?月(?:份)?(?: ?(\d{1,2}) ?[日号]|(底|末|初|上旬|中旬|下旬))?"
_DEADLINE: Final = re.compile(rf"{_DAY} ?(?:(之前|以前|前)(?:完成)?{_DELIVERED}?|{_DELIVERED})")
_YEAR_END: Final = re.compile(
    rf"(?:(\d{{4}}|今|明)?年(?:底|末)|年内)(?:之前|以前|前)?(?:完成)?{_DELIVERED}?(?![\u4e00-\u9fff]*账)"
)
_START: Final = re.compile(rf"{_DAY} ?(?:起|开始|以后|之后)(?:供货|使用|投产|执行)?(?!订)")
_INSIDE: Final = {"初": 5, "上旬": 10, "中旬": 20}
_EDGE: Final = frozenset(" ,;。、!?|()") | {""}
_LAST_MONTH: Final = 12


def leads(text: str, shadow: str) -> Iterator[Term]:
    """So many days from the order; days with no word of delivery count only when they stand alone."""
    for found in _LEAD.finditer(shadow):
        word, digits, unit, within, delivered = found.groups()
        start, end = found.span()
        is_alone = shadow[start - 1 : start or 1] in _EDGE or not start
        is_alone = is_alone and shadow[end : end + 1] in _EDGE and unit not in ("个月", "日")
        if word or within or delivered or is_alone:
            days = number_of(digits) * _DAYS[unit]
            yield Term(Kind.LEAD, text[start:end], start, end, str(days), unit="天")


def deadlines(text: str, shadow: str) -> Iterator[Term]:
    """By a day of the calendar; the end of a month or a year is its last day."""
    for found in _DEADLINE.finditer(shadow):
        if day := _day(found[1], found[2], found[3], found[4]):
            yield Term(Kind.DEADLINE, text[slice(*found.span())], *found.span(), day)
    for found in _YEAR_END.finditer(shadow):
        year = f"{found[1]}-" if found[1] else ""
        yield Term(Kind.DEADLINE, text[slice(*found.span())], *found.span(), f"{year}12-31")


def starts(text: str, shadow: str) -> Iterator[Term]:
    """From a day of the calendar on."""
    for found in _START.finditer(shadow):
        if day := _day(found[1], found[2], found[3] or "1", None):
            yield Term(Kind.START, text[slice(*found.span())], *found.span(), day)


def _day(year: str | None, month: str, day: str | None, part: str | None) -> str:
    """YYYY-MM-DD, or MM-DD without a year; "" for a day no month has. 31 stands for the last of any month."""
    last = int(day) if day else _INSIDE.get(part or "", 31)
    if not 1 <= int(month) <= _LAST_MONTH or not 1 <= last <= 31:  # noqa: PLR2004 -- days of a month
        return ""
    return f"{f'{year}-' if year else ''}{int(month):02d}-{last:02d}"


def due_on(term: Term, today: date) -> date | None:
    """The day a deadline or a first day falls on; one without a year is the next such day."""
    if term.kind not in (Kind.DEADLINE, Kind.START) or not term.value:
        return None
    *year, month, day = term.value.split("-")
    when = _in_year(_year(year[0], today) if year else today.year, int(month), int(day))
    if when is not None and not year and when < today:
        return _in_year(today.year + 1, int(month), int(day))
    return when


def _year(word: str, today: date) -> int:
    return {"今": today.year, "明": today.year + 1}.get(word) or int(word)


def _in_year(year: int, month: int, day: int) -> date | None:
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def days_of(term: Term, today: date) -> int | None:
    """The days left for a delivery: a lead time as it is, a deadline from today."""
    if term.kind is Kind.LEAD:
        return int(term.value)
    due = due_on(term, today) if term.kind is Kind.DEADLINE else None
    return None if due is None else max(0, (due - today).days)
