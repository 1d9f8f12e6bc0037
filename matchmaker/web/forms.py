"""What all typed forms share: Chinese messages, and the version they were filled in on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, ValidationError

from matchmaker.i18n import gettext as _
from matchmaker.money import NotAnAmount, wan, yuan_of_wan


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Messages in the reader's language; the application checks the token for all requests."""

        csrf = False
        locales = ("zh",)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Let no field hold the one character that no database keeps."""
            filters = (*unbound_field.kwargs.get("filters", ()), _without_nul)
            unbound_field.kwargs["filters"] = tuple(dict.fromkeys(filters))
            return super().bind_field(form, unbound_field, options)

    seen_version = HiddenField()

    @property
    def seen(self) -> int | None:
        """The version of the row this form was filled in on, or None for a new row."""
        text = str(self.seen_version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004

    @property
    def has_errors(self) -> bool:
        """Whether a submission was refused."""
        return bool(self.errors)


def _without_nul(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


class WanField(StringField):  # type: ignore[misc]
    """An amount typed in 万元 and kept in whole yuan; empty is None."""

    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else wan(self.data).replace(",", "")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read plain 万元 and refuse any other unit."""
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            self.data = yuan_of_wan(text)
        except NotAnAmount:
            self.data = None
            raise ValidationError(
                _("“%(text)s”不是以万元为单位的数。请只填数字，例如 3000 表示三千万元。", text=text[:40])
            ) from None


class QuantityField(StringField):  # type: ignore[misc]
    """A plain non-negative number of at most three decimal places; empty is None."""

    data: Decimal | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a plain decimal; separators are tolerated."""
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = _quantity(text) if text else None


def _quantity(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value >= 10**15 or value != round(value, 3):
        raise ValidationError(_("“%(text)s”不是数。请只填数字，单位填在旁边。", text=text[:40]))
    return value


def lines_of(text: Any) -> list[str]:
    """The entries of a text in which people separate by line, comma or semicolon."""
    for separator in "；;，,、\r":
        text = str(text or "").replace(separator, "\n")
    return [entry.strip() for entry in str(text or "").split("\n") if entry.strip()]
