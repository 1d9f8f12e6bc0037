"""The `sample` command: the audit sample of a seed, drawn from the ledger again by anybody who may read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import click
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from matchmaker.db import make_engine, shanghai_day, utcnow
from matchmaker.deals.auditing import queries, services
from matchmaker.deals.cli import OneLineCommand, Refused
from matchmaker.deals.counting import RULE_VERSION
from matchmaker.deals.facts import MalformedFacts, read_day
from matchmaker.deals.sampling import Draw, Stratum, draw
from matchmaker.errors import RuleViolation
from matchmaker.money import yi
from matchmaker.programmes.models import Programme
from matchmaker.programmes.queries import current_programme, find_programme
from matchmaker.settings import Settings

_STRATA = {Stratum.CERTAIN: "必查", Stratum.SAMPLED: "抽中"}


@click.command("sample", cls=OneLineCommand)
@click.option("--seed", required=True, help="Letters and digits; the same seed draws the same sample.")
@click.option("--size", required=True, type=int, help="How many deals below 1 亿元 to pick; all above are in.")
@click.option("--year", type=int, help="The programme's year; the current one unless told.")
@click.option("--as-of", "as_of", metavar="YYYY-MM-DD", help="Count at the end of this day; today unless told.")
@click.option("--json", "as_json", is_flag=True, help="Print the sample as JSON.")
def sample_command(seed: str, size: int, year: int | None, as_of: str | None, as_json: bool) -> None:
    """Draw an audit sample from the deals that count and print it; nothing is kept.

    The page keeps a draw under the same seed, size, day and digest. Bad input exits with code 2 and one line.
    """
    day = _day(as_of) if as_of else shanghai_day(utcnow())
    try:
        services.check_terms(seed=seed, size=size)
        with Session(make_engine(Settings().database_url, pooled=False).execution_options(begin="DEFERRED")) as session:
            drawn = draw(queries.frame_of(session, _programme(session, year, day), day), seed=seed, size=size)
            numbers = queries.numbers_of(session, [pick.id for pick in drawn.picks])
    except RuleViolation as refused:
        raise Refused(refused.message) from refused
    except DatabaseError as fault:
        raise Refused(f"the database cannot be read: {fault.orig}") from fault
    if not drawn.picks:
        raise Refused("还没有计入的意向，无从抽样。")
    click.echo((_json if as_json else _text)(drawn, day, numbers))


def _day(text: str) -> date:
    try:
        return read_day(text)
    except MalformedFacts as fault:
        raise Refused(f"--as-of: {fault.message}") from fault


def _programme(session: Session, year: int | None, day: date) -> Programme:
    programme = current_programme(session, day) if year is None else find_programme(session, year)
    if programme is None:
        raise Refused(f"--year: {year or day.year} 年没有年度计划")
    return programme


def _json(drawn: Draw, day: date, numbers: Mapping[str, str]) -> str:
    facts = {
        "seed": drawn.seed,
        "size": drawn.size,
        "as_of": f"{day}",
        "rule_version": RULE_VERSION,
        "count": drawn.count,
        "amount": drawn.amount,
        "sampled_from": drawn.sampled_from,
        "digest": drawn.digest,
        "picks": [
            {"number": numbers[pick.id], "id": pick.id, "stratum": pick.stratum, "amount": pick.amount}
            for pick in drawn.picks
        ],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def _text(drawn: Draw, day: date, numbers: Mapping[str, str]) -> str:
    """The sample as a person reads it, amounts in 亿元."""
    lines = [
        f"种子 {drawn.seed} · 样本数 {drawn.size} · 截至 {day} · 口径第 {RULE_VERSION} 版",
        f"抽样范围 {drawn.count:,d} 笔，{yi(drawn.amount)} 亿元（在效金额，未按年折算）· 摘要 {drawn.digest}",
        "",
        *(f"{_STRATA[pick.stratum]}  {numbers[pick.id]}  {pick.id}  {yi(pick.amount):>10}" for pick in drawn.picks),
    ]
    return "\n".join(lines)
