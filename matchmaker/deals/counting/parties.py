"""Who the two sides of a deal are to each other (R12)."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.deals.counting.values import EnterpriseFacts


class Parties:
    """The enterprises by code, with the ultimate parents found so far."""

    __slots__ = ("_ultimate", "by_code")

    def __init__(self, by_code: Mapping[str, EnterpriseFacts]) -> None:
        self.by_code = by_code
        self._ultimate: dict[str, str] = {}

    def related(self, buyer: str, seller: str) -> bool:
        """R12: the same code, the same ultimate parent, or the same legal representative."""
        if buyer == seller or self.ultimate_parent(buyer) == self.ultimate_parent(seller):
            return True
        representative = _representative(self.by_code[buyer])
        return representative != "" and representative == _representative(self.by_code[seller])

    def ultimate_parent(self, code: str) -> str:
        """The end of the chain of parents; a code not listed ends it, a firm without a parent is its own."""
        if self._parent(code) is None:
            return code
        if (known := self._ultimate.get(code)) is not None:
            return known
        passed = {code: None}
        top = code
        while (parent := self._parent(top)) is not None:
            if parent in passed:
                raise ValueError(f"the parents of {code} form a circle")
            top = parent
            passed[top] = None
        self._ultimate.update(dict.fromkeys(passed, top))
        return top

    def _parent(self, code: str) -> str | None:
        enterprise = self.by_code.get(code)
        return enterprise.parent if enterprise else None


def _representative(enterprise: EnterpriseFacts) -> str:
    return (enterprise.legal_representative or "").strip()
