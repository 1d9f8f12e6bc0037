"""The person behind a request, read from their sign-in row."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Request, current_app
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.orm import Session

from matchmaker.accounts import queries, services
from matchmaker.accounts.models import SignIn, User
from matchmaker.db import utcnow
from matchmaker.settings import Settings
from matchmaker.web.database import get_engine, get_session

_TOUCH_EVERY = timedelta(minutes=5)


def get_user() -> User:
    """The signed-in person, with the membership this request acts under."""
    user: User = current_user._get_current_object()
    return user


def find_user() -> User | None:
    """The signed-in person, or None for a visitor."""
    return get_user() if current_user.is_authenticated else None


def install(app: Flask, settings: Settings) -> None:
    """Let Flask-Login find people by their sign-in rows: by cookie, or by bearer token."""
    manager = LoginManager()
    manager.session_protection = None  # the row itself is the protection
    manager.user_loader(_by_token)
    manager.request_loader(_by_bearer)
    manager.init_app(app)
    app.extensions["sign_in_idle"] = timedelta(minutes=settings.sign_in_idle_minutes)


def _by_bearer(request: Request) -> User | None:
    header = request.headers.get("Authorization", "")
    return _by_token(header[7:].strip()) if header.startswith("Bearer ") else None


def _by_token(token: str) -> User | None:
    sign_in = queries.open_sign_in(get_session(), token, idle=current_app.extensions["sign_in_idle"])
    if sign_in is None:
        return None
    _touch(sign_in)
    return services.act_as(sign_in)


def _touch(sign_in: SignIn) -> None:
    """Note now and then that the person is still here, apart from what the request does."""
    if utcnow() - sign_in.seen_at < _TOUCH_EVERY:
        return
    with Session(get_engine()) as session:
        services.note_seen(session, sign_in.id)
        session.commit()


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps in the cookie: the token of the sign-in row, nothing of the person."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        """The token."""
        return self.token
