"""Who sees which rows: one scoping function, and a guard that notices when it was forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Executable, Select, event, select
from sqlalchemy.orm import ORMExecuteState, Session

from matchmaker.db import Base

Row = TypeVar("Row", bound=Base)
Scoped = TypeVar("Scoped", bound=Executable)
Condition = Callable[[Any], ColumnElement[bool]]

_conditions: dict[type[Base], Condition] = {}


class UnscopedQuery(RuntimeError):
    """A request read a guarded table without saying for whom."""


class GuardedSession(Session):
    """A session that refuses to read a guarded table without `visible()` or `everyones()`."""


def scope(model: type[Base]) -> Callable[[Condition], Condition]:
    """Register which rows of `model` a user may see; the model is guarded from then on.

    The condition takes the user, or None for a visitor, and returns an SQL expression.
    """

    def register(condition: Condition) -> Condition:
        _conditions[model] = condition
        return condition

    return register


def visible(model: type[Row], user: object | None) -> Select[Row]:
    """Select the rows of `model` this user may see; what they may not see is absent."""
    return select(model).where(_conditions[model](user)).execution_options(scope="visible")


def may_see(model: type[Base], user: object | None) -> ColumnElement[bool]:
    """The bare condition, for a query that joins several tables; mark that with `everyones()`."""
    return _conditions[model](user)


def everyones(statement: Scoped, *, because: str) -> Scoped:
    """Let a statement read a guarded table whole; `because` says why that shows nobody too much."""
    return statement.execution_options(scope=because)


def guarded_models() -> frozenset[type[Base]]:
    """Every model with a scope."""
    return frozenset(_conditions)


@event.listens_for(GuardedSession, "do_orm_execute")
def _refuse_unscoped(state: ORMExecuteState) -> None:
    if not state.is_select or state.is_relationship_load or state.is_column_load:
        return
    if "scope" in state.execution_options:
        return
    for mapper in state.all_mappers:
        if mapper.class_ in _conditions:
            raise UnscopedQuery(f"{mapper.class_.__name__} was read without visible() or everyones()")
