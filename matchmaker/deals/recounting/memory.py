"""What a process remembers of the last counts, each part under the marks of what it depends on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

Value = TypeVar("Value")
_MOST_PLACES = 40  # the parts of a few programmes, and their counts as of a dozen days


class Memory:
    """Values by place, each with the mark under which it holds; a changed mark makes it anew."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()

    def find(self, place: Hashable, mark: Hashable) -> Any | None:
        """The value kept at a place, while it holds under this very mark."""
        known_mark, value = self._kept.get(place, (None, None))
        return value if known_mark == mark else None

    def keep(self, place: Hashable, mark: Hashable, value: Value) -> Value:
        """Keep a value, and give it back."""
        self._kept[place] = (mark, value)
        while len(self._kept) > _MOST_PLACES:
            self._kept.popitem(last=False)
        return value

    def recall(self, place: Hashable, mark: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept at a place under this mark, else what `make` makes."""
        known: Value | None = self.find(place, mark)
        return known if known is not None else self.keep(place, mark, make())


_memories: WeakKeyDictionary[Pool, Memory] = WeakKeyDictionary()


def memory_for(session: Session) -> Memory:
    """What this process remembers of the session's database; nothing for a session that may hold changes of its own.

    A change that is rolled back leaves the same marks as the next one that is committed, so only what a reader
    saw is kept.
    """
    return _memories.setdefault(session.get_bind().engine.pool, Memory()) if _only_reads(session) else Memory()


def _only_reads(session: Session) -> bool:
    return session.get_bind().get_execution_options().get("begin") == "DEFERRED"


@contextmanager
def snapshot(session: Session) -> Iterator[Session]:
    """A session all of whose statements see one state of the database; SQLite's always do."""
    bind = session.get_bind()
    if bind.dialect.name == "sqlite" or not _only_reads(session):
        yield session
        return
    with Session(bind.engine.execution_options(isolation_level="REPEATABLE READ")) as reader:
        yield reader
