"""One box for everything: firms by name, makers and needs by what is written of them."""

from __future__ import annotations

from flask import render_template, request
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.matching import telling
from matchmaker.matching.asking import find_index
from matchmaker.matching.engine import DEMAND, SUPPLY, Query, Side
from matchmaker.matching.indexing import Published
from matchmaker.matching.queries import alerts, finding
from matchmaker.matching.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy

LONGEST = 100
_SHOWN, _ASKED = 10, 30


@bp.get("/search")
@policy(members)
def search() -> str:
    """What a typed text finds, by kind."""
    session, user = get_session(), get_user()
    text = request.args.get("q", "").strip()[:LONGEST]
    published = find_index(session) if text else None
    return render_template(
        "matching/search.html",
        text=text,
        is_indexed=published is not None,
        firms=finding.firms_named(session, user, text, limit=_SHOWN) if text else [],
        makers=_hits(session, user, published, text, SUPPLY),
        needs=_hits(session, user, published, text, DEMAND),
        watch=alerts.search_watch(session, user, text) if text else None,
        sides=telling.SIDES,
    )


def _hits(
    session: Session, user: User, published: Published | None, text: str, sides: tuple[Side, ...]
) -> list[finding.Hit]:
    if published is None or not text:
        return []
    matches = published.index.search(Query(text, sides=sides), _ASKED)
    return finding.hits(session, user, matches, limit=_SHOWN)
