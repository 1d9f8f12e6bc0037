"""One box for everything: firms by name, makers and needs by what is written of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import render_template, request
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import members
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.reading import Term, read_terms
from matchmaker.enterprises.wording import CONDITIONS, without_label
from matchmaker.i18n import gettext as _
from matchmaker.matching import telling
from matchmaker.matching.asking import find_index
from matchmaker.matching.engine import DEMAND, Query
from matchmaker.matching.indexing import Published
from matchmaker.matching.queries import alerts, finding
from matchmaker.matching.questions import about_text
from matchmaker.matching.views.blueprint import bp
from matchmaker.text import fold
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy

LONGEST = 100
_SHOWN, _ASKED = 10, 30
_SHORTEST_CODE = 4
_JOINTS: Final = " ,，、;；。:：\t"


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
        chips=condition_chips(text),
        makers=_hits(session, user, published, about_text(text, today=shanghai_day(utcnow()))),
        needs=_hits(session, user, published, Query(text, sides=DEMAND)),
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


def _hits(session: Session, user: User, published: Published | None, query: Query) -> list[finding.Hit]:
    if published is None or not query.text:
        return []
    return finding.hits(session, user, published.index.search(query, _ASKED), limit=_SHOWN)


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition recognised in the searched text, and the text that is left when it is dropped."""

    word: str
    shown: str
    rest: str


def condition_chips(text: str) -> list[Chip]:
    """What the text asks for besides the product; a text that is nothing but conditions loses none of them."""
    chips = [
        Chip(CONDITIONS[term.kind], without_label(term.kind, term.text.strip()), _without(text, term))
        for term in read_terms(text)
    ]
    return [chip for chip in chips if chip.rest]


def _without(text: str, term: Term) -> str:
    rest = f"{text[: term.start].rstrip(_JOINTS)} {text[term.end :].lstrip(_JOINTS)}"
    return rest.strip(_JOINTS)
