"""One decorator under which every view of the API stands: who may, what goes in, what comes out."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from pydantic import BaseModel

from matchmaker.web.api.reading import MOST_BYTES, read_body, read_form, read_query
from matchmaker.web.policies import Policy, policy

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """What the document says of a view."""

    rule: Policy
    summary: str
    answers: type[BaseModel] | None
    status: int
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    keyed: bool
    versioned: bool
    checks_version: bool
    file: str
    form: type[BaseModel] | None
    refusals: tuple[int, ...]


def operation(
    rule: Policy,
    summary: str,
    *,
    answers: type[BaseModel] | None = None,
    status: int = 200,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    keyed: bool = True,
    versioned: bool = False,
    checks_version: bool = False,
    file: str = "",
    form: type[BaseModel] | None = None,
    refusals: tuple[int, ...] = (),
    writes: bool = False,
) -> Callable[[View], View]:
    """Register a view of the API together with who may call it, what it reads and what it answers.

    The view gets what was read as `body`, `query` and `form`. keyed: a POST carries an idempotency
    key. versioned: the answer has an ETag. checks_version: it must be given back as If-Match.
    file: the name of the part of a form that carries one; form: the other parts of that form.
    refusals: statuses beyond those that follow from the rest.
    """

    def register(view: View) -> View:
        @functools.wraps(view)
        def reading(*args: Any, **kwargs: Any) -> Any:
            if query is not None:
                kwargs["query"] = read_query(query)
            if body is not None:
                kwargs["body"] = read_body(body)
            if form is not None:
                kwargs["form"] = read_form(form)
            return view(*args, **kwargs)

        guarded = policy(rule, keyed=keyed, writes=writes)(reading)

        @functools.wraps(guarded)
        def bounded(*args: Any, **kwargs: Any) -> Any:
            if not file:
                request.max_content_length = MOST_BYTES
            return guarded(*args, **kwargs)

        bounded.operation = Operation(  # type: ignore[attr-defined]
            rule, summary, answers, status, body, query, keyed, versioned, checks_version, file, form, refusals
        )
        return bounded

    return register
