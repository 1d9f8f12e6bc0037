"""A product graph loaded from a file: versioned, used by the next index, refused when it is none."""

from __future__ import annotations

import gzip
import json

import pytest
from click.testing import CliRunner

from matchmaker.cli import matchmaker
from matchmaker.matching.engine import ProductLink
from matchmaker.matching.indexing import current_edition, current_index
from matchmaker.matching.product_graph import graph_in_use, links_in_use

LINKS = [["溴化丁基橡胶", "异丁烯", "up"], ["异丁烯", "溴化丁基橡胶", "down"], ["橡胶", "溴化丁基橡胶", "sub"]]


@pytest.fixture
def run(monkeypatch, database_url, data_dir):
    monkeypatch.setenv("MATCHMAKER_DEMO", "1")
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_DATA_DIR", str(data_dir))
    return lambda *arguments: CliRunner().invoke(matchmaker, list(map(str, arguments)))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "edges.json.gz"
    path.write_bytes(gzip.compress(json.dumps(LINKS, ensure_ascii=False).encode()))
    return path


def test_a_loaded_graph_is_used_by_the_next_index_and_named_in_the_evidence(run, file, make, session, data_dir):
    maker, buyer = make.enterprise("荆门试样化工有限公司"), make.enterprise("宜昌试样橡胶有限公司")
    make.capability(maker, "异丁烯")
    make.capability(buyer, "溴化丁基橡胶")
    session.commit()

    answer = run("graph", "load", file)
    assert answer.exit_code == 0
    assert "1 becomes, 1 kind of, 1 made from; run `matchmaker reindex`" in answer.stdout
    assert run("reindex").exit_code == 0

    loaded = graph_in_use(data_dir)
    assert current_edition(data_dir).graph == loaded.version
    assert "the current index was built with it" in run("graph", "show").stdout
    [match] = [one for one in current_index(data_dir).index.partners(buyer.id, "upstream") if one.firm_id == maker.id]
    assert [(step.item, step.is_inferred) for step in match.evidence.path if not step.supplier] == [("异丁烯", False)]
    told = run("suggest", buyer.name, "--direction", "upstream").stdout
    assert "上市公司产品关系：异丁烯" in told


def test_a_graph_taken_out_is_not_used_any_more_and_its_file_is_kept(run, file, data_dir):
    run("graph", "load", file)
    version = graph_in_use(data_dir).version

    assert run("graph", "remove").exit_code == 0

    assert links_in_use(data_dir) == ()
    assert (data_dir / "graph" / f"{version}.json").is_file()
    run("reindex")
    assert current_edition(data_dir).graph == ""
    for verb in ("show", "remove"):
        answer = run("graph", verb)
        assert (answer.exit_code, answer.stderr) == (2, "Error: no product graph is loaded\n")


def test_the_same_links_are_the_same_version_whatever_the_file_is_called(run, file, tmp_path, data_dir):
    plain = tmp_path / "again.json"
    plain.write_text(json.dumps([*LINKS, LINKS[0]], ensure_ascii=False), encoding="utf-8")
    first = json.loads(run("graph", "load", file, "--json").stdout)
    second = json.loads(run("graph", "load", plain, "--json").stdout)

    assert first["version"] == second["version"]
    assert second["kinds"] == {"down": 1, "sub": 1, "up": 1}
    assert links_in_use(data_dir)[0] == ProductLink("溴化丁基橡胶", "异丁烯", "up")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is not JSON"),
        (b"\x1f\x8bnot gzip at all", "cannot be read"),
        (gzip.compress(b"[]", mtime=0)[:-6], "cut short"),
        (b"{}", "expected a list of [product, other, kind]"),
        (b"[]", "expected a list of [product, other, kind]"),
        (b"[" * 100_000, "is not JSON"),
        (b'[["a", "b", "up"], ["a", "b"]]', "link 2: expected [product, other, kind]"),
        (b'[["a", "b", "sideways"]]', "link 1: kind is 'sideways'"),
        (b'[["", "b", "up"]]', "link 1: a product's name is"),
        (json.dumps([["x" * 201, "b", "up"]]).encode(), "link 1: a product's name is"),
        (b'[["a\\ud800", "b", "up"]]', "link 1: a product's name is"),
    ],
)
def test_a_file_that_is_no_graph_is_refused_in_one_line_and_changes_nothing(
    run, file, tmp_path, data_dir, content, complaint
):
    run("graph", "load", file)
    before = graph_in_use(data_dir)
    bad = tmp_path / "bad.json"
    bad.write_bytes(content)

    answer = run("graph", "load", bad)

    assert answer.exit_code == 2
    assert complaint in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert graph_in_use(data_dir) == before


def test_a_graph_that_was_edited_on_the_disk_is_left_out(run, file, data_dir):
    run("graph", "load", file)
    path = data_dir / "graph" / f"{graph_in_use(data_dir).version}.json"
    path.write_text(path.read_text(encoding="utf-8").replace("异丁烯", "正丁烯"), encoding="utf-8")

    assert links_in_use(data_dir) == ()
    run("reindex")
    assert current_edition(data_dir).graph == ""
