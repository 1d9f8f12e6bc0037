"""The overview's charts: which figures they show and in which words."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flask import url_for
from sqlalchemy.orm import Session

from matchmaker.i18n import gettext as _
from matchmaker.money import YI, yi
from matchmaker.progress.pace import Stand, needed_monthly, rounded
from matchmaker.progress.queries import Overview
from matchmaker.progress.slices import Slice
from matchmaker.progress.standings import Standings
from matchmaker.progress.views.asking import Asked
from matchmaker.regions.queries import prefectures
from matchmaker.web import charts
from matchmaker.web.formats import percent

Write = Callable[[int], str]
Fact = tuple[str, str]


def bar(stand: Stand) -> charts.TargetBar:
    """A figure against its target and its pace."""
    planned = None if stand.planned is None else float(stand.planned)
    return charts.target_bar(stand.value, stand.target or 0, planned)


def pace_facts(stand: Stand, asked: Asked, write: Write, unit: str) -> list[Fact]:
    """How far ahead or behind a figure is, and what the rest of the year would have to bring."""
    facts: list[Fact] = []
    if stand.difference is not None and stand.ratio is not None:
        off = {"amount": write(abs(stand.difference)), "unit": unit, "ratio": ratio_text(stand.ratio)}
        is_behind = stand.difference < 0
        words = (
            _("少 %(amount)s %(unit)s（%(ratio)s）", **off)
            if is_behind
            else _("多 %(amount)s %(unit)s（%(ratio)s）", **off)
        )
        facts.append((_("与序时比"), words))
    needed = needed_monthly(stand, asked.programme.year, asked.as_of)
    if needed is not None:
        left, rate, so_far = needed
        parts = {"needed": write(rounded(rate)), "unit": unit, "so_far": write(rounded(so_far))}
        monthly = _("%(needed)s %(unit)s（已有 %(so_far)s）", **parts)
        facts.append((_("后 %(months)s 个月需月均", months=left), monthly))
    return facts


def ratio_text(ratio: Fraction) -> str:
    """A ratio with two decimals, half up."""
    hundredths = rounded(ratio * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def funnel(overview: Overview, link: Callable[[Slice], str]) -> charts.Funnel:
    """From declared to delivered, on one scale, what is not known hatched."""
    walk, stages = overview.walk, overview.stages
    waiting = {step.slice: step for step in walk.taken_off}
    held, disputed = waiting[Slice.HELD].amount, waiting[Slice.DISPUTED].amount
    unconfirmed = waiting[Slice.UNCONFIRMED].amount
    unverified = stages[Slice.CONFIRMED].amount - stages[Slice.VERIFIED].amount
    rows = (
        (Slice.DECLARED, walk.declared.amount, 0, _("仅供对照，不作主要数字")),
        (
            Slice.CONFIRMED,
            stages[Slice.CONFIRMED].amount,
            unconfirmed,
            _("待对方确认 %(amount)s", amount=yi(unconfirmed)),
        ),
        (
            Slice.COUNTED,
            walk.net.amount,
            held + disputed,
            _("待核验 %(held)s；争议 %(disputed)s", held=yi(held), disputed=yi(disputed)),
        ),
        (Slice.VERIFIED, stages[Slice.VERIFIED].amount, unverified, _("尚未核验 %(amount)s", amount=yi(unverified))),
        (
            Slice.CONTRACTED,
            stages[Slice.CONTRACTED].amount,
            stages[Slice.UNCONTRACTED].amount,
            _("去向未登记 %(amount)s", amount=yi(stages[Slice.UNCONTRACTED].amount)),
        ),
        (
            Slice.DELIVERED,
            stages[Slice.DELIVERED].amount,
            stages[Slice.UNDELIVERED].amount,
            _("进度未登记 %(amount)s", amount=yi(stages[Slice.UNDELIVERED].amount)),
        ),
    )
    names = {
        Slice.DECLARED: _("申报"),
        Slice.CONFIRMED: _("双方确认"),
        Slice.COUNTED: _("净额"),
        Slice.VERIFIED: _("核验"),
        Slice.CONTRACTED: _("合同"),
        Slice.DELIVERED: _("履约"),
    }
    return charts.funnel(
        [
            charts.FunnelRow(
                label=names[slice_],
                known=known,
                unknown=unknown,
                text=yi(known),
                unknown_text=yi(unknown) if unknown else "",
                note=note,
                url=link(slice_),
                quiet=slice_ is Slice.DECLARED,
            )
            for slice_, known, unknown, note in rows
        ]
    )


def hexmap(session: Session, standings: Standings, asked: Asked) -> charts.Hexmap:
    """The prefectures in their five bands, each leading to the rows of its figure."""
    rows = {row.place.code: row for row in standings.rows}
    return charts.hexmap(
        charts.HexCell(
            code=region.code,
            name=region.short_name,
            col=region.tile_column,
            row=region.tile_row,
            value_text=completion_text(rows[region.code].amount),
            band=rows[region.code].amount.band,
            url=url_for("progress.deals", prefecture=region.code, **asked.kept),
        )
        for region in prefectures(session)
        if region.tile_column is not None and region.tile_row is not None
    )


def completion_text(stand: Stand) -> str:
    """How much of the year's target is reached, or that there is none."""
    return _("未下达") if stand.completion is None else percent(float(stand.completion))


def curve(overview: Overview, asked: Asked) -> charts.CurvePair:
    """The year's running net against its plan, in 亿元."""
    year = str(asked.programme.year)
    points = [line.running for line in overview.months if line.month[:4] == year]
    return charts.curve(
        points,
        [float(point) for point in overview.plan],
        unit=YI,
        say=lambda value: f"{value:,.2f}",
    )
