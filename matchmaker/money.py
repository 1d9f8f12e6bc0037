"""Money in words and figures: stored as whole yuan, typed in 万元, read in 万元 or 亿元."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import cn2an

WAN = 10_000
YI = 100_000_000
MOST = 10**15


class NotAnAmount(ValueError):
    """The text is not an amount of 万元 that can be kept as whole yuan."""


def _fixed(amount: int, unit: int, places: int) -> str:
    quantum = Decimal(1).scaleb(-places)
    return f"{(Decimal(amount) / unit).quantize(quantum, ROUND_HALF_UP):,f}"


def yi(amount: int) -> str:
    """Whole yuan as 亿元 with two decimals, half up: 30_000_000 → "0.30"."""
    return _fixed(amount, YI, 2)


def wan(amount: int) -> str:
    """Whole yuan as 万元, with decimals only where there are any: 30_000_000 → "3,000"."""
    return _fixed(amount, WAN, 0 if amount % WAN == 0 else 2)


def yuan(amount: int) -> str:
    """Whole yuan with thousands separators."""
    return f"{amount:,d}"


def words(amount: int) -> str:
    """Whole yuan in Chinese words: 30_000_000 → "三千万元整"."""
    spoken = str(cn2an.an2cn(str(abs(amount)), "low"))
    return ("负" if amount < 0 else "") + spoken + "元整"


def money_line(amount: int) -> str:
    """One amount in its three readings: 3,000 万元 = 0.30 亿元 = 30,000,000 元."""
    return f"{wan(amount)} 万元 = {yi(amount)} 亿元 = {yuan(amount)} 元"


def yuan_of_wan(text: str) -> int:
    """The whole yuan of an amount typed in 万元.

    Raises NotAnAmount for anything but a plain decimal of at most four places: a unit
    inside the text (“1.2亿”) is refused rather than guessed.
    """
    plain = text.strip().replace(",", "").replace("，", "")
    try:
        value = Decimal(plain) * WAN
    except InvalidOperation:
        raise NotAnAmount(text) from None
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= MOST:
        raise NotAnAmount(text)
    return int(value)
