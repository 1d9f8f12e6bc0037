"""When a request cannot be answered: a page that says what happened and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from matchmaker.db import utcnow
from matchmaker.errors import RuleViolation, Stale
from matchmaker.i18n import gettext as _

log = logging.getLogger(__name__)
_PATIENCE = "5"  # seconds; sent again with its key, a write still happens once
PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})


def install(app: Flask) -> None:
    """Answer every failure, expected or not, in the manner of the caller: a page or problem details."""
    handlers: dict[type[Exception], Callable[[Any], Response]] = {
        HTTPException: _on_http,
        CSRFError: _on_expired_form,
        RuleViolation: _on_rule,
        StaleDataError: _on_stale,
        IntegrityError: _on_conflict,
        OperationalError: _on_database,
        Exception: _on_bug,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, _after_rollback(handler))


def _after_rollback(handler: Callable[[Any], Response]) -> Callable[[Exception], Response]:
    """Undo what the request began before anything, even the reader's language, is read again."""

    def handle(error: Exception) -> Response:
        if "session" in g:
            g.session.rollback()
        return handler(error)

    return handle


def problem(status: int, detail: str, *, title: str = "", **more: Any) -> Response:
    """An RFC 9457 problem document."""
    content = {"type": "about:blank", "title": title or detail, "status": status, "detail": detail, **more}
    content["instance"] = g.get("request_id", "")
    answer = jsonify(content)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    if status == 401:  # noqa: PLR2004
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def answer_failure(status: int, message: str = "", **more: Any) -> Response:
    """The page, or the problem document with `more` members, for a status."""
    if request.path.startswith("/api/"):
        return problem(status, message or _reason(status), **more)
    page = f"errors/{status if status in PAGES else 400}.html"
    return Response(render_template(page, message=message, moment=utcnow()), status=status, mimetype="text/html")


def _reason(status: int) -> str:
    return HTTPException().name if status not in PAGES else {
        400: _("请求无法识别。"),
        403: _("没有权限。"),
        404: _("没有这项内容。"),
        405: _("不支持这种请求方式。"),
        409: _("内容已被他人修改。"),
        413: _("文件过大。"),
        429: _("请求过于频繁，请稍后再试。"),
        500: _("系统出错，已记录。"),
        503: _("系统繁忙，请稍后再试。"),
    }[status]  # fmt: skip


def _on_http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # noqa: PLR2004
        return error.get_response()
    own_words = error.description if error.description != type(error).description else ""
    if error.code == 401:  # noqa: PLR2004
        return answer_failure(401, own_words or _("请先登录。"))
    return answer_failure(error.code, own_words or "")


def _on_expired_form(error: CSRFError) -> Response:
    return answer_failure(400, _("页面已过期。请返回上一页刷新后再提交，您填写的内容不会丢失。"))


def _on_rule(error: RuleViolation) -> Response:
    return answer_failure(error.status, error.message, code=type(error).__name__)


def _on_stale(error: StaleDataError) -> Response:
    return answer_failure(409, Stale().message)


def _on_conflict(error: IntegrityError) -> Response:
    log.warning("constraint refused a write", extra={"constraint": str(error.orig)[:200]})
    return answer_failure(409, _("这一步刚刚已由他人办理，或与已有记录冲突。请刷新后查看最新情况。"))


def _on_database(error: OperationalError) -> Response:
    log.error("database cannot answer", exc_info=error)
    answer = answer_failure(503, "")
    answer.headers["Retry-After"] = _PATIENCE
    return answer


def _on_bug(error: Exception) -> Response:
    log.error("unexpected failure", exc_info=error)
    return answer_failure(500, "")
