"""What is wrong with an input, said in the reader's language and with the place of each fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from flask_babel import get_locale
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from matchmaker.i18n import gettext as _
from matchmaker.i18n import lazy
from matchmaker.web.api.values import Fault
from matchmaker.web.failures import problem

_SENTENCES = {
    "missing": lazy("缺少此项。"),
    "extra_forbidden": lazy("没有这个名称的项。"),
    "string_type": lazy("应为文字。"),
    "string_too_short": lazy("至少 {min_length} 个字。"),
    "string_too_long": lazy("最多 {max_length} 个字。"),
    "string_pattern_mismatch": lazy("格式不对，或含有控制字符。"),
    "int_type": lazy("应为整数，不带引号和小数点。"),
    "int_parsing": lazy("应为整数。"),
    "int_parsing_size": lazy("数太大。"),
    "greater_than": lazy("应大于 {gt}。"),
    "greater_than_equal": lazy("不小于 {ge}。"),
    "less_than": lazy("应小于 {lt}。"),
    "less_than_equal": lazy("不大于 {le}。"),
    "bool_type": lazy("应为 true 或 false。"),
    "bool_parsing": lazy("应为 true 或 false。"),
    "enum": lazy("不在可选值之内：{expected}。"),
    "literal_error": lazy("不在可选值之内：{expected}。"),
    "date_type": lazy("应为日期，例如 2026-03-20。"),
    "date_parsing": lazy("应为日期，例如 2026-03-20。"),
    "date_from_datetime_parsing": lazy("应为日期，例如 2026-03-20。"),
    "date_from_datetime_inexact": lazy("应为日期，例如 2026-03-20。"),
    "datetime_type": lazy("应为带时区的时刻，例如 2026-03-20T01:00:00Z。"),
    "datetime_parsing": lazy("应为带时区的时刻，例如 2026-03-20T01:00:00Z。"),
    "datetime_from_date_parsing": lazy("应为带时区的时刻，例如 2026-03-20T01:00:00Z。"),
    "timezone_aware": lazy("应为带时区的时刻，例如 2026-03-20T01:00:00Z。"),
    "decimal_type": lazy("应为数。"),
    "decimal_parsing": lazy("应为数。"),
    "decimal_max_digits": lazy("最多 {max_digits} 位数字。"),
    "decimal_max_places": lazy("最多 {decimal_places} 位小数。"),
    "decimal_whole_digits": lazy("整数部分最多 {whole_digits} 位。"),
    "finite_number": lazy("应为有限的数。"),
    "list_type": lazy("应为列表。"),
    "too_long": lazy("最多 {max_length} 项。"),
    "too_short": lazy("至少 {min_length} 项。"),
    "model_type": lazy("应为 JSON 对象。"),
}


def refuse(status: int, detail: str, *, code: str, errors: Sequence[Fault] = ()) -> NoReturn:
    """End the request with a problem document."""
    more: dict[str, Any] = {"errors": [each.model_dump() for each in errors]} if errors else {}
    raise HTTPException(response=problem(status, detail, code=code, **more))


def refuse_input(path: str, message: str, *, code: str = "not_found") -> NoReturn:
    """End the request because one part of its input does not fit."""
    refuse(422, _("提交的内容有误。"), code="invalid_input", errors=[Fault(path=path, message=message, code=code)])


def refuse_faults(error: ValidationError) -> NoReturn:
    """End the request with everything that pydantic found."""
    details = error.errors(include_url=False, include_context=True, include_input=False)
    if details[0]["type"] == "json_invalid":
        refuse(400, _("请求体不是有效的 JSON。"), code="json_invalid", errors=[_fault(details[0])])
    refuse(422, _("提交的内容有误。"), code="invalid_input", errors=[_fault(each) for each in details])


def _fault(detail: ErrorDetails) -> Fault:
    path = ".".join(str(part) for part in detail["loc"])
    return Fault(path=path, message=_sentence(detail), code=detail["type"])


def _sentence(detail: ErrorDetails) -> str:
    """Pydantic's own sentence for English readers, ours for Chinese ones."""
    locale = get_locale()
    if locale is not None and locale.language == "en":
        return detail["msg"]
    template = _SENTENCES.get(detail["type"])
    if template is None:
        return str(_("不是有效的内容。"))
    return str(template).format(**detail.get("ctx", {}))
