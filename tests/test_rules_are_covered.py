"""Every counting rule is in docs/rules.md with the files that keep it and tests that exist."""

from __future__ import annotations

import re

from matchmaker.deals.counting import RULES
from matchmaker.settings import ROOT

LAST_RULE = 27
ROW = re.compile(r"^\| (R\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "rules.md").read_text(encoding="utf-8"))
SHORT = {"counting": "matchmaker/deals/counting", "recounting": "matchmaker/deals/recounting"}
ROOTS = ("templates/", "matchmaker/")


def path_of(kept: str) -> str:
    """The path of a file as the table shortens it."""
    name = kept.partition(" (")[0]
    first, _slash, rest = name.partition("/")
    if first in SHORT:
        return f"{SHORT[first]}/{rest}"
    return name if name.startswith(ROOTS) else f"matchmaker/{name}"


def test_every_rule_has_one_row_in_order() -> None:
    assert [rule for rule, *_rest in ROWS] == [f"R{number}" for number in range(1, LAST_RULE + 1)]
    assert set(RULES) < {rule for rule, *_rest in ROWS}


def test_every_file_that_keeps_a_rule_is_there() -> None:
    kept = [path_of(each) for _rule, _short, files, _tests in ROWS for each in files.split(", ")]

    assert [path for path in kept if not (ROOT / path).exists()] == []


def test_every_rule_names_tests_that_are_there() -> None:
    named = {rule: re.findall(r"`([^`]+)::(test_\w+)`", tests) for rule, _short, _files, tests in ROWS}

    assert [rule for rule, tests in named.items() if not tests] == []
    absent = [
        f"{rule}: {path}::{name}"
        for rule, tests in named.items()
        for path, name in tests
        if not (ROOT / path).is_file() or f"\ndef {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert absent == []
