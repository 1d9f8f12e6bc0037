from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.matching.engine import (
    DEMAND,
    ENGINE_VERSION,
    FULL_SCORE,
    BrokenIndex,
    Firm,
    Gap,
    Index,
    Knowledge,
    Line,
    Part,
    Query,
    digest,
)
from tests.matching.engine.province import FIRMS, GRAPH, LEARNED, LINES, index


@pytest.fixture(scope="module")
def province():
    return index(learned=LEARNED)


def ids(matches):
    return [match.firm_id for match in matches]


def part(match, name):
    return next(one for one in match.evidence.parts if one.part is name)


def gaps(match):
    return {(one.gap, one.asked) for one in match.evidence.missing}


def check_sums(matches):
    for match in matches:
        parts = match.evidence.parts
        assert sum(one.points for one in parts) == match.score
        assert sum(one.maximum for one in parts) == FULL_SCORE
        assert all(0 <= one.points <= one.maximum for one in parts)


def check_order(matches):
    assert [(-match.score, match.firm_id) for match in matches] == sorted((-m.score, m.firm_id) for m in matches)


words = st.lists(
    st.sampled_from(
        ["磷酸铁锂", "正极材料", "电芯", "磷矿石", "304", "m8x30", "iso9001", "急需", "😀", "lin suan", "纸箱", "，"]
    ),
    max_size=6,
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(words, st.text(max_size=40)),
    certificates=st.lists(st.sampled_from(["ISO9001", "IATF 16949", "GJB9001C"]), max_size=2).map(tuple),
    region=st.sampled_from([None, "420800", "429004", "310000", "x"]),
    quantity=st.sampled_from([None, 0.0, 100.0]),
    days=st.sampled_from([None, 0, 30]),
    segment=st.sampled_from([None, "battery.cathode", "nowhere"]),
    sides=st.sampled_from([("capability", "product"), ("need",), ("capability",)]),
)
def test_the_parts_of_a_search_add_up_exactly(province, text, certificates, region, quantity, days, segment, sides):
    query = Query(text, sides, segment, certificates, region, quantity, "吨", days)

    found = province.search(query, 10)

    check_sums(found)
    check_order(found)
    assert [(match.firm_id, match.score) for match in found] == province.rank(query, 10)


@pytest.mark.parametrize("direction", ["upstream", "downstream"])
@pytest.mark.parametrize("firm", [firm.id for firm in FIRMS])
def test_the_parts_of_a_partner_add_up_exactly(province, firm, direction):
    found = province.partners(firm, direction, 10)

    check_sums(found)
    check_order(found)
    assert firm not in ids(found)
    assert [(match.firm_id, match.score) for match in found] == province.rank_partners(firm, direction, 10)


def test_the_maker_of_exactly_what_is_asked_comes_first(province):
    best = province.search(Query("磷矿石"))[0]

    assert best.firm_id == 1
    assert part(best, Part.WORDING).points == part(best, Part.WORDING).maximum
    assert [(pair.their_line_id, pair.words) for pair in best.evidence.pairs] == [(11, ("磷矿石",))]


@pytest.mark.parametrize(
    "noisy",
    [
        "磷礦石",
        "磷 矿 石",
        "磷矿\u200b石",
        "林矿石",
        "linkuangshi",
        "石磷矿",
        "我司急需采购磷矿石，武汉交货",
        "磷矿石 30％ 500吨",
    ],
)
def test_noise_in_what_people_type_does_not_hide_the_maker(province, noisy):
    assert ids(province.search(Query(noisy)))[0] == 1


def test_units_and_width_do_not_tell_specifications_apart(province):
    best = province.search(Query("铁锂电芯 ２８０AH"))[0]

    assert best.firm_id == 4
    assert part(best, Part.SPECIFICATION).points == part(best, Part.SPECIFICATION).maximum > 0


def test_a_certificate_named_in_the_text_is_asked_for_and_its_absence_is_said(province):
    found = {match.firm_id: match for match in province.search(Query("磷酸铁锂正极材料 要求IATF16949"))}

    assert part(found[3], Part.CERTIFICATE).points == part(found[3], Part.CERTIFICATE).maximum > 0
    assert (Gap.CERTIFICATE, "iatf16949") in gaps(found[6])
    assert found[3].score > found[6].score


def test_what_is_not_stated_is_said_and_gets_no_points(province):
    query = Query("磷酸铁锂正极材料", quantity=100, unit="吨", days=30, region_code="420900")
    found = {match.firm_id: match for match in province.search(query)}

    assert gaps(found[3]) >= {
        (Gap.CAPACITY_SHORT, "100吨"),
        (Gap.DELIVERY_UNKNOWN, "30"),
        (Gap.OUTSIDE_REGION, "420900"),
    }
    assert gaps(found[6]) >= {(Gap.CAPACITY_UNKNOWN, "100吨"), (Gap.DELIVERY_LATE, "30")}
    assert part(found[3], Part.CAPACITY).points == round(part(found[3], Part.CAPACITY).maximum * 0.8)
    assert part(found[6], Part.CAPACITY).points == 0


def test_a_county_counts_as_its_prefecture_but_a_directly_ruled_county_only_as_itself():
    firms = [Firm(1, region_code="420804"), Firm(2, region_code="429004"), Firm(3, region_code="429005")]
    lines = [Line(i, i, "product", "瓦楞纸箱") for i in (1, 2, 3)]
    small = index(firms, lines)

    def gained(region):
        return {m.firm_id: part(m, Part.REGION).points for m in small.search(Query("瓦楞纸箱", region_code=region))}

    near = gained("420800")
    own = gained("429004")
    assert near[1] > near[2] == near[3]
    assert own[2] > own[3] == own[1]


def test_a_part_nobody_can_compute_has_no_points_to_give(province):
    best = province.search(Query("瓦楞纸箱"))[0]

    assert best.firm_id == 7
    for name in (Part.SPECIFICATION, Part.CERTIFICATE, Part.REGION, Part.CAPACITY, Part.DELIVERY, Part.SEGMENT):
        assert part(best, name).maximum == 0


def test_buyers_are_found_by_their_published_need(province):
    found = province.search(Query("磷酸铁锂", sides=DEMAND))

    assert ids(found) == [4]
    assert found[0].evidence.pairs[0].their_line_id == 42


def test_an_excluded_firm_never_comes_back(province):
    query = Query("磷酸铁锂正极材料")

    assert 3 in ids(province.search(query))
    assert 3 not in ids(province.search(replace(query, exclude=frozenset({3}))))


def test_equal_scores_come_in_order_of_firm_id():
    firms = [Firm(id_) for id_ in (9, 2, 5, 7)]
    small = index(firms, [Line(100 - firm.id, firm.id, "product", "瓦楞纸箱") for firm in firms])

    found = small.search(Query("瓦楞纸箱"))

    assert ids(found) == [2, 5, 7, 9]
    assert len({match.score for match in found}) == 1
    assert ids(small.search(Query("瓦楞纸箱"), 2)) == [2, 5]


def test_upstream_and_downstream_are_told_apart(province):
    assert ids(province.partners(2, "upstream"))[0] == 1
    assert set(ids(province.partners(2, "downstream"))[:3]) == {3, 4, 6}
    assert ids(province.partners(4, "upstream"))[:2] == [3, 6]
    assert ids(province.partners(4, "downstream"))[0] == 5
    assert province.partners(1, "upstream") == []


def test_the_path_says_what_flows_from_whom_to_whom(province):
    best = province.partners(2, "upstream")[0]

    steps = [(step.supplier, step.buyer, step.item) for step in best.evidence.path]
    assert steps == [("phos.mine", "phos.iron", "磷矿石")]
    assert part(best, Part.SEGMENT).ours == "phos.iron"
    assert part(best, Part.SEGMENT).theirs == "phos.mine"


def test_a_firm_two_steps_away_ranks_below_its_neighbour(province):
    found = ids(province.partners(3, "upstream"))

    assert found.index(2) < found.index(1)


def test_a_published_need_that_own_products_answer_brings_the_buyer_forward(province):
    best = province.partners(3, "downstream")[0]

    assert best.firm_id == 4
    assert part(best, Part.NEED).points > 0
    assert (31, 42) in [(pair.our_line_id, pair.their_line_id) for pair in best.evidence.pairs]


def test_rivals_are_not_taken_for_suppliers(province):
    assert 6 not in ids(province.partners(3, "upstream"))


def test_a_learned_product_link_finds_a_supplier_no_chain_names():
    lines = [*LINES, Line(81, 8, "product", "碳酸锂")]
    firms = [*FIRMS, Firm(8)]

    assert 8 not in ids(index(firms, lines).partners(3, "upstream"))
    assert 8 in ids(index(firms, lines, LEARNED).partners(3, "upstream"))


def test_a_firm_with_nothing_and_an_unknown_firm_have_no_partners():
    small = index([*FIRMS, Firm(99)], LINES)

    assert small.partners(99, "upstream") == []
    assert small.partners(12345, "downstream") == []


@pytest.mark.parametrize("text", ["", " ", "，。！", "😀😀", "的", "1" * 50, "磷" * 10_000, "\ud800"])
def test_odd_queries_are_answered_without_harm(province, text):
    check_sums(province.search(Query(text), 5))


def test_an_empty_index_answers_nothing():
    empty = Index.build([], [], Knowledge())

    assert empty.search(Query("磷矿石")) == []
    assert empty.partners(1, "upstream") == []
    assert empty.classify("磷矿石") == []


def test_the_order_in_which_lines_arrive_changes_nothing(province):
    turned = index(FIRMS[::-1], LINES[::-1], LEARNED)

    for text in ("磷酸铁锂", "电芯", "纸箱 IATF16949"):
        assert turned.search(Query(text)) == province.search(Query(text))
    assert turned.partners(4, "upstream") == province.partners(4, "upstream")


def test_progress_is_told_step_by_step():
    told = []

    Index.build(FIRMS, LINES, Knowledge(GRAPH), lambda done, total: told.append((done, total)))

    assert told == [(step, 6) for step in range(1, 7)]


@pytest.mark.parametrize("mmap", [True, False])
def test_a_saved_index_answers_exactly_as_before(province, tmp_path, mmap):
    province.save(tmp_path / "v1")

    loaded = Index.load(tmp_path / "v1", mmap=mmap)

    assert [path.name for path in tmp_path.iterdir()] == ["v1"]
    assert loaded.graph == province.graph
    assert loaded.search(Query("磷酸铁锂 IATF16949")) == province.search(Query("磷酸铁锂 IATF16949"))
    for firm in FIRMS:
        assert loaded.partners(firm.id, "upstream") == province.partners(firm.id, "upstream")


def test_an_index_is_never_written_over_another(province, tmp_path):
    province.save(tmp_path / "v1")

    with pytest.raises(FileExistsError):
        province.save(tmp_path / "v1")


def test_a_tampered_index_is_refused(province, tmp_path):
    province.save(tmp_path / "v1")
    array = tmp_path / "v1" / "firm_trust.npy"
    content = bytearray(array.read_bytes())
    content[-1] ^= 1
    array.write_bytes(content)

    with pytest.raises(BrokenIndex, match="firm_trust"):
        Index.load(tmp_path / "v1")


def test_an_index_without_one_of_its_files_is_refused(province, tmp_path):
    province.save(tmp_path / "v1")
    (tmp_path / "v1" / "line_id.npy").unlink()

    with pytest.raises(BrokenIndex):
        Index.load(tmp_path / "v1")


def test_an_index_of_another_engine_is_refused(province, tmp_path):
    province.save(tmp_path / "v1")
    manifest = tmp_path / "v1" / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"{ENGINE_VERSION}"', '"0.0"'))

    with pytest.raises(BrokenIndex, match=r"0\.0"):
        Index.load(tmp_path / "v1")


def test_a_directory_that_is_no_index_is_refused(tmp_path):
    with pytest.raises(BrokenIndex):
        Index.load(tmp_path)


def test_equal_queries_share_a_digest_and_others_do_not():
    one = Query("磷矿石", exclude=frozenset({3, 1, 2}))

    assert digest(one) == digest(Query("磷矿石", exclude=frozenset({2, 3, 1})))
    assert len({digest(one), digest(Query("磷矿石")), digest(Query("磷矿石", days=3))}) == 3
