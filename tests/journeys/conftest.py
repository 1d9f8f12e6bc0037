"""A real browser in front of the real application."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from matchmaker.accounts.models import User
from tests.making import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's own Chromium."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium fonts-noto-cjk")
    return {"executable_path": CHROMIUM, "args": FLAGS}


class _Quiet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Keep the test's output to the test."""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application, served on a port of its own."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Visit:
    """One person's browser window, which notices what must never happen on a page."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults: list[str] = []
        self.page.on("console", lambda said: self._note(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on(
            "request", lambda asked: None if asked.url.startswith((address, "data:")) else self._note(asked.url)
        )

    def _note(self, fault: str) -> None:
        self.faults.append(fault)

    def sign_in(self, user: User) -> None:
        """Sign in as people do."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("登录名").fill(user.sign_in_name)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="登录", exact=True).click()

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(f"{self.address}{path}")

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Open browser windows; at the end none may have met an error or asked anybody else for anything."""
    visits: list[Visit] = []
    contexts: list[BrowserContext] = []

    def enter(user: User | None = None, viewport: dict[str, int] | None = None) -> Visit:
        context = browser.new_context(viewport=viewport or DESKTOP, locale="zh-CN")
        contexts.append(context)
        visits.append(Visit(context, address))
        if user is not None:
            visits[-1].sign_in(user)
        return visits[-1]

    yield enter
    for context in contexts:
        context.close()
    assert [fault for each in visits for fault in each.faults] == []


__all__ = ["DESKTOP", "PHONE", "Visit"]
