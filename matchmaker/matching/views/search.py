"""One box for everything: firms by name, makers and needs by what is written of them."""

from __future__ import annotations

from flask import render_template, request
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.i18n import gettext as _
from matchmaker.matching import telling
from matchmaker.matching.asking import find_index
from matchmaker.matching.engine import DEMAND, SUPPLY, Query, Side
from matchmaker.matching.indexing import Published
from matchmaker.matching.queries import alerts, finding
from matchmaker.matching.views.blueprint import bp
from matchmaker.text import fold
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy

LONGEST = 100
_SHOWN, _ASKED = 10, 30
_SHORTEST_CODE = 4


@bp.get("/search")
@policy(members)
def search() -> str:
    """What a typed text finds, by kind."""
    session, user = get_session(), get_user()
    typed = request.args.get("q", "").replace("\0", "").strip()  # the one character no database keeps
    text = typed[:LONGEST]
    published = find_index(session) if text else None
    return render_template(
        "matching/search.html",
        text=text,
        longest=LONGEST if len(typed) > LONGEST else 0,
        hint=_hint(text),
        is_indexed=published is not None,
        firms=finding.firms_named(session, user, text, limit=_SHOWN) if _may_name_a_firm(text) else [],
        makers=_hits(session, user, published, text, SUPPLY),
        needs=_hits(session, user, published, text, DEMAND),
        watch=alerts.search_watch(session, user, text) if text else None,
        sides=telling.SIDES,
    )


def _may_name_a_firm(text: str) -> bool:
    """Any name or code; a figure or two stand in the code of every other firm and name none."""
    plain = fold(text)
    return bool(plain) and not (plain.isdigit() and len(plain) < _SHORTEST_CODE)


def _hint(text: str) -> str:
    """Why a text of a kind that can hardly be compared finds little, and what to type instead."""
    plain = fold(text)
    if not any(each.isalnum() for each in plain):
        return str(_("只有符号或表情，无从比较。请写产品名称，例如“铝合金压铸模”。"))
    if not any(each.isalpha() for each in plain):
        return str(_("只有数字，难以比较。请写上产品名称，例如“304 不锈钢螺栓”；找企业请输入信用代码的前几位。"))
    if len(plain) == 1:
        return str(_("只有一个字，找到的很宽。请写全产品名称，例如“铝箔 0.2 mm”。"))
    return ""


def _hits(
    session: Session, user: User, published: Published | None, text: str, sides: tuple[Side, ...]
) -> list[finding.Hit]:
    if published is None or not text:
        return []
    matches = published.index.search(Query(text, sides=sides), _ASKED)
    return finding.hits(session, user, matches, limit=_SHOWN)
