"""The overview and the standings."""

from __future__ import annotations

from flask import render_template, url_for

from matchmaker.accounts.viewer import get_user
from matchmaker.deals.counting import RULES, EventReason
from matchmaker.i18n import gettext as _
from matchmaker.money import yi
from matchmaker.progress import policies, queries, wording
from matchmaker.progress.closing.queries import published_by, revisions
from matchmaker.progress.queries import Overview
from matchmaker.progress.slices import Basis, Slice
from matchmaker.progress.standings import Standings
from matchmaker.progress.views import drawing
from matchmaker.progress.views.asking import Asked, asked_basis, find_asked
from matchmaker.progress.views.blueprint import bp
from matchmaker.web.database import get_session
from matchmaker.web.formats import count as counted
from matchmaker.web.formats import day
from matchmaker.web.policies import policy


@bp.get("")
@policy(policies.readers)
def overview() -> str:
    """How the programme stands: against its targets, from declared to delivered, by place, month and kind."""
    session, user, asked = get_session(), get_user(), find_asked(get_session())
    if asked is None:
        return render_template("progress/none.html")
    found = queries.overview_of(session, asked.programme, asked.as_of)
    published = published_by(session, asked.programme, asked.as_of)
    return render_template(
        "progress/overview.html",
        found=found,
        verdict=verdict(found, asked),
        targets=_targets(found, asked),
        funnel=drawing.funnel(found, lambda slice_: _rows(slice_, asked)),
        hexmap=drawing.hexmap(session, found.standings, asked),
        curve=drawing.curve(found, asked),
        words=wording,
        slices=Slice,
        completion=drawing.completion_text,
        rules=RULES,
        published=published,
        revised=revisions(published, found.sheet.months()),
        may_recount=policies.may_recount(user),
        **asked.context(),
    )


@bp.get("/standings")
@policy(policies.readers)
def standings() -> str:
    """The prefectures ranked by how much of their target they reached."""
    session, asked = get_session(), find_asked(get_session())
    if asked is None:
        return render_template("progress/none.html")
    basis = asked_basis()
    sheet = asked.sheet(session)
    found = queries.standings_of_day(session, asked.programme, sheet, basis)
    return render_template(
        "progress/standings.html",
        found=found,
        net=sheet.net,
        count=sheet.attendance,
        basis=basis.value,
        bases=[(each.value, wording.BASES[each]) for each in Basis],
        words=wording,
        completion=drawing.completion_text,
        lead=_lagging(found),
        revised=revisions(published_by(session, asked.programme, asked.as_of), sheet.months()),
        **asked.context(),
    )


def _rows(slice_: Slice, asked: Asked) -> str:
    return url_for("progress.deals", reason=slice_.value, **asked.kept)


def _targets(found: Overview, asked: Asked) -> list[dict[str, object]]:
    """The three figures with their facts, in the words of the page."""
    attendance, reasons = found.sheet.attendance, found.event_reasons
    waiting = {step.slice: step for step in found.walk.taken_off}
    unapproved = reasons.get(EventReason.NOT_APPROVED, 0)
    lacking = sum(reasons.get(reason, 0) for reason in _LACKING)
    events, firms, attendances, money = _("场"), _("家"), _("家次"), _("亿元")
    return [
        {
            "title": _("对接场次"),
            "value": counted(found.events.value),
            "of": f"{counted(asked.programme.event_target)} {events}",
            "stand": found.events,
            "bar": drawing.bar(found.events),
            "url": url_for("progress.events", reason=EventReason.COUNTED.value, **asked.kept),
            "facts": [
                *drawing.pace_facts(found.events, asked, counted, events),
                (_("已到日期、未核定"), f"{counted(unapproved)} {events}"),
                (_("不合口径"), f"{counted(lacking)} {events}"),
            ],
        },
        {
            "title": _("参与企业"),
            "value": counted(found.enterprises.value),
            "of": f"{counted(asked.programme.enterprise_target)} {firms}",
            "stand": found.enterprises,
            "bar": drawing.bar(found.enterprises),
            "url": url_for("progress.enterprises", **asked.kept),
            "facts": [
                *drawing.pace_facts(found.enterprises, asked, counted, firms),
                (_("参加"), f"{counted(attendance.attendances)} {attendances}"),
                (_("其中省外、境外"), f"{counted(attendance.outside)} {firms}"),
            ],
        },
        {
            "title": _("净意向额"),
            "value": yi(found.amount.value),
            "of": f"{yi(asked.programme.amount_target)} {money}",
            "stand": found.amount,
            "bar": drawing.bar(found.amount),
            "url": _rows(Slice.COUNTED, asked),
            "part": {
                "label": _("其中新增"),
                "value": yi(found.renewed.increment.amount),
                "unit": money,
                "url": _rows(Slice.INCREMENT, asked),
                "rule_url": "#increment",
            },
            "facts": [
                *drawing.pace_facts(found.amount, asked, yi, money),
                *(
                    (str(wording.SLICES[slice_][0]), f"{yi(waiting[slice_].amount)} {money}")
                    for slice_ in (Slice.UNCONFIRMED, Slice.HELD, Slice.DISPUTED)
                ),
            ],
        },
    ]


_LACKING = (EventReason.NO_OWN_MATCHING, EventReason.TOO_FEW, EventReason.ONE_SIDED)


def verdict(found: Overview, asked: Asked) -> str:
    """How things stand, in one sentence."""
    until = day(asked.as_of)
    parts = [
        _("%(figure)s%(pace)s", figure=figure, pace=wording.PACES[stand.band])
        for figure, stand in (
            (_("场次"), found.events),
            (_("企业数"), found.enterprises),
            (_("净意向额"), found.amount),
        )
        if stand.band
    ]
    if not parts:
        amount = yi(found.amount.value)
        return str(_("截至 %(day)s，净意向额 %(amount)s 亿元；还没有序时计划可以对照。", day=until, amount=amount))
    standing = str(_("截至 %(day)s，%(standing)s。", day=until, standing=_("，").join(parts)))
    return standing + _lagging(found.standings)


def _lagging(standings: Standings) -> str:
    """How many prefectures lag, and by how much in all."""
    behind = standings.lagging
    if not behind:
        return ""
    short = -sum(row.amount.difference or 0 for row in behind)
    return str(_("%(places)s 个市州滞后，与序时计划相差合计 %(amount)s 亿元。", places=len(behind), amount=yi(short)))
