"""The address under which matching is asked as JSON."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("api_matching", __name__, url_prefix="/api/v1")
