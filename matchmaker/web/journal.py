"""The log: one JSON line per fact, with the request's number and no personal data."""

from __future__ import annotations

import logging
import re
import sys
import time

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

from matchmaker.db import new_public_id

_PERSONAL = re.compile(r"\b1[3-9]\d{9}\b|[\w.+-]+@[\w-]+\.[\w.]+")
_SECRET_KEYS = frozenset(
    {"password", "token", "cookie", "authorization", "phone", "email", "email_asked", "address", "name"}
)


class _StandardError(logging.Handler):
    """Writes to standard error as it is at the moment: whoever exchanged it may have closed the one before."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 -- a line that cannot be written ends no work
            self.handleError(record)


def configure(level: str) -> None:
    """Send everything, our own lines and the libraries', to standard error as JSON."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_personal_data,
    ]
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def _without_personal_data(logger: WrappedLogger, method: str, entry: EventDict) -> EventDict:
    for key, value in entry.items():
        if key in _SECRET_KEYS:
            entry[key] = "[removed]"
        elif isinstance(value, str):
            entry[key] = _PERSONAL.sub("[removed]", value)
    return entry


def install(app: Flask) -> None:
    """Number every request and log how it ended."""
    log = logging.getLogger("matchmaker.request")

    @app.before_request
    def number_request() -> None:
        g.request_id, g.started = new_public_id()[:10], time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def log_request(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        elapsed = time.perf_counter() - g.get("started", time.perf_counter())
        response.headers["Server-Timing"] = f"app;dur={elapsed * 1000:.1f}"
        facts = {"endpoint": request.endpoint, "method": request.method, "status": response.status_code}
        log.info("request", extra={**facts, "ms": round(elapsed * 1000, 1)})
        return response
