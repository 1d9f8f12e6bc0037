"""Teach the ranking from answers, show and exchange it, and see who is seen, from a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from matchmaker.db import make_engine, utcnow
from matchmaker.matching import exposing, ranking, words
from matchmaker.matching.engine import DEFAULT_WEIGHTS, Part
from matchmaker.matching.exposure import Exposure
from matchmaker.matching.queries.seen import exposure_now
from matchmaker.matching.ranking import BrokenRanking, Ranking
from matchmaker.regions.queries import prefectures
from matchmaker.settings import Settings

OWN: Final = "own"
_TITLES: Final = {"search": "按需求与能力的推荐", "partner": "上下游推荐"}
_REFUSALS: Final = {
    "not_better": "refused: not surely better than the weights in use on the lists held back",
    "contradicted": "refused: the answers go against the order of the lists as a whole",
}


class NoSuchRanking(click.ClickException):
    """One clear line on standard error and exit status 2."""

    exit_code = 2


@click.group("rank")
def rank_group() -> None:
    """Teach the ranking from answers, and see who is seen."""


@rank_group.command("train")
@click.option("--dry-run", is_flag=True, help="Learn and compare, but put nothing into use.")
@click.option("--json", "as_json", is_flag=True, help="Print the lessons as JSON.")
def train_command(dry_run: bool, as_json: bool) -> None:
    """Learn the weights of the parts from answers and outcomes, and use them if they are better.

    The newest part of the answered questions is held back and judges. Exits 1 when what was learned is refused.
    """
    from matchmaker.matching.teaching import lesson_record, train  # noqa: PLC0415 -- slow import

    settings = Settings()
    with _reading(settings) as session:
        training = train(session, settings.data_dir, _show_progress, dry_run=dry_run)
    lessons = [lesson_record(lesson) for lesson in training.lessons]
    if as_json:
        facts = {"in_use": training.in_use.version or OWN, "read": training.read, "of_others": training.of_others}
        learned = training.ranking.version or None if training.ranking else None
        click.echo(json.dumps(facts | {"lessons": lessons, "learned": learned}, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{training.read} answered lists, {training.of_others} of them by another engine (not used)")
        for lesson in lessons:
            click.echo("\n".join(_told(lesson)))
        click.echo(_verdict(training.ranking, training.in_use))
    if training.ranking is None:
        raise SystemExit(1)


def _verdict(learned: Ranking | None, in_use: Ranking) -> str:
    if learned is None:
        return f"in use as before: {in_use.version or OWN}"
    return f"in use from now on: {learned.version}" if learned.version else "a dry run: nothing was put into use"


@rank_group.command("show")
@click.argument("version", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the ranking as JSON.")
def show_command(version: str | None, as_json: bool) -> None:
    """Show the ranking in use, or a kept VERSION, beside the engine's own weights."""
    data_dir = Settings().data_dir
    with _clear():
        in_use = ranking.ranking_in_use(data_dir) or ranking.ENGINES_OWN
        shown = ranking.load_ranking(data_dir, _named(version)) if version else in_use
    kept = ranking.kept_versions(data_dir)
    if as_json:
        click.echo(json.dumps(_record(shown) | {"in_use": in_use.version or OWN, "kept": kept}, ensure_ascii=False))
        return
    click.echo(f"ranking {shown.version or OWN}{'（in use）' if shown.version == in_use.version else ''}")
    click.echo("\n".join(_weights_told(shown)))
    click.echo("trials: " + ", ".join(f"{name} {value}" for name, value in asdict(shown.trial).items()))
    click.echo(f"kept: {' '.join([OWN, *kept])}")


@rank_group.command("back")
@click.argument("version")
def back_command(version: str) -> None:
    """Go back to a kept VERSION of the ranking, or to the engine's own weights with `own`."""
    with _clear():
        ranking.use_ranking(Settings().data_dir, _named(version))
    click.echo(f"in use from now on: {version}")


@rank_group.command("trial")
@click.option("--places", type=click.IntRange(0, 7), help="How many of the first ten places of a list are trials.")
@click.option("--margin", type=click.IntRange(0, 10_000), help="Hundredths of a point a tried firm may be behind.")
@click.option("--seldom", type=click.IntRange(1), help="Seen in fewer lists than this is seldom.")
@click.option("--seed", type=click.IntRange(0), help="Another seed draws other trials.")
def trial_command(**told: int | None) -> None:
    """Set how many places of every list are given to firms seldom seen; what is not told stays."""
    data_dir = Settings().data_dir
    with _clear():
        now = ranking.ranking_in_use(data_dir) or ranking.ENGINES_OWN
        rule = replace(now.trial, **{name: value for name, value in told.items() if value is not None})
        made = ranking.write_ranking(data_dir, weights=now.weights, trial=rule, learned=now.learned)
        ranking.use_ranking(data_dir, made.version)
    click.echo(f"in use from now on: {made.version}")


@rank_group.command("exposure")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def exposure_command(as_json: bool) -> None:
    """Show how the first ten places of all current lists are shared out among the firms."""
    with _reading(Settings()) as session:
        found = exposure_now(session, now=utcnow())
        places = {place.code: place.short_name for place in prefectures(session)}
    click.echo(json.dumps(exposing.record(found)) if as_json else "\n".join(_exposure_told(found, places)))


def _exposure_told(found: Exposure, places: dict[str, str]) -> Iterator[str]:
    yield f"{found.lists:,} lists, {found.firms:,} firms; {found.places:,} first places, {found.leads:,} new leads"
    tried = f"{found.trials:,} trial places in {found.lists_with_trials:,} lists"
    yield f"{found.never_first:,} firms in no first ten, {found.never_listed:,} in no list; {tried}"
    yield f"Gini {found.gini:.3f}" if found.gini is not None else "Gini -"
    for respect in found.respects:
        yield f"\n{exposing.RESPECTS[respect.name]}（缺 {respect.missing_firms:,}）"
        for one in exposing.named(respect, places):
            group, ratio = one.group, one.group.ratio
            shares = f"{group.firms:,} / {group.all_firms:,}  {group.places:,} / {group.all_places:,}"
            yield f"  {'   -' if ratio is None else f'{ratio:4.2f}'}  {one.name}  {shares}  试排 {group.trials:,}"


@contextmanager
def _reading(settings: Settings) -> Iterator[Session]:
    engine = make_engine(settings.database_url, pooled=False)
    try:
        with Session(engine.execution_options(begin="DEFERRED")) as session:
            yield session
    finally:
        engine.dispose()


@contextmanager
def _clear() -> Iterator[None]:
    """Tell a ranking that cannot be used in one line."""
    try:
        yield
    except BrokenRanking as broken:
        raise NoSuchRanking(f"{broken}; `matchmaker rank back {OWN}` goes back to the engine's own") from broken


def _named(version: str) -> str:
    return "" if version == OWN else version


def _show_progress(done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        click.echo(f"  {done}/{total} answered lists", err=True)


def _record(shown: Ranking) -> dict[str, Any]:
    weights = {side: {part.value: weight for part, weight in held.items()} for side, held in _sides(shown)}
    trial = asdict(shown.trial)
    return {"version": shown.version or OWN, "weights": weights, "trial": trial, "learned": dict(shown.learned)}


def _sides(shown: Ranking) -> list[tuple[str, Any]]:
    return [("search", shown.weights.search), ("partner", shown.weights.partner)]


def _weights_told(shown: Ranking) -> Iterator[str]:
    own = dict(_sides(ranking.ENGINES_OWN))
    for side, weights in _sides(shown):
        yield _TITLES[side]
        yield from _shares(weights, own[side])


def _shares(weights: dict[Part, int], own: dict[Part, int]) -> Iterator[str]:
    """Each part's share of all weight, and the engine's own."""
    for part, weight in weights.items():
        share, was = 100 * weight / sum(weights.values()), 100 * own[part] / sum(own.values())
        yield f"  {share:5.1f} %  ({was:5.1f} %)  {words.PARTS[part]}"


def _told(lesson: dict[str, Any]) -> Iterator[str]:
    yield f"\n{_TITLES[lesson['side']]}: {lesson['questions']} answered questions of {lesson['askers']} firms"
    if lesson["result"] == "too_few":
        questions, firms = lesson["questions_lacking"], lesson["askers_lacking"]
        yield f"  too few: {questions} more questions, {firms} more firms are needed"
        return
    if compared := lesson["comparison"]:
        yield from _compared(lesson["held_back"], compared)
    if lesson["weights"]:
        own = DEFAULT_WEIGHTS.search if lesson["side"] == "search" else DEFAULT_WEIGHTS.partner
        yield from _shares({Part(part): weight for part, weight in lesson["weights"].items()}, dict(own))
    yield f"  {_REFUSALS.get(lesson['result'], 'better: learned')}"


def _compared(held_back: int, compared: dict[str, Any]) -> Iterator[str]:
    low, high = compared["gain"]
    yield f"  held back: {held_back} questions, {compared['lists']} lists, {compared['pairs']} pairs"
    yield "                       in use  learned"
    yield f"  nDCG@10              {compared['ndcg_in_use']:.3f}   {compared['ndcg_learned']:.3f}"
    yield f"  preferred put first  {compared['right_in_use']:.3f}   {compared['right_learned']:.3f}"
    yield f"  gain, 95 %           {low:+.3f} to {high:+.3f}"
