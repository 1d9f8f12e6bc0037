from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.adapters import chain_graph
from matchmaker import reference
from matchmaker.chains.classifying import (
    ChainGraph,
    SegmentClassifier,
    SegmentGuess,
    SegmentLink,
    SegmentNode,
    Vocabulary,
    calibrated,
    product_stem,
    shipped_vocabulary,
)
from matchmaker.text import fold

GRAPH = ChainGraph(
    nodes=(
        SegmentNode("auto.mould", "auto", "汽车模具", "support", ("压铸模", "冲压模具", "注塑模")),
        SegmentNode("auto.cast", "auto", "铸造件", "up", ("铝合金压铸件", "缸体")),
        SegmentNode("auto.pv", "auto", "乘用车", "down", ("乘用车整车",)),
        SegmentNode("ship.hull", "ship", "船体", "mid", ("分段", "缸体")),
    ),
    links=(SegmentLink("auto.cast", "auto.pv", "变速箱壳体、转向节", "auto"),),
)


@pytest.fixture(scope="module")
def classifier():
    return SegmentClassifier.build(GRAPH)


@pytest.fixture(scope="module")
def shipped():
    return SegmentClassifier.build(chain_graph())


def codes(guesses):
    return [guess.code for guess in guesses]


def test_the_segment_is_proposed_with_the_words_that_matched(classifier):
    best = classifier.classify("铝合金壳体压铸模")[0]

    assert (best.code, best.words) == ("auto.mould", ("压铸模",))


def test_an_exact_term_is_nearly_certain(classifier):
    assert classifier.classify("冲压模具")[0].confidence > 0.8


def test_the_head_of_a_product_name_decides_over_what_it_only_mentions(classifier):
    assert codes(classifier.classify("缸体用压铸模"))[0] == "auto.mould"


def test_what_flows_over_a_link_is_made_by_its_supplier(classifier):
    assert codes(classifier.classify("转向节"))[0] == "auto.cast"


def test_a_sentence_is_read_for_the_product_it_mentions(classifier):
    assert codes(classifier.classify("我司急需采购铝合金压铸件，要求IATF16949，武汉交货"))[0] == "auto.cast"


def test_words_for_dealing_in_a_product_do_not_hide_it(classifier):
    assert product_stem("光缆销售") == "光缆"
    assert codes(classifier.classify("整车业务"))[0] == "auto.pv"


def test_a_term_of_two_segments_is_less_sure_and_listed_for_both_in_order_of_code(classifier):
    guesses = classifier.classify("缸体")

    assert codes(guesses)[:2] == ["auto.cast", "ship.hull"]
    assert guesses[0].confidence == guesses[1].confidence < 0.8


@pytest.mark.parametrize("text", ["", " ", "😀😀", "酒店住宿", "12345"])
def test_what_belongs_nowhere_is_placed_nowhere(classifier, text):
    assert classifier.classify(text) == []


def test_traditional_and_full_width_text_is_placed_alike(classifier):
    assert classifier.classify("壓鑄模") == classifier.classify("压铸模")


def test_many_texts_are_placed_as_each_would_be_alone(classifier):
    texts = ["压铸模", "转向节", "酒店住宿", "铝合金压铸件加工"]
    alone = [classifier.classify(text, 1) for text in texts]

    assert list(classifier.assign(texts)) == [(one[0].code, one[0].confidence) if one else (None, 0.0) for one in alone]


def test_an_empty_graph_places_nothing():
    empty = SegmentClassifier.build(ChainGraph())

    assert empty.classify("压铸模") == []
    assert list(empty.assign(["压铸模", ""])) == [(None, 0.0), (None, 0.0)]


def test_no_more_guesses_come_than_were_asked_for(classifier):
    assert len(classifier.classify("缸体", 1)) == 1
    assert isinstance(classifier.classify("缸体", 1)[0], SegmentGuess)


def test_words_of_the_trade_lead_to_a_segment_that_names_none_of_them():
    taught = Vocabulary(words={"auto.pv": ("凯运",)}, outside={"住宿": ("旅馆",)})

    assert SegmentClassifier.build(GRAPH, Vocabulary()).classify("凯运") == []
    assert codes(SegmentClassifier.build(GRAPH, taught).classify("凯运")) == ["auto.pv"]


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("整车业务", "auto.pv"),
        ("废料销售", "steel.scrap"),
        ("汽车贸易", "auto.after"),
        ("机油", "chem.refine"),
        ("其他业务收入", None),
        ("咨询服务", None),
        ("利息收入", None),
        ("物业管理和停车费", None),
        ("锂电池隔膜 9um", "battery.sep"),
        ("20%氨水600吨", "phos.nh3"),
    ],
)
def test_headings_of_company_accounts_are_placed_as_their_trade_reads_them(shipped, text, segment):
    assert next(shipped.assign([text]))[0] == segment


def test_selling_cars_is_a_trade_of_the_car_chain(shipped):
    assert codes(shipped.classify("销售汽车"))[0] in ("auto.after", "auto.pv")


def test_latin_letters_inside_a_longer_word_name_nothing(shipped):
    assert "chem.resin" not in codes(shipped.classify("STPPX"))
    assert "chem.resin" in codes(shipped.classify("PET 500吨"))


def test_a_segment_is_found_by_each_of_its_own_terms(shipped):
    for node in chain_graph().nodes[::7]:
        for term in node.terms:
            owners = {one.code for one in chain_graph().nodes if fold(term) in map(fold, one.terms)}
            assert owners & set(codes(shipped.classify(term)))


def test_the_trade_words_name_every_segment_and_nothing_outside_is_among_its_products():
    known = shipped_vocabulary()
    inside = {fold(word) for words in known.words.values() for word in words}
    inside |= {fold(term) for node in chain_graph().nodes for term in node.terms}

    assert known.words.keys() == reference.segments().keys()
    assert all(known.words.values())
    assert inside & {fold(word) for words in reference.outside_words().values() for word in words} == set()


@cache
def plain():
    return SegmentClassifier.build(GRAPH, Vocabulary())


@given(text=st.text(max_size=60), other=st.text(max_size=20))
def test_whatever_is_written_confidences_are_shares_of_one_in_falling_order(text, other):
    for written in (text, f"压铸模{other}", f"{other}缸体"):
        sure = [guess.confidence for guess in plain().classify(written, 10)]
        assert sure == sorted(sure, reverse=True)
        assert sum(sure) <= 1.01
        assert all(0 < one <= 1 for one in sure)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_likelier_segment_is_never_told_as_less_sure(one, other):
    low, high = sorted((one, other))

    assert 0 <= calibrated(low) <= calibrated(high) <= 1


def test_a_very_long_text_costs_no_more_than_its_beginning(classifier):
    assert codes(classifier.classify("压铸模，" + "长" * 10_000))[0] == "auto.mould"
