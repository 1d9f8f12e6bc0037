"""Readers of one value each: exactly what is specified, or a refusal that knows its path."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from matchmaker.deals.facts.document import KeyTwice, MalformedFacts, NotJson

MOST = 10**15
MOST_MONTHS = 1200
LEAST_RATE, MOST_RATE = Decimal("0.000001"), Decimal(10_000)
FIRST_YEAR, LAST_YEAR = 2000, 2099

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?(Z|[+-]\d\d:[0-5]\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_REGION = re.compile(r"\d{6}", re.ASCII)
_PLAIN_KEY = re.compile(r"\w{1,40}", re.ASCII)

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)
Read = Callable[[object], object]


def read_text(value: object) -> str:
    """Any text, also an empty one, that can be written out again."""
    if type(value) is not str:
        raise _refused(value, "应为文字")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise MalformedFacts("", "含有不完整的字符") from None
    return value


def read_code(value: object) -> str:
    """A name by which something is found: any text that is not empty, compared exactly."""
    text = read_text(value)
    if not text:
        raise MalformedFacts("", "不得为空")
    return text


def read_region(value: object) -> str:
    """A region's six digits."""
    return _shaped(value, _REGION, "六位区划代码")


def read_region_or_outside(value: object) -> str | None:
    """A region's six digits, or null for outside the province."""
    return None if value is None else read_region(value)


def read_switch(value: object) -> bool:
    """True or false, and nothing that merely resembles them."""
    if type(value) is not bool:
        raise _refused(value, "应为 true 或 false")
    return value


def integer(least: int, most: int) -> Callable[[object], int]:
    """A reader of whole numbers in a range; 5.0 and true are none."""

    def read(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise _refused(value, f"应为 {least} 到 {most} 的整数")
        return value

    return read


read_amount = integer(0, MOST)
read_months = integer(1, MOST_MONTHS)


def read_rate(value: object) -> Decimal:
    """An exchange rate as the exact decimal that was written."""
    rate = Decimal(value) if type(value) is int else value
    if type(rate) is not Decimal or not rate.is_finite() or not LEAST_RATE <= rate <= MOST_RATE:
        raise _refused(value, f"应为 {LEAST_RATE} 到 {MOST_RATE} 的数")
    return rate


def choice_of(choices: type[Choice]) -> Callable[[object], Choice]:
    """A reader of one of the values of an enumeration."""
    by_value = {choice.value: choice for choice in choices}

    def read(value: object) -> Choice:
        if type(value) is not str or value not in by_value:
            raise _refused(value, f"应为 {'、'.join(by_value)} 之一")
        return by_value[value]

    return read


def _shaped(value: object, shape: re.Pattern[str], name: str) -> str:
    if type(value) is not str or not shape.fullmatch(value):
        raise _refused(value, f"应为{name}")
    return value


def read_moment(value: object) -> datetime:
    """A moment that says its offset, given back in UTC."""
    written = _shaped(value, _MOMENT, "带时区的时刻 YYYY-MM-DDThh:mm:ss[.ffffff]（Z 或 ±hh:mm）")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise MalformedFacts("", "没有这个时刻") from None
    _in_reach(moment.year)
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def read_day(value: object) -> date:
    """A date written `2024-05-31`, between 2000 and 2099."""
    written = _shaped(value, _DAY, "日期 YYYY-MM-DD")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise MalformedFacts("", "没有这一天") from None
    _in_reach(day.year)
    return day


def read_month(value: object) -> str:
    """A month written `2024-05`."""
    month = _shaped(value, _MONTH, "月份 YYYY-MM")
    _in_reach(int(month[:4]))
    return month


def _in_reach(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise MalformedFacts("", f"应在 {FIRST_YEAR} 年到 {LAST_YEAR} 年之间")


def _refused(value: object, message: str) -> MalformedFacts:
    if isinstance(value, NotJson):
        return MalformedFacts("", f"{value.word} 不是 JSON", value.line)
    return MalformedFacts("", message)


def list_of(read: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """A reader of lists whose every item this reader accepts."""

    def read_list(value: object) -> tuple[T, ...]:
        if type(value) is not list:
            raise _refused(value, "应为列表")
        return tuple(_read_each(value))

    def _read_each(values: list[object]) -> Iterator[T]:
        for position, value in enumerate(values):
            try:
                yield read(value)
            except MalformedFacts as fault:
                raise fault.under(f"[{position}]") from None

    return read_list


def record_of(
    make: Callable[..., T], required: Mapping[str, Read], optional: Mapping[str, Read] | None = None
) -> Callable[[object], T]:
    """A reader of objects with these fields and no other; an optional one set to null counts as left out."""
    readers = {**required, **(optional or {})}

    def read_record(value: object) -> T:
        fields = _fields(value, readers)
        for key in required:
            if key not in fields:
                raise MalformedFacts(key, "缺少这一项")
        return make(
            **{
                key: _read_field(key, readers[key], field)
                for key, field in fields.items()
                if field is not None or key in required
            }
        )

    return read_record


def _fields(value: object, known: Mapping[str, Read]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refused(value, "应为对象")
    if isinstance(value, KeyTwice):
        raise MalformedFacts(_step(value.key), "给出了两次")
    for key in value:
        if key not in known:
            raise MalformedFacts(_step(key), "没有这一项")
    return value


def _read_field(key: str, read: Read, field: object) -> object:
    try:
        return read(field)
    except MalformedFacts as fault:
        raise fault.under(key) from None


def _step(key: str) -> str:
    """A key as it stands in a path: quoted when it is not a plain word, so that a path stays on one line."""
    return key if _PLAIN_KEY.fullmatch(key) else f"[{json.dumps(key[:40])}]"
