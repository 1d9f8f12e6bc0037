"""Which two firms talk and deal: one in a segment, the other in a segment that it feeds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matchmaker.demo.drawing import Wheel
from matchmaker.demo.places import prefecture_of
from matchmaker.demo.records import DemoEnterprise
from matchmaker.reference import LinkRow, links

_MOST = 6  # beyond so many firms a segment is no likelier to trade
_TRIES = 6
_DRAWN = 4  # of so many drawn firms the largest deals


@dataclass(frozen=True, slots=True)
class Pair:
    """A seller and a buyer, and the link of the chain that joins them."""

    seller: DemoEnterprise
    buyer: DemoEnterprise
    link: LinkRow


class Market:
    """The firms in one hall, or in the whole register, by what they make."""

    def __init__(self, firms: Sequence[DemoEnterprise]) -> None:
        self._by_segment: dict[str, list[DemoEnterprise]] = {}
        for firm in firms:
            for segment in firm.segments:
                self._by_segment.setdefault(segment, []).append(firm)
        weights = {link: self._weight(link) for link in links()}
        self._wheel = Wheel.of(weights) if any(weights.values()) else None

    def _weight(self, link: LinkRow) -> float:
        sellers, buyers = (len(self._by_segment.get(code, ())) for code in (link.supplier, link.buyer))
        return float(min(sellers, _MOST) * min(buyers, _MOST))

    def pairs(self, rng: random.Random, count: int) -> Iterator[Pair]:
        """Up to `count` different pairs, larger firms likelier, none within one group or wholly outside."""
        seen: set[tuple[str, str]] = set()
        for _ in range(count * _TRIES if self._wheel else 0):
            pair = self._pair(rng)
            codes = (pair.seller.credit_code, pair.buyer.credit_code)
            if codes in seen or are_related(pair.seller, pair.buyer) or not _is_ours(pair):
                continue
            seen.update((codes, codes[::-1]))
            yield pair
            if len(seen) >= count * 2:
                return

    def _pair(self, rng: random.Random) -> Pair:
        assert self._wheel is not None  # noqa: S101 -- `pairs` asks only when there is one
        link = self._wheel.draw(rng)
        seller = _largest_drawn(rng, self._by_segment[link.supplier])
        return Pair(seller, _largest_drawn(rng, self._by_segment[link.buyer]), link)


def _largest_drawn(rng: random.Random, firms: Sequence[DemoEnterprise]) -> DemoEnterprise:
    return max(rng.choices(firms, k=_DRAWN), key=lambda firm: firm.last_year_revenue or 0)


def _is_ours(pair: Pair) -> bool:
    return any(prefecture_of(firm.region) for firm in (pair.seller, pair.buyer))


def are_related(one: DemoEnterprise, other: DemoEnterprise) -> bool:
    """Whether two firms are one, belong to one group or are led by one person."""
    heads = {one.parent_code or one.credit_code, other.parent_code or other.credit_code}
    return len(heads) == 1 or one.legal_representative == other.legal_representative
