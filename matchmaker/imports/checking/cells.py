"""One cell read as what its column holds, or refused with a sentence; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from matchmaker.documents.neutral import restored
from matchmaker.documents.values import CellValue
from matchmaker.enterprises import credit_codes
from matchmaker.errors import RuleViolation
from matchmaker.i18n import gettext as _
from matchmaker.imports.columns import Column, Kind
from matchmaker.imports.lookups import Lookup, Reference
from matchmaker.money import MOST, WAN

Field = str | int | Decimal | date | tuple[str, ...] | None
Parser = Callable[[CellValue], Field]

_EXACT = 2**53
_SHOWN = 40
_YEARS = range(1990, 2101)
_MOST_QUANTITY = Decimal(10**12)
_INVISIBLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(r"(-?)(\d{1,30}|\d{1,3}(?:,\d{3}){1,8})(\.\d{1,30})?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00(?::00)?)?",
        r"(\d{4})/(\d{1,2})/(\d{1,2})",
        r"(\d{4})\.(\d{1,2})\.(\d{1,2})",
        r"(\d{4})年(\d{1,2})月(\d{1,2})日?",
    )
)
_SEPARATORS = re.compile(r"[；;\n]")
_MOST_PARTS = 200
_SUGGESTED = 300  # looking for similar names is slow; after so many different ones a file hardly needs more


class BadCell(RuleViolation):
    """The cell does not hold what its column asks for."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence

    @property
    def message(self) -> str:
        """What was found and what is expected."""
        return self.sentence


def parsers(column: Column, reference: Reference) -> Parser:
    """How the cells of this column are read."""
    by_kind: Mapping[Kind, Callable[[], Parser]] = {
        Kind.CODE: lambda: _code_parser(reference),
        Kind.TEXT: lambda: _text_parser(column.most),
        Kind.TEXTS: lambda: _texts_parser(column.most),
        Kind.REGION: lambda: _name_parser(reference.regions, _("地区")),
        Kind.SEGMENT: lambda: _name_parser(reference.segments, _("环节")),
        Kind.INDUSTRY: lambda: _name_parser(reference.industries, _("行业代码")),
        Kind.CHOICE: lambda: _choice_parser(column),
        Kind.AMOUNT: lambda: yuan,
        Kind.QUANTITY: lambda: quantity,
        Kind.POSITIVE: lambda: _positive,
        Kind.WHOLE: lambda: _whole_parser(column.most),
        Kind.DATE: lambda: day,
    }
    return by_kind[column.kind]()


def empty(column: Column) -> Field:
    """What an empty cell of this column means."""
    if column.kind is Kind.TEXT:
        return ""
    return () if column.kind is Kind.TEXTS else column.default


def shown(value: object) -> str:
    """A cell as it is quoted in a message."""
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def text_of(value: CellValue) -> str:
    """The cell as text: invisible characters gone, blanks collapsed, our own guard taken off."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        raise BadCell(
            _("单元格是日期（%(found)s），应为文字。请把单元格设为文本格式后重填。", found=value.isoformat()[:10])
        )
    if isinstance(value, float) and abs(value) >= _EXACT:
        raise BadCell(_("单元格是数字，位数太多，末几位已丢失。请把单元格设为文本格式后重填。"))
    return format(value, ".15g") if isinstance(value, float) else str(value)


@lru_cache(maxsize=50_000)
def _clean(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).strip() for line in _INVISIBLE.sub("", restored(text)).splitlines())
    return "\n".join(line for line in lines if line)


def _limited(text: str, most: int) -> str:
    if len(text) > most:
        raise BadCell(_("有 %(length)s 个字，最多 %(most)s 个。", length=len(text), most=most))
    return text


def _text_parser(most: int) -> Parser:
    return lambda value: _limited(text_of(value).replace("\n", " "), most)


def _texts_parser(most: int) -> Parser:
    def parse(value: CellValue) -> tuple[str, ...]:
        parts = _SEPARATORS.split(_limited(text_of(value), most))
        kept = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
        if len(kept) > _MOST_PARTS:
            raise BadCell(_("写了 %(count)s 项，最多 %(most)s 项。", count=len(kept), most=_MOST_PARTS))
        return kept

    return parse


def _code_parser(reference: Reference) -> Parser:
    def parse(value: CellValue) -> str:
        if not isinstance(value, str) or _SCIENTIFIC.fullmatch(value.strip()):
            raise BadCell(
                _(
                    "信用代码存成了数字（%(found)s），末几位已丢失。请把单元格设为文本格式，重填 18 位代码。",
                    found=shown(value),
                )
            )
        code = credit_codes.normalise(restored(value))
        try:
            credit_codes.check(code, allow_samples=reference.allow_samples)
        except credit_codes.InvalidCreditCode as invalid:
            raise BadCell(invalid.message) from None
        return code

    return parse


def _name_parser(names: Lookup, what: str) -> Parser:
    """Names repeat from row to row, so each is looked up once."""
    known: dict[CellValue, str] = {}
    refused: dict[CellValue, str] = {}

    def parse(value: CellValue) -> str:
        if value not in known and value not in refused:
            try:
                known[value] = _code_named(names, text_of(value), what, is_suggesting=len(refused) < _SUGGESTED)
            except BadCell as bad:
                refused[value] = bad.sentence
        if value in refused:
            raise BadCell(refused[value])
        return known[value]

    return parse


def _code_named(names: Lookup, text: str, what: str, *, is_suggesting: bool) -> str:
    found = names.find(text)
    if len(found) == 1:
        return found[0]
    if found:
        labels = _("、").join(names.labels[code] for code in found[:5])
        raise BadCell(
            _("%(what)s“%(found)s”有多个同名，请写全：%(labels)s。", what=what, found=shown(text), labels=labels)
        )
    near = names.nearest(text[:100]) if is_suggesting else ()
    if near:
        labels = _("、").join(near)
        raise BadCell(_("没有%(what)s“%(found)s”。是否为：%(labels)s？", what=what, found=shown(text), labels=labels))
    raise BadCell(_("没有%(what)s“%(found)s”。请从模板的下拉名单中选择。", what=what, found=shown(text)))


def _choice_parser(column: Column) -> Parser:
    values = {name: value for value, word in column.choices for name in (word, value)}

    def parse(value: CellValue) -> str:
        text = unicodedata.normalize("NFKC", text_of(value))
        if text not in values:
            words = _("、").join(word for _value, word in column.choices)
            raise BadCell(_("写的是“%(found)s”，只能填：%(words)s。", found=shown(text), words=words))
        return values[text]

    return parse


def number_of(value: CellValue) -> Decimal:
    """A plain number; a unit or a word inside the text is refused rather than understood."""
    if isinstance(value, date):
        raise BadCell(
            _("单元格是日期（%(found)s），应为数字。请把单元格设为数字格式后重填。", found=value.isoformat()[:10])
        )
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    else:
        number = _number_in(text_of(value))
    if number < 0:
        raise BadCell(_("写的是 %(found)s，不能为负数。", found=shown(value)))
    return number


def _number_in(text: str) -> Decimal:
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
    if not found:
        raise BadCell(_("写的是“%(found)s”，只能填数字，不带单位和文字（单位见表头）。", found=shown(text)))
    return Decimal(found[0].replace(",", ""))


def yuan(value: CellValue) -> int:
    """Whole yuan of a number in a 万元 column."""
    amount = number_of(value) * WAN
    if amount > MOST:
        raise BadCell(_("写的是 %(found)s 万元，超过上限。请核对单位，本列单位是万元。", found=shown(value)))
    if amount != amount.to_integral_value():
        raise BadCell(_("写的是 %(found)s 万元，最多四位小数（精确到元）。", found=shown(value)))
    return int(amount)


def quantity(value: CellValue) -> Decimal:
    """A number of at most three decimals."""
    number = number_of(value)
    if number > _MOST_QUANTITY:
        raise BadCell(_("写的是 %(found)s，数字太大，请核对单位。", found=shown(value)))
    if number != round(number, 3):
        raise BadCell(_("写的是 %(found)s，最多三位小数。", found=shown(value)))
    return number


def _positive(value: CellValue) -> Decimal:
    number = quantity(value)
    if not number:
        raise BadCell(_("写的是 0，应大于 0；不清楚时请留空。"))
    return number


def _whole_parser(most: int) -> Parser:
    def parse(value: CellValue) -> int:
        number = number_of(value)
        if number > most or number != number.to_integral_value():
            raise BadCell(_("写的是 %(found)s，应为 0 至 %(most)s 的整数。", found=shown(value), most=most))
        return int(number)

    return parse


def day(value: CellValue) -> date:
    """A date cell, or a date written year first."""
    if isinstance(value, date):
        found = value.date() if isinstance(value, datetime) else value
    else:
        found = _day_in(unicodedata.normalize("NFKC", text_of(value)), value)
    if found.year not in _YEARS:
        raise BadCell(_("写的是 %(found)s，年份不合常理。", found=found.isoformat()))
    return found


def _day_in(text: str, value: CellValue) -> date:
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                break
    raise BadCell(_("写的是“%(found)s”，不是日期。请写成 2024-05-31。", found=shown(value)))
