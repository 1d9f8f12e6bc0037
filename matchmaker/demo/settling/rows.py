"""Rows on their way into the database in blocks, and the numbers they were given."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Integer, func, insert, select, text
from sqlalchemy.orm import Session

from matchmaker.chains.models import Chain, Segment
from matchmaker.db import Base
from matchmaker.regions.models import Region

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BLOCK = 2_000


class Rows:
    """Hands out keys and addresses, remembers which thing got which key, and inserts in blocks."""

    def __init__(self, session: Session, *, seed: int) -> None:
        self.session = session
        self._addresses = random.Random(f"{seed}/addresses")
        self._last: dict[type[Base], int] = {}
        self._keys: dict[str, dict[Any, int]] = defaultdict(dict)
        self._keys["region"] = {code: key for key, code in session.execute(select(Region.id, Region.code))}
        self._keys["segment"] = {code: key for key, code in session.execute(select(Segment.id, Segment.code))}
        self._keys["chain"] = {code: key for key, code in session.execute(select(Chain.id, Chain.code))}

    def address(self) -> str:
        """A public id, drawn from the province's seed."""
        return "".join(self._addresses.choices(_ALPHABET, k=20))

    def key(self, model: type[Base]) -> int:
        """The next key of a table."""
        if model not in self._last:
            self._last[model] = self.session.scalar(select(func.max(model.__table__.c.id))) or 0
        self._last[model] += 1
        return self._last[model]

    def name(self, kind: str, name: object, key: int) -> int:
        """Remember the key of a thing by the name the province calls it."""
        self._keys[kind][name] = key
        return key

    def of(self, kind: str, name: object) -> int:
        """The key of a thing named before."""
        return self._keys[kind][name]

    def maybe(self, kind: str, name: object) -> int | None:
        """The key of a thing named before, or None for None."""
        return None if name is None else self._keys[kind][name]

    def add(self, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert rows, a block at a time."""
        block: list[Mapping[str, Any]] = []
        for row in rows:
            block.append(row)
            if len(block) == _BLOCK:
                self.session.execute(insert(model.__table__), block)  # type: ignore[arg-type]
                block = []
        if block:
            self.session.execute(insert(model.__table__), block)  # type: ignore[arg-type]

    def renumber(self) -> None:
        """Let PostgreSQL's sequences go on after the keys given out here."""
        if self.session.get_bind().dialect.name != "postgresql":
            return
        for model in self._last:
            column = model.__table__.c.id
            if isinstance(column.type, Integer):
                table = model.__tablename__
                self.session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"),
                    {"table": f'"{table}"', "last": self._last[model]},
                )
