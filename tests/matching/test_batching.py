from __future__ import annotations

import pytest

from matchmaker.matching import batching
from matchmaker.matching.batching import last_lists, run_batch
from matchmaker.matching.engine import Firm, Index, Knowledge, Line
from tests.matching.engine.province import FIRMS, GRAPH, LINES


@pytest.fixture
def saved(tmp_path):
    """A function that saves an index of these lines and says where."""

    def save(name, lines=LINES):
        index = Index.build(FIRMS, lines, Knowledge(GRAPH))
        index.save(tmp_path / name)
        return index, tmp_path / name

    return save


def test_every_firm_is_listed_both_ways_as_it_would_be_alone(saved, tmp_path):
    index, folder = saved("index")

    done = run_batch(index, folder, tmp_path, processes=1)

    lists = last_lists(tmp_path)
    assert (done.computed, done.kept) == (len(FIRMS), 0)
    assert set(lists) == {firm.id for firm in FIRMS}
    for firm, listed in lists.items():
        assert listed["upstream"] == [list(one) for one in index.rank_partners(firm, "upstream", 20)]
        assert listed["downstream"] == [list(one) for one in index.rank_partners(firm, "downstream", 20)]


def test_where_blocks_are_cut_changes_nothing(saved, tmp_path):
    index, folder = saved("index")

    whole = run_batch(index, folder, tmp_path / "whole", processes=1).path
    cut = run_batch(index, folder, tmp_path / "cut", processes=2, block=2).path

    assert whole.name == cut.name
    assert whole.read_bytes() == cut.read_bytes()


def test_a_firm_that_changed_nothing_keeps_its_lists(saved, tmp_path):
    index, folder = saved("index")
    run_batch(index, folder, tmp_path, processes=1)
    lines = [*LINES[:-1], Line(71, 7, "product", "蜂窝纸箱", share=1.0)]
    changed, changed_folder = saved("changed", lines)

    done = run_batch(changed, changed_folder, tmp_path, processes=1)

    assert (done.computed, done.kept) == (1, len(FIRMS) - 1)
    assert run_batch(changed, changed_folder, tmp_path, processes=1, anew=True).computed == len(FIRMS)


def test_a_run_killed_half_way_goes_on_with_what_was_finished(saved, tmp_path, monkeypatch):
    index, folder = saved("index")
    expected = run_batch(index, folder, tmp_path / "other", processes=1, block=2).path.read_bytes()
    listed = []

    class Killed(Exception):
        pass

    def compute(works, _processes, _report):
        for work in works:
            if not work.path.exists():
                if len(listed) == 2:
                    raise Killed
                batching._list_block(work)
                listed.append(work.path)

    monkeypatch.setattr(batching, "_compute", compute)
    with pytest.raises(Killed):
        run_batch(index, folder, tmp_path, processes=1, block=2)
    assert last_lists(tmp_path) == {}

    first = list(listed)
    listed.clear()
    listed.append(None)
    with pytest.raises(Killed):
        run_batch(index, folder, tmp_path, processes=1, block=2)
    monkeypatch.undo()
    done = run_batch(index, folder, tmp_path, processes=1, block=2)

    assert not set(first) & set(listed)
    assert done.path.read_bytes() == expected


def test_a_firm_without_lines_has_empty_lists(tmp_path):
    index = Index.build([Firm(1)], [], Knowledge(GRAPH))
    index.save(tmp_path / "index")

    run_batch(index, tmp_path / "index", tmp_path, processes=1)

    assert [(one["upstream"], one["downstream"]) for one in last_lists(tmp_path).values()] == [([], [])]
