import pytest

from matchmaker.chains.classifying import ChainGraph, SegmentClassifier, SegmentGuess, SegmentLink, SegmentNode

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
    assert SegmentClassifier.build(ChainGraph()).classify("压铸模") == []


def test_no_more_guesses_come_than_were_asked_for(classifier):
    assert len(classifier.classify("缸体", 1)) == 1
    assert isinstance(classifier.classify("缸体", 1)[0], SegmentGuess)
