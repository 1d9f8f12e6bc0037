"""Deals that may be one: the queue, a cluster side by side, the decision, and its undoing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matchmaker.accounts.models import User
from matchmaker.accounts.viewer import get_user
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import obstacles, wording
from matchmaker.deals.counting import RULE_VERSION
from matchmaker.deals.duplicates import finding, policies, queries, refusals, services
from matchmaker.deals.duplicates import wording as words
from matchmaker.deals.duplicates.effects import effects_of
from matchmaker.deals.duplicates.forms import ApartForm, MergeForm
from matchmaker.deals.duplicates.models import Judgement
from matchmaker.deals.duplicates.queries import MOST_SIDE_BY_SIDE, Cluster
from matchmaker.deals.duplicates.side_by_side import facts_of
from matchmaker.deals.forms import ReasonForm
from matchmaker.deals.judging import counted_answer
from matchmaker.deals.models import Deal, EntryType
from matchmaker.deals.queries import LedgerFilters
from matchmaker.deals.services import unmerge_deal
from matchmaker.deals.views.blueprint import bp
from matchmaker.deals.views.saying import Step, carry_out, find_deal, turn_away
from matchmaker.errors import NotAllowed, RuleViolation, Stale
from matchmaker.i18n import gettext as _
from matchmaker.regions.queries import prefectures
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.pagination import page_number
from matchmaker.web.policies import policy

_SHOWN = ("open", "distinct", "merged")


@bp.get("/duplicates")
@policy(policies.readers)
def duplicates() -> str:
    """The clusters that wait for a decision, those told apart, or the deals that were merged."""
    session, user, filters, shown = get_session(), get_user(), _filters(), _shown()
    number = page_number(request.args.get("page"))
    page: Any = (
        queries.merged_deals(session, user, filters, number=number)
        if shown == "merged"
        else queries.clusters(session, user, Judgement(shown), filters, number=number)
    )
    return render_template(
        "deals/duplicates.html",
        page=page,
        shown=shown,
        told={} if shown == "merged" else _told(session, page.rows),
        tally=queries.tally(session, user),
        filters=filters,
        places=[(place.code, place.short_name) for place in prefectures(session)],
        search_job=queries.last_search(session),
        may_search=policies.deciders.allows(user),
        words=words,
        now=utcnow(),
    )


@bp.post("/duplicates/search")
@policy(policies.deciders)
def search_duplicates() -> Response:
    """Compare the whole ledger in the background."""
    session, user = get_session(), get_user()
    is_promised = finding.promise_search(session, user_id=user.id) is not None
    answer = remember(redirect(url_for("deals.duplicates")))
    session.commit()
    flash(_("已开始查找，完成后列在这里。") if is_promised else _("已在排队查找，不必再点。"), "success")
    return answer


@bp.get("/duplicates/<public_id:deal_id>")
@policy(policies.readers)
def duplicate(deal_id: str) -> Response:
    """The deals that may be one with this one, side by side."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    cluster = queries.find_cluster(session, user, deal)
    if cluster is None:
        flash(_("这笔意向没有待判断的重复。"), "warning")
        return redirect(url_for("deals.show", deal_id=deal.public_id))
    return _page(session, user, deal, cluster, 200)


@bp.post("/duplicates/<public_id:deal_id>/merge")
@policy(policies.deciders)
def merge_duplicates(deal_id: str) -> Response:
    """Keep one deal and put the chosen others behind it."""
    session, user = get_session(), get_user()
    deal, cluster = _read(session, user, deal_id)
    form = MergeForm().offer(cluster.deals)
    if not form.validate():
        return _page(session, user, deal, cluster, 422, merging=form)
    survivor = next(each for each in cluster.deals if each.public_id == form.survivor.data)
    try:
        _expect(cluster, form.seen_cluster.data)
        behind = [each for each in cluster.deals if each.public_id in (form.merged.data or ())]
        said = services.merge_cluster(
            session, cluster=cluster, survivor=survivor, merged=behind, actor=user, reason=form.reason.data
        )
    except (NotAllowed, Stale):
        raise
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _page(session, user, deal, cluster, violation.status, merging=form)
    answer = remember(redirect(url_for("deals.show", deal_id=survivor.public_id)))
    session.commit()
    flash(_("已并入 %(count)s 笔，只计这一笔，并告知双方。可在被并入的意向页解除。", count=len(said)), "success")
    return answer


@bp.post("/duplicates/<public_id:deal_id>/distinct")
@policy(policies.deciders)
def tell_duplicates_apart(deal_id: str) -> Response:
    """Say why the deals are several."""
    session, user = get_session(), get_user()
    deal, cluster = _read(session, user, deal_id)
    form = ApartForm()
    if not form.validate():
        return _page(session, user, deal, cluster, 422, apart=form)
    try:
        _expect(cluster, form.seen_cluster.data)
        services.tell_apart(session, cluster=cluster, actor=user, reason=form.reason.data)
    except (NotAllowed, Stale):
        raise
    except RuleViolation as violation:
        flash(violation.message, "warning")
        return _page(session, user, deal, cluster, violation.status, apart=form)
    answer = remember(redirect(url_for("deals.duplicates")))
    session.commit()
    undo = url_for("deals.reconsider_duplicates", deal_id=deal.public_id)
    flash(_("已记下：不是同一笔。有变动之前不再提出，各笔照常计算。"), f"undo:{undo}")
    return answer


@bp.post("/duplicates/<public_id:deal_id>/reconsider")
@policy(policies.deciders)
def reconsider_duplicates(deal_id: str) -> Response:
    """Put deals that were told apart back into the queue."""
    session, user = get_session(), get_user()
    deal, cluster = _read(session, user, deal_id)
    try:
        services.reconsider(session, cluster=cluster, actor=user)
    except refusals.NothingToJudge as violation:
        flash(violation.message, "warning")
        return _page(session, user, deal, cluster, violation.status)
    answer = remember(redirect(url_for("deals.duplicate", deal_id=deal.public_id)))
    session.commit()
    flash(_("已恢复为待判断。"), "success")
    return answer


@bp.route("/<public_id:deal_id>/unmerge", methods=["GET", "POST"])
@policy(policies.deciders)
def unmerge(deal_id: str) -> Response:
    """Let a merged deal stand for itself again, with the reason."""
    session, user = get_session(), get_user()
    deal = find_deal(session, user, deal_id)
    if away := turn_away(session, user, deal, EntryType.UNMERGE):
        return away
    form = ReasonForm()
    step = Step(
        deal=deal,
        user=user,
        form=form,
        template="deals/unmerge.html",
        say=lambda: unmerge_deal(session, deal=deal, actor=user, reason=form.reason.data),
        done=_("已解除并入，这笔意向重新单独计算，并告知双方。"),
        context={"survivor": deal.duplicate_of},
    )
    return carry_out(session, step)


def _read(session: Session, user: User, deal_id: str) -> tuple[Deal, Cluster]:
    """A deal with its cluster. Raises NothingToJudge when it is in none any more."""
    deal = find_deal(session, user, deal_id)
    cluster = queries.find_cluster(session, user, deal)
    if cluster is None:
        raise refusals.NothingToJudge
    return deal, cluster


def _expect(cluster: Cluster, seen: str | None) -> None:
    """Refuse a decision on anything but what was read. Raises NothingToJudge."""
    if seen and seen != cluster.seen:
        raise refusals.NothingToJudge


def _told(session: Session, clusters: list[Cluster]) -> dict[int, tuple[str, str]]:
    """In what each cluster agrees and differs, by its first deal."""
    stood = {first: words.together(traces) for first, traces in queries.traces_of(session, clusters).items()}
    return {first: (words.agreeing(told), words.differing(told)) for first, told in stood.items()}


def _page(
    session: Session,
    user: User,
    deal: Deal,
    cluster: Cluster,
    status: int,
    *,
    merging: MergeForm | None = None,
    apart: ApartForm | None = None,
) -> Response:
    """The cluster with both decisions; a form that was refused comes back as it was filled in."""
    traces = queries.traces_of(session, [cluster])[cluster.deals[0].id]
    told, today = words.together(traces), shanghai_day(utcnow())
    merging = merging or _proposed(cluster, words.agreeing(told))
    apart = apart or ApartForm(formdata=None)
    merging.seen_cluster.data = apart.seen_cluster.data = cluster.seen
    obstacle = obstacles.to_judging(cluster.deals, user) if policies.deciders.allows(user) else None
    page = render_template(
        "deals/duplicate.html",
        deal=deal,
        cluster=cluster,
        told=told,
        agreeing=words.agreeing(told),
        differing=words.differing(told),
        answers={each.id: counted_answer(session, each, today) for each in cluster.deals},
        facts=facts_of(cluster.deals, told),
        shown=cluster.deals[:MOST_SIDE_BY_SIDE],
        effects=effects_of(session, cluster.deals, today, kept=cluster.deals[:MOST_SIDE_BY_SIDE]),
        merging=merging,
        apart=apart,
        may_judge=policies.deciders.allows(user) and obstacle is None,
        obstacle=obstacle,
        earlier=next((pair for pair in cluster.pairs if pair.user is not None), None),
        wording=wording,
        words=words,
        rule_version=RULE_VERSION,
        now=utcnow(),
    )
    return Response(page, status, mimetype="text/html")


def _proposed(cluster: Cluster, reason: str) -> MergeForm:
    """The decision as the rules propose it: the earliest confirmed stays, all others go behind it."""
    form = MergeForm(formdata=None).offer(cluster.deals)
    form.survivor.data = cluster.proposed.public_id
    form.merged.data = [deal.public_id for deal in cluster.deals if deal is not cluster.proposed]
    form.reason.data = reason
    return form


def _filters() -> LedgerFilters:
    return LedgerFilters(
        prefecture=request.args.get("prefecture", "")[:6],
        q=request.args.get("q", "").replace("\0", "").strip()[:100],
    )


def _shown() -> str:
    asked = request.args.get("shown", "")
    return asked if asked in _SHOWN else _SHOWN[0]
