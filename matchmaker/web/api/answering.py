"""Answers as JSON: one thing with its version, or a slice of a list with the way to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, request
from pydantic import BaseModel, SerializeAsAny
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.i18n import gettext as _
from matchmaker.web.api.refusing import refuse_input
from matchmaker.web.api.values import Answer, Page, Paged
from matchmaker.web.cursors import BadCursor, slice_of
from matchmaker.web.database import get_session

Row = TypeVar("Row")


def answer(
    content: BaseModel, status: int = 200, *, version: int | None = None, location: str | None = None
) -> Response:
    """One thing; `version` becomes its ETag."""
    reply = Response(content.model_dump_json(), status, mimetype="application/json")
    if version is not None:
        reply.set_etag(str(version))
    if location is not None:
        reply.headers["Location"] = location
    return reply


def nothing() -> Response:
    """The answer of a request after which there is nothing to say."""
    return Response(status=204)


def answer_slice(
    statement: Select[Row],
    query: Paged,
    show: Callable[[Row], Answer],
    *,
    by: InstrumentedAttribute[Any] | None = None,
    descending: bool = True,
    learn: Callable[[list[Row]], None] | None = None,
) -> Response:
    """The slice of a scoped statement that the address asks for, each row as `show` puts it.

    learn: looks up at once, before any row is shown, what `show` needs to know beside the rows.
    """
    try:
        found = slice_of(get_session(), statement, limit=query.limit, cursor=query.cursor, by=by, descending=descending)
    except BadCursor:
        refuse_input("cursor", _("不是有效的 cursor，请使用上一页给出的 next。"), code="bad_cursor")
    if learn is not None:
        learn(found.rows)
    following = _next(found.cursor) if found.cursor else None
    reply = answer(
        Page[SerializeAsAny[Answer]].model_construct(items=[show(row) for row in found.rows], next=following)
    )
    if following:
        reply.headers["Link"] = f'<{following}>; rel="next"'
    return reply


def _next(cursor: str) -> str:
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'cursor': cursor})}"
