"""The address under which the registers are read and written as JSON."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("api_enterprises", __name__, url_prefix="/api/v1")
