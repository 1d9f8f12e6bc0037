"""Writes that happen once however often they are sent.

A key and the answer it got are stored in the transaction of the write itself, so a
crash can lose neither alone. A view hands its answer to `remember()` before it commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, g, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, Conflict
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.i18n import gettext as _
from matchmaker.web.database import get_session
from matchmaker.web.models import IdempotencyKey

HEADER = "Idempotency-Key"
FIELD = "form_key"
_SHORTEST, _LONGEST = 8, 80
FORM_MARKS = frozenset({FIELD, "csrf_token"})
_KEPT_HEADERS = ("Location", "Content-Type", "ETag")


def once(view: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], *, user_id: int) -> Any:
    """Run a view for a key it has not seen, or give back the answer it gave before."""
    key = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not _SHORTEST <= len(key) <= _LONGEST or not key.isascii():
        raise BadRequest(_no_key())
    session, digest = get_session(), _digest()
    if (known := _find(session, user_id, key)) is not None:
        return _repeat(known, digest)
    row = IdempotencyKey(user_id=user_id, key=key, body_hash=digest)
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        return _repeat(_find(session, user_id, key), digest)
    g.idempotency = row
    answer = view(*args, **kwargs)
    _insist_on_remembering(session, row)
    return answer


def _no_key() -> str:
    if request.path.startswith("/api/"):
        return str(_("请求缺少有效的 Idempotency-Key 请求头（8—80 个 ASCII 字符，每次办理换一个）。"))
    return str(_("请求缺少有效的防重复标识。请返回上一页刷新后再提交。"))


def remember(answer: AnyResponse) -> AnyResponse:
    """Keep the answer with the key of this request, for whoever sends it again."""
    row: IdempotencyKey | None = g.get("idempotency")
    if row is not None:
        row.answer = {
            "status": answer.status_code,
            "headers": {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers},
            "body": answer.get_data(as_text=True),
        }
    return answer


def _find(session: Session, user_id: int, key: str) -> IdempotencyKey | None:
    return session.scalar(select(IdempotencyKey).where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key))


def _repeat(known: IdempotencyKey | None, digest: str) -> Response:
    if known is None or known.answer is None:
        raise Conflict(_("同一请求正在办理，请稍候刷新查看结果。"))
    if known.body_hash != digest:
        raise Conflict(_("这个防重复标识已用于另一份内容，请刷新页面后重新提交。"))
    kept = known.answer
    return Response(kept["body"], status=kept["status"], headers={**kept["headers"], "Idempotent-Replayed": "true"})


def _digest() -> str:
    content = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in sorted(request.form.items(multi=True), key=_place):
            if name not in FORM_MARKS:
                content.update(f"{name}={value}\n".encode(errors="surrogatepass"))
        for name, file in sorted(request.files.items(multi=True), key=_place):
            content.update(f"{name}:{file.filename}\n".encode(errors="surrogatepass"))
            content.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
            file.stream.seek(0)
    else:
        content.update(request.get_data())
    return content.hexdigest()


def _place(part: tuple[str | None, Any]) -> tuple[str, str]:
    """Where a part of a form is digested; it may be nameless, and files of one name go by their own."""
    name, value = part
    return name or "", value if isinstance(value, str) else value.filename or ""


def _insist_on_remembering(session: Session, row: IdempotencyKey) -> None:
    """In tests, notice a view that committed without keeping its answer."""
    committed = row in session and not session.is_modified(row) and not session.in_transaction()
    if current_app.testing and committed and row.answer is None:
        raise RuntimeError(f"{request.endpoint} committed without remember()")
