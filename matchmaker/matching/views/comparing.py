"""Up to three of a list side by side; who they are lives in the address."""

from __future__ import annotations

from flask import render_template
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.policies import enterprises, offices
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.matching.asking import find_index, list_for
from matchmaker.matching.comparing import Column, comparison
from matchmaker.matching.queries import naming, runs
from matchmaker.matching.queries.runs import Shown
from matchmaker.matching.views.asked import Asked
from matchmaker.matching.views.blueprint import bp
from matchmaker.matching.views.lists import asked_about, frame, own_asked
from matchmaker.matching.views.reading import MOST_COMPARED, Reading, reading, row_of
from matchmaker.web.database import get_session
from matchmaker.web.policies import policy


@bp.get("/suggestions/compare")
@policy(enterprises)
def compare() -> str:
    """The suggestions of this firm that the address names, side by side."""
    session, user = get_session(), get_user()
    return _page(session, user, own_asked(session, user))


@bp.get("/enterprises/<public_id:enterprise_id>/partners/compare")
@policy(offices)
def compare_partners(enterprise_id: str) -> str:
    """The same for those who invite."""
    session, user = get_session(), get_user()
    return _page(session, user, asked_about(session, user, enterprise_id))


def _page(session: Session, user: User, asked: Asked) -> str:
    read, published, question = reading(), find_index(session), asked.question
    run = list_for(session, question, published) if published and question else None
    every = runs.shown_list(session, user, run) if run else []
    columns = [_column(each, asked) for each in _named(every, read)]
    return render_template(
        "matching/compare.html",
        columns=columns,
        lines=comparison(columns, run, naming.names(session)) if run and columns else [],
        gone=len(read.compared) - len(columns),
        most=MOST_COMPARED,
        **frame(user, asked, run, read),
    )


def _named(every: list[Shown], read: Reading) -> list[Shown]:
    """The suggestions the address names, in its order; one that is gone from the list is left out."""
    by_firm = {each.enterprise.public_id: each for each in every}
    return [by_firm[firm] for firm in read.compared if firm in by_firm]


def _column(shown: Shown, asked: Asked) -> Column:
    return Column(shown, row_of(shown, asked.firm, shanghai_day(utcnow())))
