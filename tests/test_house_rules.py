"""What the house asks of every file, checked by machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from matchmaker.settings import ROOT
from matchmaker.web.policies import policies_of

PACKAGE = ROOT / "matchmaker"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py"))
LONGEST = 400


def named(*names: str) -> list[Path]:
    """The source files of these kinds, wherever a kind has grown into a folder."""
    return [path for path in SOURCES if path.stem in names or path.parent.name in names]


def offenders(paths: list[Path], pattern: str) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


def test_only_views_api_and_commands_commit() -> None:
    allowed = [*named("views", "api", "cli", "viewer", "asking"), *(PACKAGE / "jobs").glob("*.py")]
    others = [path for path in SOURCES if path not in allowed]

    assert offenders(others, r"\bsession\.commit\(\)") == []


def test_views_hold_no_queries() -> None:
    assert offenders(named("views", "api"), r"\bselect\(") == []


def test_nobody_asks_the_machine_for_the_time() -> None:
    others = [path for path in SOURCES if path.name != "db.py"]

    assert offenders(others, r"datetime\.(now|utcnow)\(|date\.today\(") == []


def test_words_on_the_screen_are_no_part_of_an_f_string() -> None:
    """The catalogue is extracted by a reader that does not look inside them, so they would stay Chinese."""
    assert offenders(SOURCES, r"""\bf(['"]).*\{[^}]*\b_\(""") == []


def test_nothing_is_pickled() -> None:
    assert offenders(SOURCES, r"\b(pickle|joblib|marshal)\.|allow_pickle=True") == []


def test_no_module_outgrows_its_page() -> None:
    grown = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}

    assert {name: lines for name, lines in grown.items() if lines > LONGEST} == {}


def test_each_template_folder_has_its_package() -> None:
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}

    assert folders - {"macros", "errors"} <= {path.name for path in PACKAGE.iterdir() if path.is_dir()}


def test_no_page_takes_a_name_of_its_frame() -> None:
    frame = ast.parse((PACKAGE / "portal" / "navigation.py").read_text(encoding="utf-8"))
    (made,) = (one for one in frame.body if isinstance(one, ast.FunctionDef) and one.name == "page_frame")
    names = {key.value for one in ast.walk(made) if isinstance(one, ast.Dict) for key in one.keys if key is not None}
    calls = [
        (path, one)
        for path in SOURCES
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "render_template"
    ]

    assert {"user", "nav"} < names
    assert [
        f"{path.relative_to(ROOT)}:{given.value.lineno} {given.arg}"
        for path, one in calls
        for given in one.keywords
        if given.arg in names
    ] == []


def test_every_view_has_a_policy(app) -> None:
    policies = policies_of(app)

    assert policies["portal.today"].public
    assert not policies["deals.declare"].public


def test_a_view_without_a_policy_stops_the_application(app) -> None:
    app.view_functions["operations.health"] = lambda: "open to all by oversight"

    with pytest.raises(RuntimeError, match=r"views without a policy: operations\.health"):
        policies_of(app)


def test_sums_of_amounts_live_in_the_counting_files_only() -> None:
    # A firm's own deals by stage are the one sum that is no programme figure.
    named_files = {PACKAGE / "deals" / "queries.py"}
    counting = {path for path in SOURCES if {"counting", "recounting"} & {path.stem, path.parent.name}}
    others = [path for path in SOURCES if path not in counting | named_files]

    assert offenders(others, r"func\.sum\([^)]*amount") == []


def test_counting_and_timetabling_need_no_server() -> None:
    program = (
        "import sys\n"
        "import matchmaker.cli, matchmaker.deals.cli, matchmaker.meetings.cli\n"
        "print(sorted({'flask', 'sqlalchemy'} & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
