"""Up to three suggestions side by side: a line for each thing that tells them apart, and who is best, in a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from matchmaker.i18n import gettext as _
from matchmaker.matching import words
from matchmaker.matching.conditions import Condition
from matchmaker.matching.engine import Part
from matchmaker.matching.filtering import Row
from matchmaker.matching.models import MatchRun
from matchmaker.matching.queries.naming import Names
from matchmaker.matching.queries.runs import Shown
from matchmaker.web.formats import full_date, points

One = TypeVar("One")
_VERDICT_MARKS: Final = {True: "check", False: "x", None: "help"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one suggestion says to one line; `best` is the word that sets it before the others, mark an icon's name."""

    text: str
    note: str = ""
    words: tuple[str, ...] = ()
    mark: str = ""
    best: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison, a cell for each suggestion."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One suggestion with the plain row its filters go by."""

    shown: Shown
    row: Row


def best_of(values: Sequence[float | None], *, least: bool = False) -> frozenset[int]:
    """The places of the best known values; nobody is best where all are alike or only one is known."""
    known = [value for value in values if value is not None]
    if len(known) < 2 or len(set(known)) == 1:  # noqa: PLR2004 -- two make a comparison
        return frozenset()
    best = min(known) if least else max(known)
    return frozenset(place for place, value in enumerate(values) if value == best)


def comparison(columns: Sequence[Column], run: MatchRun, names: Names) -> list[Line]:
    """Every line, those of the score first; a line nobody says anything to is left out."""
    lines = [
        _score(columns),
        *_parts(columns, run, names),
        *_conditions(columns),
        *_facts(columns),
        _said(columns),
    ]
    return [line for line in lines if any(cell.text for cell in line.cells)]


def _line(
    label: str, cells: Sequence[Cell], values: Sequence[float | None] = (), *, best: str = "", least: bool = False
) -> Line:
    leading = best_of(values, least=least)
    return Line(label, tuple(replace(cell, best=best if place in leading else "") for place, cell in enumerate(cells)))


def _score(columns: Sequence[Column]) -> Line:
    scores = [each.shown.suggestion.score for each in columns]
    return _line(_("匹配分"), [Cell(points(score)) for score in scores], scores, best=_("最高"))


def _parts(columns: Sequence[Column], run: MatchRun, names: Names) -> Iterator[Line]:
    """The parts of the scores in their order; what counts for one and not for another is told so."""
    told = [{part.part: part for part in words.part_lines(each.shown, run, names)} for each in columns]
    order: list[Part] = list(dict.fromkeys(part for parts in told for part in parts))
    for part in order:
        found = [parts.get(part) for parts in told]
        if any(each is not None and each.maximum for each in found):
            yield _line(
                words.part_name(part),
                [_part_cell(each) for each in found],
                [each.points if each is not None and each.maximum else None for each in found],
                best=_("得分最高"),
            )


def _part_cell(part: words.PartLine | None) -> Cell:
    if part is None or not part.maximum:
        return Cell(_("未比较"))
    return Cell(f"{points(part.points)} / {points(part.maximum)}", part.theirs, part.words)


def _conditions(columns: Sequence[Column]) -> Iterator[Line]:
    asked = list(dict.fromkeys(condition.text for each in columns for condition in each.shown.conditions))
    if not asked:
        return
    yield _line(
        _("硬条件"),
        [Cell(_counted(each.row)) for each in columns],
        [each.row.met - 100 * each.row.failed for each in columns],
        best=_("最齐"),
    )
    for text in asked:
        yield Line(text, tuple(_condition_cell(text, each.shown.conditions) for each in columns))


def _counted(row: Row) -> str:
    told = ((row.met, _("符合 %(count)s", count=row.met)), (row.unknown, _("未知 %(count)s", count=row.unknown)))
    failed = (row.failed, _("不符 %(count)s", count=row.failed))
    return "，".join(text for count, text in (*told, failed) if count)


def _condition_cell(text: str, conditions: tuple[Condition, ...]) -> Cell:
    for each in conditions:
        if each.text == text:
            told = {True: _("符合"), False: _("不符"), None: _("未知")}[each.verdict]
            return Cell(told, mark=_VERDICT_MARKS[each.verdict])
    return Cell(_("没有这项要求"))


def _facts(columns: Sequence[Column]) -> Iterator[Line]:
    rows, shown = [each.row for each in columns], [each.shown for each in columns]
    yield Line(_("对应的条目"), tuple(_pair_cell(each) for each in shown))
    yield _line(
        _("所在地"),
        [_place_cell(each) for each in columns],
        [row.kilometres for row in rows],
        best=_("最近"),
        least=True,
    )
    yield _line(_("余量"), [Cell(words.spare_text(each.capability)) for each in shown], _spare(shown), best=_("最多"))
    yield _line(
        _("交期"),
        [Cell(words.days_text(row.days)) for row in rows],
        [row.days for row in rows],
        best=_("最短"),
        least=True,
    )
    held = [tuple(each.capability.certificates) if each.capability else () for each in shown]
    yield _line(_("资质"), [Cell("、".join(each)) for each in held], [len(each) for each in held], best=_("最多"))
    yield Line(_("称号"), _each(shown, lambda one: "、".join(badge.name for badge in one.enterprise.badges)))
    yield Line(_("可信度"), _each(shown, lambda one: "，".join(words.trust(one))))
    moments = [row.updated_at.timestamp() if row.updated_at else None for row in rows]
    yield _line(_("更新"), _each(columns, _updated), moments, best=_("最近"))


def _each(ones: Sequence[One], told: Callable[[One], str]) -> tuple[Cell, ...]:
    return tuple(Cell(told(one)) for one in ones)


def _updated(column: Column) -> str:
    return full_date(column.row.updated_at) if column.row.updated_at else ""


def _pair_cell(shown: Shown) -> Cell:
    pair = shown.evidence.pairs[0] if shown.evidence.pairs else None
    return Cell(pair.theirs, words=pair.words) if pair else Cell("")


def _place_cell(column: Column) -> Cell:
    place, far = column.shown.enterprise.region, column.row.kilometres
    around = [place.prefecture.short_name] if place.prefecture else []
    return Cell("·".join(dict.fromkeys([*around, place.short_name])), words.far_text(far))


def _spare(shown: Sequence[Shown]) -> list[float | None]:
    """How much each has to spare, where all of them count in one unit."""
    spare = [(each.capability.spare, each.capability.capacity_unit) for each in shown if each.capability]
    units = {unit for amount, unit in spare if amount is not None}
    if len(units) > 1:
        return [None] * len(shown)
    return [
        float(each.capability.spare) if each.capability and each.capability.spare is not None else None
        for each in shown
    ]


def _said(columns: Sequence[Column]) -> Line:
    return Line(_("看法"), _each(columns, lambda each: _verdict(each.shown)))


def _verdict(shown: Shown) -> str:
    return str(words.VERDICTS[shown.answer.verdict]) if shown.answer else ""
