"""What every answer carries: strict content policy, no caching behind a sign-in, safe addresses."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_login import current_user
from werkzeug.routing import BaseConverter

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PublicIdConverter(BaseConverter):
    """The random identifiers of our addresses; anything else is no page."""

    regex = "[0-9a-hjkmnp-tv-z]{20}"


class CodeConverter(BaseConverter):
    """The plain codes of reference data: auto.cast; anything else is no page."""

    regex = "[A-Za-z0-9][A-Za-z0-9._-]{0,39}"


def install(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer and the converters into every route."""
    app.url_map.converters.update(public_id=PublicIdConverter, code=CodeConverter)

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "web.static" and current_user and current_user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response
