"""The offline recount: a file of facts in, the programme's totals out, with no server and no database."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click
import msgspec

from matchmaker.deals.collecting import uncollected
from matchmaker.deals.counting import RULE_VERSION, Count, DealKind, DealReason, Facts, count
from matchmaker.deals.facts import MalformedFacts, decode_facts, read_day, result_of
from matchmaker.money import yi

_KINDS = {
    DealKind.PURCHASE: "采购配套",
    DealKind.TECHNOLOGY: "技术合作",
    DealKind.INVESTMENT: "投资",
    DealKind.CREDIT: "授信",
    DealKind.FRAMEWORK: "战略框架",
}
_REASONS = {
    "after_as_of": "截止日之后",
    "not_approved": "未核定",
    "no_own_matching": "没有自己的对接环节",
    "too_few": "签到企业不足",
    "one_sided": "只有买方或卖方",
    "counted": "计入",
    "duplicate": "重复",
    "related_party": "关联方",
    "unconfirmed": "未获双方确认",
    "disputed": "有争议",
    "held": "待核验",
    "withdrawn": "已撤回",
    "other_kind": "其他类别",
}

_FIGURE = re.compile(r"-?[\d,.]+")

Row = tuple[str, ...]


class Refused(click.ClickException):
    """Bad input: exit code 2 and one line."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class OneLineCommand(click.Command):
    """A command that answers wrong usage in one line, without repeating its usage."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments as click does, but refuse in one line."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            raise Refused(fault.format_message()) from fault


@click.command("count", cls=OneLineCommand)
@click.argument("facts_file", metavar="FACTS.json", type=click.Path(path_type=Path))
@click.option(
    "--as-of", "as_of", metavar="YYYY-MM-DD", required=True, help="Count what was known at the end of this day."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def count_command(facts_file: Path, as_of: str, as_json: bool) -> None:
    """Recount a file of facts, with no server and no database.

    It is the counting function every page uses, under the same rule version. Bad input
    exits with code 2 and one line naming the place of the fault.
    """
    day = _day(as_of)
    with uncollected():
        counted = count(_read(facts_file), day)
        click.echo(
            msgspec.json.format(msgspec.json.encode(result_of(counted)), indent=1) if as_json else _table(counted)
        )


def _day(text: str) -> date:
    try:
        return read_day(text)
    except MalformedFacts as fault:
        raise Refused(f"--as-of: {fault.message}") from fault


def _read(file: Path) -> Facts:
    try:
        return decode_facts(file.read_bytes())
    except OSError as fault:
        raise Refused(f"{file}: {fault.strerror}") from fault
    except MalformedFacts as fault:
        place = f"{file}:{fault.line}" if fault.line else f"{file}"
        raise Refused(f"{place}: {fault}") from fault


def _table(counted: Count) -> str:
    """The totals as a person reads them, amounts in 亿元."""
    blocks = (
        [f"部门工作统计 · 截至 {counted.as_of} · 口径第 {RULE_VERSION} 版 · 单位：亿元"],
        _columns(_totals(counted)),
        _columns([("类别", "净额"), *((_KINDS[kind], yi(net)) for kind, net in counted.by_kind.items())]),
        _columns(_months(counted)),
        _columns([("场次", "是否计入"), *((key, _REASONS[event.reason]) for key, event in counted.events.items())]),
        _columns([("意向", "笔数"), *_deal_reasons(counted)]),
    )
    return "\n\n".join("\n".join(block) for block in blocks)


def _totals(counted: Count) -> list[Row]:
    return [
        ("项目", "数"),
        ("对接场次（场）", f"{counted.events_counted:,d}"),
        ("参与企业（家）", f"{counted.enterprises:,d}"),
        ("其中省内（家）", f"{counted.enterprises_in_province:,d}"),
        ("参与（家次）", f"{counted.attendances:,d}"),
        ("申报口径", yi(counted.declared)),
        ("双方确认", yi(counted.confirmed)),
        ("已核验", yi(counted.verified)),
        ("总额", yi(counted.gross)),
        ("撤回", yi(counted.withdrawn)),
        ("净额", yi(counted.net)),
    ]


def _months(counted: Count) -> list[Row]:
    rows = (
        (month, yi(booked.on_time), yi(booked.late), yi(booked.withdrawn), yi(booked.net))
        for month, booked in counted.by_month.items()
    )
    return [("月份", "当月", "补报", "撤回", "净额"), *rows]


def _deal_reasons(counted: Count) -> list[Row]:
    tally = Counter(deal.reason for deal in counted.deals.values())
    return [(_REASONS[reason], f"{tally[reason]:,d}") for reason in DealReason if tally[reason]]


def _columns(rows: Iterable[Row]) -> list[str]:
    """Rows with their columns aligned: figures to the right, everything else to the left."""
    aligned = [_aligned(column) for column in zip(*rows, strict=True)]
    return ["  ".join(row).rstrip() for row in zip(*aligned, strict=True)]


def _aligned(column: Row) -> list[str]:
    width = max(map(_width, column))
    pads = (" " * (width - _width(cell)) for cell in column)
    is_figures = all(_FIGURE.fullmatch(cell) for cell in column[1:])
    return [pad + cell if is_figures else cell + pad for cell, pad in zip(column, pads, strict=True)]


def _width(text: str) -> int:
    """The columns a text takes on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
