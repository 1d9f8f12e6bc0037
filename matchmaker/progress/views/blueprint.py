"""The address under which all pages about progress live."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("progress", __name__, url_prefix="/progress")
