"""The OpenAPI document at its address."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from matchmaker.i18n import lazy as _
from matchmaker.web.api.describing import document_of
from matchmaker.web.api.operations import operation
from matchmaker.web.policies import anyone

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/openapi.json")
@operation(anyone, _("本接口的 OpenAPI 文档"))
def document() -> Response:
    """What this API can do, for programs."""
    return jsonify(document_of(current_app))
