"""What a name is worth: offered outright, known but offered by nobody, or only typed."""

from matchmaker.matching.engine import ChainGraph, Firm, Index, Knowledge, Line, Part, Query

COMMON = {firm: ("设备", f"甲{firm}") for firm in range(10, 30)}


def made(offers, names=()):
    lines = [(firm, text) for firm, texts in offers.items() for text in texts]
    stated = [Line(number, firm, "product", text) for number, (firm, text) in enumerate(lines, 1)]
    return Index.build([Firm(firm) for firm in offers], stated, Knowledge(ChainGraph(), (), names))


def wording(match):
    return next(one.points for one in match.evidence.parts if one.part is Part.WORDING)


def test_beside_the_thing_itself_a_name_that_only_reads_like_it_is_worth_nothing():
    index = made({1: ("驱动桥",), 2: ("重型驱动桥",), 3: ("驱动轴",)})

    found = {match.firm_id: wording(match) for match in index.search(Query("驱动桥"))}

    assert found[1] > found[2] > 0
    assert found[3] == 0


def test_where_nobody_offers_it_a_name_that_reads_like_it_still_counts():
    index = made({2: ("驱动轴",)})

    assert wording(index.search(Query("驱动桥"))[0]) > 0


def test_the_end_of_a_product_nobody_offers_says_the_less_the_more_firms_offer_that_end():
    rare = made({1: ("设备",)}, names=("涂布设备",))
    common = made({1: ("设备",), **COMMON}, names=("涂布设备",))
    maximum = {part.part: part.maximum for part in rare.search(Query("涂布设备"))[0].evidence.parts}

    first, among = (next(m for m in one.search(Query("涂布设备"), 30) if m.firm_id == 1) for one in (rare, common))

    assert maximum == {part.part: part.maximum for part in among.evidence.parts}
    assert wording(among) < 0.7 * wording(first)


def test_a_change_laid_over_an_index_is_measured_by_the_same_names():
    base = made({1: ("设备",), **COMMON}, names=("涂布设备",))
    changed = base.small([Firm(99)], [Line(999, 99, "product", "设备")])

    laid_over = changed.search(Query("涂布设备"))[0]
    inside = next(match for match in base.search(Query("涂布设备"), 30) if match.firm_id == 1)

    assert wording(laid_over) == wording(inside)
