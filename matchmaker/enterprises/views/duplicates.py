"""The queue of pairs that may be one firm: two registrations side by side, an officer's decision, and its undoing."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import UnprocessableEntity
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.accounts.models import Role, User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import utcnow
from matchmaker.enterprises import exporting, services, wording
from matchmaker.enterprises.forms import LikenessForm
from matchmaker.enterprises.models import Enterprise, LikenessVerdict, Merger, Verdict
from matchmaker.enterprises.policies import may_verify
from matchmaker.enterprises.queries import duplicates as queue
from matchmaker.enterprises.queries.duplicates import DuplicateFilters
from matchmaker.enterprises.queries.likeness import find_verdict
from matchmaker.enterprises.queries.lines import published_capabilities, shown_needs
from matchmaker.enterprises.queries.register import MOST_EXPORTED
from matchmaker.enterprises.refusals import OutOfReach, SameEnterprise
from matchmaker.enterprises.resolving import reasons
from matchmaker.enterprises.services.merging import REVERSIBLE
from matchmaker.enterprises.side_by_side import Registration, side_by_side
from matchmaker.enterprises.views.blueprint import bp, find_enterprise
from matchmaker.enterprises.views.exporting import is_csv, sent, too_many
from matchmaker.enterprises.views.register import asked_text, chosen
from matchmaker.i18n import gettext as _
from matchmaker.regions.queries import prefectures
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.lookups import expect_version
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import allow, policy

_checkers = policy(allow(Role.OFFICIAL, Role.COUNTY_OFFICER))
_PAIR = "/enterprises/duplicates/<public_id:enterprise_id>/<public_id:other_id>"


@bp.get("/enterprises/duplicates")
@_checkers
def duplicates() -> str:
    """The pairs that wait for a decision, or were decided."""
    session, user, filters = get_session(), get_user(), _filters()
    return render_template(
        "enterprises/duplicates.html",
        page=queue.duplicates_of(session, user, filters, number=page_number(request.args.get("page"))),
        filters=filters,
        counts=queue.duplicate_counts(session, user),
        search_job=queue.last_search(session),
        why=why_alike,
        wording=wording,
        places=[(place.code, place.short_name) for place in prefectures(session)],
        asked=_asked(filters),
    )


@bp.get("/enterprises/duplicates/export")
@_checkers
def export_duplicates() -> AnyResponse:
    """The queue as filtered."""
    filters = _filters()
    rows = queue.all_duplicates(get_session(), get_user(), filters)
    if len(rows) > MOST_EXPORTED:
        return too_many(url_for(".duplicates", **_asked(filters)))
    file = io.BytesIO()
    exporting.write_duplicates(rows, [why_alike(row) for row in rows], file, is_csv=is_csv())
    return sent(file, "duplicates")


@bp.post("/enterprises/duplicates/search")
@_checkers
def search_duplicates() -> AnyResponse:
    """Look for new pairs in the background."""
    session = get_session()
    is_promised = services.promise_search(session) is not None
    answer = remember(redirect(url_for(".duplicates")))
    session.commit()
    flash(_("已开始查找，完成后列在这里。") if is_promised else _("已在排队查找，不必再点。"), "success")
    return answer


@bp.get(_PAIR)
@_checkers
def show_duplicate(enterprise_id: str, other_id: str) -> str:
    """Two registrations side by side, and the decision."""
    session, user, (one, other) = get_session(), get_user(), _pair(enterprise_id, other_id)
    row = find_verdict(session, one, other)
    return render_template(
        "enterprises/duplicate.html",
        one=one,
        other=other,
        row=row,
        why=why_alike(row) if row else told_alike(one.name, other.name),
        facts=side_by_side(_registration(session, user, one), _registration(session, user, other)),
        may_merge={firm.id: may_verify(user, firm) for firm in (one, other)},
        merger=_between(session, one, other),
        reversible=REVERSIBLE,
        now=utcnow(),
        wording=wording,
    )


@bp.post(_PAIR)
@_checkers
def judge_duplicate(enterprise_id: str, other_id: str) -> AnyResponse:
    """One firm, two, or a decision put off; “one” puts the other registration behind the one that goes on."""
    session, user, form = get_session(), get_user(), LikenessForm()
    one, other = _pair(enterprise_id, other_id)
    if not form.validate():
        raise UnprocessableEntity
    if row := find_verdict(session, one, other):
        expect_version(row, form.seen)
    verdict = Verdict(form.verdict.data)
    if verdict is Verdict.SAME:
        said = _merge(session, user, one, other, form.survivor.data or "")
    else:
        services.note_likeness(session, enterprise=one, other=other, verdict=verdict, actor=user)
        said = _("已记录：%(said)s。两条登记都保持原样。", said=wording.VERDICTS[verdict])
    answer = remember(redirect(url_for(".duplicates")))
    session.commit()
    flash(said, f"undo:{url_for('.reopen_duplicate', enterprise_id=one.public_id, other_id=other.public_id)}")
    return answer


@bp.post(_PAIR + "/reopen")
@_checkers
def reopen_duplicate(enterprise_id: str, other_id: str) -> AnyResponse:
    """Take the decision back; a registration put behind the other stands for itself again."""
    session, user, (one, other) = get_session(), get_user(), _pair(enterprise_id, other_id)
    merger = _between(session, one, other)
    if merger is not None:
        services.end_merger(session, duplicate=merger.duplicate, survivor=merger.survivor, actor=user)
    else:
        services.note_likeness(session, enterprise=one, other=other, verdict=Verdict.OPEN, actor=user)
    back = url_for(".show_duplicate", enterprise_id=one.public_id, other_id=other.public_id)
    answer = remember(redirect(back))
    session.commit()
    flash(_("已撤销，两条登记恢复原样，待核对。"), "success")
    return answer


def _merge(session: Session, user: User, one: Enterprise, other: Enterprise, survivor_id: str) -> str:
    behind = {one.public_id: other, other.public_id: one}
    if survivor_id not in behind:
        raise UnprocessableEntity
    survivor = one if survivor_id == one.public_id else other
    services.merge_duplicate(session, duplicate=behind[survivor_id], survivor=survivor, actor=user)
    names = {"duplicate": behind[survivor_id].name, "survivor": survivor.name}
    return str(_("“%(duplicate)s”已并入“%(survivor)s”，%(days)s 天内可撤销。", days=REVERSIBLE.days, **names))


def why_alike(row: LikenessVerdict) -> str:
    """In what the names of a pair differ, in words."""
    first, second = row.first_name or row.first.name, row.second_name or row.second.name
    told = told_alike(first, second)
    if (first, second) == (row.first.name, row.second.name):
        return told
    return str(_("“%(first)s”与“%(second)s”：", first=first, second=second)) + told


def told_alike(first: str, second: str) -> str:
    """In what the second name differs from the first, in words."""
    return str(_("；")).join(wording.told_as(told) for told in reasons(second, first))


def _pair(enterprise_id: str, other_id: str) -> tuple[Enterprise, Enterprise]:
    """The two firms, if they are two and one of them is this person's to check."""
    one, other, user = find_enterprise(enterprise_id), find_enterprise(other_id), get_user()
    if one.id == other.id:
        raise SameEnterprise
    if not (may_verify(user, one) or may_verify(user, other)):
        raise OutOfReach
    return one, other


def _between(session: Session, one: Enterprise, other: Enterprise) -> Merger | None:
    """The merger in force between these two."""
    mergers = (queue.merger_of(session, firm) for firm in (one, other))
    return next(
        (each for each in mergers if each and {each.duplicate_id, each.survivor_id} == {one.id, other.id}), None
    )


def _registration(session: Session, user: User, firm: Enterprise) -> Registration:
    return Registration(firm, published_capabilities(session, user, firm), shown_needs(session, user, firm))


def _filters() -> DuplicateFilters:
    return DuplicateFilters(
        verdict=chosen(Verdict, "verdict") or Verdict.OPEN, q=asked_text("q"), prefecture=asked_text("prefecture")
    )


def _asked(filters: DuplicateFilters) -> dict[str, Any]:
    asked = {"verdict": filters.verdict.value, "q": filters.q, "prefecture": filters.prefecture}
    return {name: value for name, value in asked.items() if value}
