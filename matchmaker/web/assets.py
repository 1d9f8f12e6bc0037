"""Styles, scripts and images, at addresses that change with their content."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from pathlib import Path

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from matchmaker.settings import ROOT
from matchmaker.web.policies import anyone, policy

STATIC = ROOT / "static"
bp = Blueprint("web", __name__)


@bp.get("/static/<path:filename>")
@policy(anyone)
def static(filename: str) -> Response:
    """One file; a year in the browser's cache when asked for by its digest."""
    path = safe_join(str(STATIC), filename)
    if path is None or not Path(path).is_file():
        raise NotFound
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    answer = Response(Path(path).read_bytes(), mimetype=kind)
    answer.set_etag(digest(filename))
    if request.args.get("v") == digest(filename):
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.make_conditional(request)
    return answer


@functools.cache
def digest(filename: str) -> str:
    """The first characters of the file's SHA-256."""
    path = STATIC / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""


def static_url(filename: str) -> str:
    """The address of a file, with its digest."""
    return url_for("web.static", filename=filename, v=digest(filename))
