import pytest

from matchmaker.matching.engine.conditions import read_conditions
from matchmaker.matching.engine.scoring import SEARCH_WEIGHTS, maxima, points
from matchmaker.matching.engine.values import FULL_SCORE, Part


@pytest.mark.parametrize(
    ("text", "core", "specifications", "certificates"),
    [
        ("M8×30 304 不锈钢螺栓 年需20万件", "不锈钢螺栓", ("m8x30", "304"), ()),
        ("豆浆粉 50kg/袋 月用量159吨", "豆浆粉", ("50kg/袋",), ()),
        ("铝合金压铸件，通过 IATF 16949 与 ISO9001", "铝合金压铸件", (), ("iatf16949", "iso9001")),
        ("1-二氯乙烷", "1-二氯乙烷", (), ()),
        ("304", "304", (), ()),
        ("", "", (), ()),
    ],
)
def test_a_text_is_taken_apart_into_product_and_conditions(text, core, specifications, certificates):
    read = read_conditions(text)

    assert (read.core, read.specifications, read.certificates) == (core, specifications, certificates)


@pytest.mark.parametrize("count", range(1, len(Part) + 1))
def test_the_maxima_of_whatever_can_be_computed_are_the_full_score(count):
    computable = set(list(SEARCH_WEIGHTS)[:count])

    most = maxima(SEARCH_WEIGHTS, computable)

    assert sum(most.values()) == FULL_SCORE
    assert all(most[part] == 0 for part in SEARCH_WEIGHTS if part not in computable)


def test_nothing_computable_gives_nothing_to_share_out():
    assert set(maxima(SEARCH_WEIGHTS, set()).values()) == {0}


def test_points_are_whole_and_round_half_up():
    assert points([0.0, 0.25, 0.5, 1.0, 2.0, -1.0], 10).tolist() == [0, 3, 5, 10, 10, 0]
