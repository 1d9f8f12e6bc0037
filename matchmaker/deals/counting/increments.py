"""What of a counted deal is new (R13): the 新增 view, which stands beside the totals and changes none of them."""

from __future__ import annotations

from msgspec import Struct


class Renewal(Struct, frozen=True, gc=False):
    """The cooperation a deal renews; former is the yuan of one year of it, None where nobody has said."""

    former: int | None


def increment(amount: int, renewal: Renewal | None) -> int:
    """What of an amount the rules count is new.

    All of it where nothing is renewed. Of a renewal what exceeds a year of the former cooperation, never below 0;
    nothing while the former amount is unknown, so that the view never says too much.
    """
    if renewal is None:
        return amount
    return 0 if renewal.former is None else max(0, amount - renewal.former)


def continued(amount: int, renewal: Renewal | None) -> int:
    """What of an amount the rules count goes on from a former cooperation whose amount is known."""
    if renewal is None or renewal.former is None:
        return 0
    return min(amount, renewal.former)


def unknown(amount: int, renewal: Renewal | None) -> int:
    """The amount itself where it renews a cooperation whose amount nobody has said, else nothing."""
    return amount if renewal is not None and renewal.former is None else 0
