"""The address under which deals are read and spoken of as JSON."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("api_deals", __name__, url_prefix="/api/v1/deals")
