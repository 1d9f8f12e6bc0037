"""The address under which progress is read as JSON."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("api_progress", __name__, url_prefix="/api/v1/progress")
