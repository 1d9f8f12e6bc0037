"""Build the index, and list a firm's partners with their evidence, from a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.orm import Session

from matchmaker.db import make_engine, shanghai_day, utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.errors import RuleViolation
from matchmaker.matching import indexing, services, words
from matchmaker.matching.batching import run_batch
from matchmaker.matching.engine import Index
from matchmaker.matching.indexing import Published
from matchmaker.matching.models import MatchRun, MatchSubject, Suggestion
from matchmaker.matching.overlaying import with_changes
from matchmaker.matching.queries import naming, operating
from matchmaker.matching.queries.naming import Names
from matchmaker.matching.questions import MOST_SUGGESTIONS, Question, about_enterprise, about_need
from matchmaker.matching.records import evidence_of
from matchmaker.settings import Settings

TITLES = {
    MatchSubject.UPSTREAM: "上游供方",
    MatchSubject.DOWNSTREAM: "下游买方",
    MatchSubject.NEED: "需求的供方",
    MatchSubject.CAPABILITY: "能力的买方",
}


class Unanswerable(click.ClickException):
    """One clear line on standard error and exit status 2."""

    exit_code = 2


@click.command("reindex")
@click.option("--json", "as_json", is_flag=True, help="Print the edition as JSON.")
def reindex_command(as_json: bool) -> None:
    """Build the matching index anew from the registers and make it current."""
    settings = Settings()
    started = time.monotonic()
    with _opened(settings, begin="DEFERRED") as session:
        edition = indexing.rebuild(session, settings.data_dir, _show_progress)
    if as_json:
        click.echo(json.dumps(indexing.edition_record(edition), ensure_ascii=False))
        return
    seconds = time.monotonic() - started
    click.echo(f"index {edition.version}: {edition.firms:,} firms, {edition.lines:,} lines, {seconds:.1f} s")


@contextmanager
def _opened(settings: Settings, *, begin: str) -> Iterator[Session]:
    """A session of this command's own; `begin` says whether it writes."""
    engine = make_engine(settings.database_url, pooled=False)
    try:
        with Session(engine.execution_options(begin=begin), expire_on_commit=False) as session:
            yield session
    finally:
        engine.dispose()


def _show_progress(done: int, total: int, message: str) -> bool:
    click.echo(f"  {done}/{total} {message}", err=True)
    return True


@click.command("suggest")
@click.argument("enterprise", required=False)
@click.option("--direction", type=click.Choice(["upstream", "downstream"]), help="Only this side; both unless told.")
@click.option("--need", metavar="ID", help="Suppliers of this need of the firm.")
@click.option("-k", "count", default=10, show_default=True, type=click.IntRange(1, MOST_SUGGESTIONS))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--replay", metavar="RUN", help="Ask a kept list again of its own index and compare every byte.")
@click.option("--all", "everybody", is_flag=True, help="List the partners of every enterprise, both ways, into a file.")
@click.option("--anew", is_flag=True, help="With --all: also for enterprises whose own lines have not changed.")
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64), help="With --all.")
def suggest_command(
    enterprise: str | None,
    direction: str | None,
    need: str | None,
    count: int,
    as_json: bool,
    replay: str | None,
    everybody: bool,
    anew: bool,
    processes: int,
) -> None:
    """List the partners of ENTERPRISE (name, code or address) with their evidence.

    Exits 1 when a replayed list differs, 2 with one line when what was asked for is not there.
    """
    settings = Settings()
    if everybody:
        _list_everybody(settings, processes, anew=anew, as_json=as_json)
        return
    with _opened(settings, begin="IMMEDIATE") as session:
        if replay:
            _replay(session, replay, settings, as_json=as_json)
            return
        firm = _find_firm(session, enterprise)
        published = indexing.current_index(settings.data_dir)
        if published is None:
            raise Unanswerable("there is no index yet; run `matchmaker reindex` first")
        published = with_changes(session, published, settings.data_dir)
        asked = list(_questions(session, firm, direction, need))
        kept = [services.suggest(session, question=question, published=published) for question in asked]
        session.commit()
        _print(session, firm, kept, published, count, as_json=as_json)


def _list_everybody(settings: Settings, processes: int, *, anew: bool, as_json: bool) -> None:
    published = indexing.current_index(settings.data_dir)
    if published is None or not isinstance(published.index, Index):
        raise Unanswerable("there is no index yet; run `matchmaker reindex` first")
    started = time.monotonic()
    folder = settings.data_dir / indexing.FOLDER / published.edition.version
    done = run_batch(
        published.index, folder, settings.data_dir, processes=processes, anew=anew, report=_progress_from(started)
    )
    seconds = time.monotonic() - started
    facts = {"run": done.key, "file": str(done.path), "computed": done.computed, "kept": done.kept}
    if as_json:
        click.echo(json.dumps(facts | {"seconds": round(seconds, 2)}))
        return
    click.echo(f"{done.computed:,} enterprises listed, {done.kept:,} as they were, {seconds:.1f} s: {done.path}")


def _progress_from(started: float) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        spent = time.monotonic() - started
        left = f", {spent / done * (total - done):.0f} s left" if done else ""
        click.echo(f"  {done}/{total} blocks{left}", err=True)

    return report


def _find_firm(session: Session, word: str | None) -> Enterprise:
    found = operating.firms_called(session, word) if word else []
    if len(found) == 1:
        return found[0]
    if not word:
        raise Unanswerable("name an enterprise, or a list with --replay")
    if not found:
        raise Unanswerable(f"no enterprise is called {word}")
    raise Unanswerable(f"{word} may be any of: " + "；".join(firm.name for firm in found))


def _questions(session: Session, firm: Enterprise, direction: str | None, need_id: str | None) -> Iterator[Question]:
    if need_id:
        need = operating.need_of(session, firm, need_id)
        if need is None:
            raise Unanswerable(f"{firm.name} has no need {need_id}")
        yield about_need(need, today=shanghai_day(utcnow()))
        return
    for subject in [MatchSubject(direction)] if direction else [MatchSubject.UPSTREAM, MatchSubject.DOWNSTREAM]:
        yield about_enterprise(firm, subject=subject)


def _replay(session: Session, number: str, settings: Settings, *, as_json: bool) -> None:
    run = operating.run_numbered(session, number)
    if run is None:
        raise Unanswerable(f"no list has the number {number}")
    try:
        again = services.replay(session, run=run, data_dir=settings.data_dir)
    except RuleViolation as refusal:
        raise Unanswerable(refusal.message) from refusal
    facts = {"run": number, "index_version": run.index_version, "is_equal": again.is_equal}
    click.echo(json.dumps(facts) if as_json else f"{number}: {'equal' if again.is_equal else 'DIFFERENT'}")
    if not again.is_equal:
        raise SystemExit(1)


def _print(
    session: Session, firm: Enterprise, kept: list[MatchRun], published: Published, count: int, *, as_json: bool
) -> None:
    lists = [(run, operating.suggestions_of(session, run, limit=count)) for run in kept]
    if as_json:
        click.echo(json.dumps(_record(firm, lists), ensure_ascii=False, indent=1))
        return
    names = naming.names(session)
    click.echo(f"{firm.name}（{firm.region.name}）　index {published.edition.version}")
    for run, suggestions in lists:
        click.echo(f"\n{TITLES[run.subject]}　run {run.public_id}")
        for suggestion in suggestions:
            click.echo("\n".join(_told(suggestion, names)))


def _record(firm: Enterprise, lists: list[tuple[MatchRun, list[Suggestion]]]) -> dict[str, Any]:
    return {
        "enterprise": {"id": firm.public_id, "name": firm.name},
        "lists": [
            {
                "subject": run.subject.value,
                "run": run.public_id,
                "engine_version": run.engine_version,
                "index_version": run.index_version,
                "input_digest": run.input_digest,
                "suggestions": [
                    {
                        "rank": one.rank,
                        "enterprise": {"id": one.enterprise.public_id, "name": one.enterprise.name},
                        "score": one.score,
                        "is_trial": one.is_trial,
                        "evidence": one.evidence,
                    }
                    for one in suggestions
                ],
            }
            for run, suggestions in lists
        ],
    }


def _told(suggestion: Suggestion, names: Names) -> Iterator[str]:
    evidence = evidence_of(suggestion.evidence)
    firm = suggestion.enterprise
    trial = "　试排：让新企业有机会被看到" if suggestion.is_trial else ""
    yield f"{suggestion.rank:3}. {suggestion.score / 100:6.2f}  {firm.name}（{firm.region.short_name}）{trial}"
    parts = (f"{words.PARTS[p.part]} {p.points / 100:g}/{p.maximum / 100:g}" for p in evidence.parts if p.maximum)
    yield "       " + " · ".join(parts)
    for pair in evidence.pairs:
        yield f"       {pair.ours} ⇌ {pair.theirs}"
    for step in evidence.path:
        if step.supplier:
            inferred = "（推断）" if step.is_inferred else ""
            yield f"       {names.segment(step.supplier)} —{step.item}→ {names.segment(step.buyer)}{inferred}"
        elif step.item:
            source = "由上市公司产品关系推断" if step.is_inferred else "上市公司产品关系"
            yield f"       {source}：{step.item}"
