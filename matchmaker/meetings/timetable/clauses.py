"""Statements in propositional logic, written down as the clauses a SAT solver reads.

A literal is a variable's number, negative when the variable is to be false.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence


class Clauses:
    """A growing list of clauses and the number of variables they use."""

    def __init__(self) -> None:
        self.all: list[list[int]] = []
        self.variables = 0

    def new(self) -> int:
        """A variable not used before."""
        self.variables += 1
        return self.variables

    def add(self, *literals: int) -> None:
        """At least one of these holds; of none at all: never."""
        self.all.append(list(literals))

    def at_most_one(self, literals: Iterable[int]) -> None:
        """No two of these hold."""
        self.all.extend([-x, -y] for x, y in itertools.combinations(literals, 2))

    def any_of(self, literals: Sequence[int]) -> int:
        """A literal that holds exactly if one of these does."""
        if len(literals) == 1:
            return literals[0]
        either = self.new()
        self.all.extend([-x, either] for x in literals)
        self.add(-either, *literals)
        return either

    def at_most(self, literals: Sequence[int], most: int) -> None:
        """No more than so many of these hold."""
        if len(literals) > most:
            self.add(-self.count(literals, most + 1)[most])

    def count(self, literals: Sequence[int], most: int) -> list[int]:
        """Literals that say "at least one, two, … of these hold", as far as `most`: a totalizer, in both directions."""
        if len(literals) <= 1:
            return list(literals)
        half = len(literals) // 2
        return self._sum(self.count(literals[:half], most), self.count(literals[half:], most), most)

    def _sum(self, left: Sequence[int], right: Sequence[int], most: int) -> list[int]:
        """Two counts added up, as far as `most`; beyond it nothing is said."""
        total = [self.new() for _ in range(min(len(left) + len(right), most))]
        nots_left, nots_right, size = [[], *([-one] for one in left)], [[], *([-one] for one in right)], len(total)
        ones_left, ones_right = [*([one] for one in left), []], [*([one] for one in right), []]
        for x, (not_left, one_left) in enumerate(zip(nots_left, ones_left, strict=True)):
            for total_is, (not_right, one_right) in enumerate(zip(nots_right, ones_right, strict=True), start=x):
                if 0 < total_is <= most:
                    self.all.append([*not_left, *not_right, total[total_is - 1]])
                if total_is < size:
                    self.all.append([*one_left, *one_right, -total[total_is]])
        return total
