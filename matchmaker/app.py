"""The factory: the only module that knows every part."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import ModuleType
from typing import Any

from flask import Flask, g, has_request_context, request
from flask import session as cookie
from flask_babel import Babel
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from matchmaker import __version__
from matchmaker.accounts import viewer
from matchmaker.accounts.mailing import letters as confirmations
from matchmaker.db import new_public_id
from matchmaker.deals.duplicates import finding as repeated
from matchmaker.deals.duplicates.watching import watch_deals
from matchmaker.deals.following_up import services as following_up
from matchmaker.deals.following_up.watching import watch_intents
from matchmaker.enterprises import services as enterprises
from matchmaker.enterprises.watching import watch_names
from matchmaker.imports import services as imports
from matchmaker.jobs.queue import make_queue, register
from matchmaker.matching import services as matching
from matchmaker.matching.watching import watch_registers
from matchmaker.meetings.services import compute_timetable
from matchmaker.notices.delivering import Writer, watch_outbox
from matchmaker.notices.letters import Letter
from matchmaker.portal.navigation import page_frame
from matchmaker.progress.watching import watch_ledger
from matchmaker.settings import ROOT, Settings
from matchmaker.web import assets, database, failures, formats, journal, security
from matchmaker.web.api import document
from matchmaker.web.policies import policies_of

PARTS = (
    "accounts",
    "chains",
    "enterprises",
    "matching",
    "imports",
    "programmes",
    "events",
    "meetings",
    "deals",
    "progress",
    "notices",
    "portal",
    "operations",
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings.

    Raises RuntimeError when any view lacks a policy, and pydantic's ValidationError when a
    setting is missing.
    """
    settings = settings or Settings()
    app = Flask("matchmaker", template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, settings)
    journal.install(app)
    database.install(app, settings)
    viewer.install(app, settings)
    security.install(app, secure=bool(settings.secure_cookies))
    formats.install(app)
    failures.install(app)
    _install_babel(app)
    _install_csrf(app)
    Compress(app)
    app.context_processor(_page_context)
    app.jinja_env.globals.update(
        demo=settings.demo, form_key=new_public_id, static_url=assets.static_url, version=__version__
    )
    app.register_blueprint(assets.bp)
    app.register_blueprint(document.bp)
    for part in PARTS:
        _register(app, part)
    install_queue(app, settings)
    policies_of(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret,
        SESSION_COOKIE_NAME="__Host-matchmaker" if settings.secure_cookies else "matchmaker",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=settings.trusted_hosts or None,
        MAX_CONTENT_LENGTH=max(settings.upload_megabytes, 2 * settings.evidence_megabytes + 1) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the sign-in itself
        WTF_CSRF_CHECK_DEFAULT=False,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/javascript",
            "image/svg+xml",
            "application/json",
            "application/problem+json",
        ],
    )
    app.extensions["settings"] = settings
    app.extensions["sign_in_lasting"] = timedelta(hours=settings.sign_in_hours)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    if settings.secure_cookies:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]


def _install_babel(app: Flask) -> None:
    def select_locale() -> str:
        if not has_request_context():  # work in the background says which language it speaks
            return "zh_Hans_CN"
        user = viewer.find_user()
        chosen = cookie.get("locale")
        if chosen is None and request.path.startswith("/api/"):
            chosen = request.accept_languages.best_match(["zh", "en"])
        chosen = chosen or (user.locale if user else None)
        return "en" if chosen == "en" else "zh_Hans_CN"

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "matchmaker" / "translations")
    Babel(app, default_locale="zh_Hans_CN", default_timezone="Asia/Shanghai", locale_selector=select_locale)


def _install_csrf(app: Flask) -> None:
    """Demand a token on every write that a browser's cookie authenticates."""
    csrf = CSRFProtect(app)

    @app.before_request
    def check_token() -> None:
        by_token = request.headers.get("Authorization", "").startswith("Bearer ")
        if app.config["WTF_CSRF_ENABLED"] and request.endpoint and not by_token and not _needs_no_cookie():
            csrf.protect()


def _needs_no_cookie() -> bool:
    """Whether what lets the request in stands in the request itself, and no cookie: a password, or a token."""
    return request.endpoint in (
        "api_auth.create_token",
        "accounts.confirm_mail",
        "matching.leave",
        "matching.come_back",
        "deals.answer_by_link",
    )


def _page_context() -> dict[str, Any]:
    user = viewer.find_user()
    theme = cookie.get("theme") or (user.theme if user else "auto")
    return {
        "request_id": g.get("request_id", ""),
        "theme": theme,
        **page_frame(user),
    }


def _register(app: Flask, part: str) -> None:
    """Register a part's pages, its part of the API and its scopes, those that it has."""
    _find(f"matchmaker.{part}.scopes")
    for name in ("views", "api"):
        module = _find(f"matchmaker.{part}.{name}")
        for blueprint in ("bp", "blueprints"):
            found = getattr(module, blueprint, ())
            for each in found if isinstance(found, tuple) else (found,):
                app.register_blueprint(each)


def _find(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        return None


def job_handlers(settings: Settings) -> dict[str, Callable[..., dict[str, Any]]]:
    """What each kind of background work is done by."""
    return {
        "compute timetable": compute_timetable,
        enterprises.FIND_DUPLICATES: enterprises.search_duplicates,
        repeated.FIND_REPEATED: repeated.search_repeated,
        matching.REINDEX: partial(matching.reindex_and_look, data_dir=settings.data_dir),
        matching.LOOK: partial(matching.look_for_news, data_dir=settings.data_dir, has_mail=settings.mail is not None),
        imports.CHECK: partial(imports.check_import, settings=settings),
        imports.WRITE: partial(imports.write_import, settings=settings),
    }


def letter_writers(settings: Settings) -> dict[str, Writer]:
    """Who writes each sort of letter."""
    writers: dict[str, Callable[..., Letter | None]] = {
        confirmations.LETTER: confirmations.write_letter,
        matching.LETTER: matching.write_letter,
        following_up.LETTER: following_up.write_letter,
    }
    known = {"secret": settings.secret, "public_url": settings.public_url}
    return {name: partial(write, **known) for name, write in writers.items()}


def install_queue(app: Flask, settings: Settings) -> None:
    """Open the queue and hand promised work to it after each commit."""
    queue, engine = make_queue(settings), app.extensions["engine"]
    app.extensions["send_job"] = register(queue, engine, job_handlers(settings), context=app.app_context)
    app.extensions["queue"] = queue
    watch_names(queue, engine, send_job=app.extensions["send_job"])
    watch_deals(queue, engine, send_job=app.extensions["send_job"])
    watch_registers(queue, engine, data_dir=settings.data_dir, send_job=app.extensions["send_job"])
    watch_ledger(queue, engine)
    watch_intents(queue, engine, has_mail=settings.mail is not None)
    if settings.mail is not None:
        watch_outbox(queue, engine, server=settings.mail, writers=letter_writers(settings))
