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
