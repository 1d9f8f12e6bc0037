from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.engine.dictionary import Dictionary, columns
from matchmaker.matching.engine.store import Texts

TEXTS = ("树脂", "环氧树脂", "离子交换树脂", "树脂砂", "螺栓 304", "")
names = st.lists(st.text("树脂环氧砂螺栓钢", min_size=1, max_size=6), min_size=1, max_size=30, unique=True)


def dictionary(texts):
    known = columns(list(texts))
    return Dictionary(Texts.of(texts), known["name_hash"], known["name_place"], known["name_ending"])


def test_a_name_is_found_whole_or_as_the_first_phrase_of_a_line():
    known = dictionary(TEXTS)

    assert known.find("环氧树脂") == [1]
    assert known.find("螺栓") == [4]
    assert known.find("螺栓304") == [4]
    assert known.find("环氧") == []


def test_kinds_are_what_ends_with_a_name():
    assert sorted(dictionary(TEXTS).kinds_of("树脂", 10).tolist()) == [0, 1, 2]


def test_names_inside_a_text_say_where_they_stand():
    found = dictionary(TEXTS).inside("急需环氧树脂")

    assert {(one.place, one.start, one.end) for one in found} == {(1, 2, 6), (0, 4, 6)}


@given(names)
def test_every_name_is_found_and_is_a_kind_of_its_own_end(texts):
    known = dictionary(texts)

    for place, text in enumerate(texts):
        assert place in known.find(text)
        expected = {other for other, longer in enumerate(texts) if longer.endswith(text)}
        assert set(known.kinds_of(text, len(texts)).tolist()) == expected
