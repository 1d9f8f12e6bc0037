import pytest

from matchmaker.matching.engine import Firm, Index, Knowledge, Line, Query
from matchmaker.matching.engine.layering import LayeredIndex
from tests.matching.engine.province import FIRMS, GRAPH, LINES, index

NEWCOMER = Firm(8, "黄石螺栓", "420200", 2)
BOLTS = Line(81, 8, "capability", "不锈钢螺栓")


@pytest.fixture(scope="module")
def base():
    return index()


def told(matches):
    return [(match.firm_id, match.score) for match in matches]


def test_a_firm_published_since_is_found_at_once(base):
    layered = LayeredIndex(base, {8}, [NEWCOMER], [BOLTS])

    assert [match.firm_id for match in layered.search(Query("不锈钢螺栓"), 1)] == [8]


def test_an_edited_line_is_found_by_its_new_words_only(base):
    renamed = [Line(71, 7, "product", "不锈钢螺栓", share=1.0)]
    layered = LayeredIndex(base, {7}, [FIRMS[6]], renamed)

    assert [match.firm_id for match in layered.search(Query("不锈钢螺栓"), 1)] == [7]
    assert 7 not in [match.firm_id for match in layered.search(Query("瓦楞纸箱"), 5)]


def test_a_firm_that_left_is_found_by_neither(base):
    layered = LayeredIndex(base, {3}, [], [])

    assert 3 in [match.firm_id for match in base.search(Query("磷酸铁锂正极材料"), 5)]
    assert 3 not in [match.firm_id for match in layered.search(Query("磷酸铁锂正极材料"), 5)]


def test_a_firm_laid_over_unchanged_scores_as_it_did(base):
    layered = LayeredIndex(base, {3}, [FIRMS[2]], [line for line in LINES if line.firm_id == 3])

    for text in ("磷酸铁锂", "正极材料 IATF16949", "电芯"):
        assert told(layered.search(Query(text), 7)) == told(base.search(Query(text), 7))


def test_a_rebuilt_index_ranks_a_newcomer_where_the_overlay_did(base):
    layered = LayeredIndex(base, {8}, [NEWCOMER], [BOLTS])
    rebuilt = Index.build([*FIRMS, NEWCOMER], [*LINES, BOLTS], Knowledge(GRAPH))

    assert [one.firm_id for one in layered.search(Query("螺栓"), 3)] == [
        one.firm_id for one in rebuilt.search(Query("螺栓"), 3)
    ]


def pairs(matches):
    return [(match.firm_id, match.evidence) for match in matches]


@pytest.mark.parametrize("direction", ["upstream", "downstream"])
@pytest.mark.parametrize("changed", [{3}, {4}, {3, 4, 6}, {1, 2, 3, 4, 5, 6, 7}])
def test_firms_laid_over_unchanged_have_the_partners_they_had(base, direction, changed):
    layered = LayeredIndex(
        base, changed, [f for f in FIRMS if f.id in changed], [line for line in LINES if line.firm_id in changed]
    )

    for firm in FIRMS:
        assert told(layered.partners(firm.id, direction)) == told(base.partners(firm.id, direction))
        assert pairs(layered.partners(firm.id, direction)) == pairs(base.partners(firm.id, direction))


CELLS = Line(82, 8, "capability", "软包电芯", segment_code="battery.cell")
WANTED = Line(83, 8, "need", "磷酸铁锂正极材料")


def test_a_newcomer_has_partners_at_once_and_stands_in_the_lists_of_others(base):
    layered = LayeredIndex(base, {8}, [NEWCOMER], [CELLS, WANTED])
    rebuilt = Index.build([*FIRMS, NEWCOMER], [*LINES, CELLS, WANTED], Knowledge(GRAPH))

    for firm, direction in ((8, "upstream"), (8, "downstream"), (3, "downstream"), (5, "upstream")):
        now, then = ([match.firm_id for match in index.partners(firm, direction)] for index in (layered, rebuilt))
        assert now[:3] == then[:3]
    assert 8 in [match.firm_id for match in layered.partners(3, "downstream")]
    assert base.partners(8, "upstream") == []


def test_who_left_has_no_partners_and_is_nobodys(base):
    layered = LayeredIndex(base, {3}, [], [])

    assert layered.partners(3, "upstream") == []
    assert 3 not in [match.firm_id for match in layered.partners(4, "upstream")]
    assert 3 not in [match.firm_id for match in layered.partners(4, "upstream", exclude=frozenset({6}))]


def test_what_was_excluded_is_in_no_layer(base):
    layered = LayeredIndex(base, {8}, [NEWCOMER], [CELLS])

    assert 8 not in [match.firm_id for match in layered.partners(3, "downstream", exclude=frozenset({8}))]
