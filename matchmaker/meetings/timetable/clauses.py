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

    def count(self, literals: Sequence[int], most: int) -> list[int]:
        """Literals that say "at least one, two, … of these hold", as far as `most`: a totalizer, in both directions."""
        if len(literals) <= 1:
            return list(literals)
        half = len(literals) // 2
        return self.sum(self.count(literals[:half], most), self.count(literals[half:], most), most)

    def sum(self, left: Sequence[int], right: Sequence[int], most: int) -> list[int]:
        """Two counts added up, as far as `most`; beyond it nothing is said."""
        total = [self.new() for _ in range(min(len(left) + len(right), most))]
        for x, y in itertools.product(range(len(left) + 1), range(len(right) + 1)):
            if 0 < x + y <= most:
                self.add(*(-one for one in (*left[x - 1 : x], *right[y - 1 : y])), total[x + y - 1])
            if x + y < len(total):
                self.add(*left[x : x + 1], *right[y : y + 1], -total[x + y])
        return total
