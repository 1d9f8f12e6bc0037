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
Told = dict[Part, words.PartLine]
_NOT_SAID: Final = "—"
_TOLD_BY_FACTS: Final = (Part.REGION, Part.CAPACITY, Part.DELIVERY, Part.CERTIFICATE, Part.TRUST)
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
    """Every line, the score and the hard conditions first; a line nobody says anything to is left out."""
    told = [{part.part: part for part in words.part_lines(each.shown, run, names)} for each in columns]
    lines = [
        _score(columns),
        *_conditions(columns),
        *_parts(told),
        *_facts(columns, told),
        _said(columns),
    ]
    return [line for line in lines if any(cell.text not in ("", _NOT_SAID) for cell in line.cells)]


def _line(
    label: str, cells: Sequence[Cell], values: Sequence[float | None] = (), *, best: str = "", least: bool = False
) -> Line:
    leading = best_of(values, least=least)
    return Line(label, tuple(replace(cell, best=best if place in leading else "") for place, cell in enumerate(cells)))


def _score(columns: Sequence[Column]) -> Line:
    scores = [each.shown.suggestion.score for each in columns]
    return _line(_("匹配分"), [Cell(points(score)) for score in scores], scores, best=_("最高"))


def _parts(told: Sequence[Told]) -> Iterator[Line]:
    """The parts of the scores in their order; those a fact of its own tells better are told there."""
    for part in dict.fromkeys(part for parts in told for part in parts if part not in _TOLD_BY_FACTS):
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
    told = ((row.met, _("符合 %(count)s", count=row.met)), (row.unknown, _("未核实 %(count)s", count=row.unknown)))
    failed = (row.failed, _("不符 %(count)s", count=row.failed))
    return "，".join(text for count, text in (*told, failed) if count)


def _condition_cell(text: str, conditions: tuple[Condition, ...]) -> Cell:
    for each in conditions:
        if each.text == text:
            told = {True: _("符合"), False: _("不符"), None: _("未核实")}[each.verdict]
            return Cell(told, mark=_VERDICT_MARKS[each.verdict])
    return Cell(_("没有这项要求"))


def _facts(columns: Sequence[Column], told: Sequence[Told]) -> Iterator[Line]:
    """What each states, with the points it brought, and who is best by the fact itself."""
    rows, shown = [each.row for each in columns], [each.shown for each in columns]
    if not any(Part.WORDING in parts for parts in told):
        yield Line(_("对应的条目"), tuple(_pair_cell(each) for each in shown))
    far = [row.kilometres for row in rows]
    places = _scored([words.place_text(each) for each in shown], told, Part.REGION)
    places = [replace(cell, note=_both(words.far_text(km), cell.note)) for cell, km in zip(places, far, strict=True)]
    yield _line(_("所在地"), places, far, best=_("最近"), least=True)
    spare = _scored([words.spare_text(each.capability) for each in shown], told, Part.CAPACITY)
    yield _line(_("余量"), spare, _spare(shown), best=_("最多"))
    days = _scored([words.days_text(row.days) for row in rows], told, Part.DELIVERY)
    yield _line(_("交期"), days, [row.days for row in rows], best=_("最短"), least=True)
    held = [tuple(each.capability.certificates) if each.capability else () for each in shown]
    certificates = _scored(["、".join(each) for each in held], told, Part.CERTIFICATE)
    yield _line(_("资质"), certificates, [len(each) for each in held], best=_("最多"))
    trusted = _scored(["，".join(words.trust(each)) for each in shown], told, Part.TRUST)
    yield _line(_("可信度"), trusted, _points(told, Part.TRUST), best=_("最高"))
    yield Line(_("称号"), _each(shown, lambda one: "、".join(badge.name for badge in one.enterprise.badges)))
    moments = [row.updated_at.timestamp() if row.updated_at else None for row in rows]
    yield _line(_("更新"), _each(columns, _updated), moments, best=_("最近"))


def _scored(texts: Sequence[str], told: Sequence[Told], part: Part) -> list[Cell]:
    """Facts in words, each with the points it brought where it was compared; nothing said is said so."""
    return [Cell(text or _NOT_SAID, _points_text(parts.get(part))) for text, parts in zip(texts, told, strict=True)]


def _points_text(part: words.PartLine | None) -> str:
    if part is None or not part.maximum:
        return ""
    return str(_("得分 %(points)s / %(most)s", points=points(part.points), most=points(part.maximum)))


def _points(told: Sequence[Told], part: Part) -> list[float | None]:
    return [parts[part].points if part in parts and parts[part].maximum else None for parts in told]


def _both(*notes: str) -> str:
    return "·".join(note for note in notes if note)


def _each(ones: Sequence[One], told: Callable[[One], str]) -> tuple[Cell, ...]:
    return tuple(Cell(told(one)) for one in ones)


def _updated(column: Column) -> str:
    return full_date(column.row.updated_at) if column.row.updated_at else ""


def _pair_cell(shown: Shown) -> Cell:
    pair = shown.evidence.pairs[0] if shown.evidence.pairs else None
    return Cell(pair.theirs, words=pair.words) if pair else Cell("")


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
