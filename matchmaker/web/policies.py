"""Default deny: a view exists only with a policy that says who may open it."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from matchmaker.web import idempotency

View = Callable[..., Any]


class Person(Protocol):
    """What a policy needs to know of somebody."""

    @property
    def role(self) -> enum.Enum | None:
        """The role this request acts in."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which roles may open a view; no roles and `public` means everybody, signed in or not."""

    roles: frozenset[enum.Enum] = frozenset()
    public: bool = False

    def allows(self, person: Person | None) -> bool:
        """Whether this person, or a visitor (None), may come in."""
        if self.public:
            return True
        return person is not None and (not self.roles or person.role in self.roles)

    @property
    def role_names(self) -> list[str]:
        """The roles as they are documented: `anyone`, `signed-in`, or their names."""
        if self.public:
            return ["anyone"]
        return sorted(str(role.value) for role in self.roles) or ["signed-in"]


anyone = Policy(public=True)
signed_in = Policy()


def allow(*roles: enum.Enum) -> Policy:
    """Let only these roles in."""
    return Policy(frozenset(roles))


def policy(rule: Policy, *, keyed: bool = True, writes: bool = False) -> Callable[[View], View]:
    """Register a view together with who may open it.

    keyed: a POST must carry an idempotency key (off for sign-in and plain preferences).
    writes: a GET that stores what it computed.
    """

    def register(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            person = current_user._get_current_object() if current_user.is_authenticated else None
            if not rule.allows(person):
                return refuse_entry(person)
            g.writes = writes
            if keyed and person is not None and request.method == "POST":
                return idempotency.once(view, args, kwargs, user_id=person.id)
            return view(*args, **kwargs)

        guarded.policy = rule  # type: ignore[attr-defined]
        return guarded

    return register


def refuse_entry(person: Person | None) -> Response:
    """Send a visitor to the sign-in page and back; refuse a person whose role may never come in."""
    if person is not None:
        raise Forbidden
    if request.path.startswith("/api/") or request.method != "GET":
        raise Unauthorized
    return redirect(url_for("portal.sign_in", next=request.full_path.rstrip("?")))


def policies_of(app: Flask) -> dict[str, Policy]:
    """The policy of every endpoint.

    Raises RuntimeError naming the endpoints that have none: such an application must not start.
    """
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    found = {name: getattr(app.view_functions[name], "policy", None) for name in endpoints}
    missing = sorted(name for name, rule in found.items() if rule is None)
    if missing:
        raise RuntimeError(f"views without a policy: {', '.join(missing)}")
    return {name: rule for name, rule in found.items() if rule is not None}
