"""Tokens for programs: a sign-in like any other, ended like any other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from flask import Blueprint, request
from pydantic import ConfigDict, Field, StringConstraints
from werkzeug.wrappers import Response

from matchmaker.accounts import services
from matchmaker.accounts.models import Role
from matchmaker.accounts.policies import everybody, members
from matchmaker.accounts.services import SignInRefused
from matchmaker.accounts.viewer import get_user
from matchmaker.errors import RuleViolation
from matchmaker.i18n import lazy as _
from matchmaker.web.api import Answer, Body, Line, answer, nothing, operation
from matchmaker.web.database import get_session
from matchmaker.web.failures import problem

bp = Blueprint("api_auth", __name__, url_prefix="/api/v1/auth")
LASTING = timedelta(days=30)


class SignInBody(Body):
    """A name and a password."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sign_in_name": "xiangyang-moju", "password": "correct horse battery"}]}
    )

    sign_in_name: Line = Field(min_length=1, max_length=80)
    password: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=128)]


class TokenAnswer(Answer):
    """A token, shown only this once: send it as `Authorization: Bearer …`."""

    token: str
    expires_at: datetime
    role: Role


@bp.post("/token")
@operation(
    everybody,
    _("用登录名和密码换取令牌"),
    answers=TokenAnswer,
    status=201,
    body=SignInBody,
    keyed=False,
    refusals=(401,),
)
def create_token(body: SignInBody) -> Response:
    """Hand out a token for thirty days."""
    session = get_session()
    try:
        row, token = services.sign_in(
            session,
            sign_in_name=body.sign_in_name,
            password=body.password,
            address=request.remote_addr or "",
            lasting=LASTING,
            is_api=True,
        )
    except SignInRefused as refused:
        session.commit()  # the refused attempt is remembered
        return problem(401, refused.message, code=type(refused).__name__)
    except RuleViolation:
        session.commit()
        raise
    session.commit()
    return answer(TokenAnswer(token=token, expires_at=row.expires_at, role=row.membership.role), 201)


@bp.delete("/token")
@operation(members, _("收回本次使用的令牌"), status=204)
def end_token() -> Response:
    """End the sign-in of this request; its token is worthless from now on."""
    session, user = get_session(), get_user()
    if user.sign_in is not None:
        services.end_sign_in(session, sign_in=user.sign_in)
        session.commit()
    return nothing()
