import pytest

from matchmaker.text import common_words, fold, fold_name, fold_spaced, initials, is_untouched, pinyin


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("３０㎜", "30mm"),
        ("30 毫米", "30mm"),
        ("１,２５０ 毫米", "1250mm"),
        ("M8×30", "m8x30"),
        ("M8 * 30", "m8x30"),
        ("Ø50", "φ50"),
        ("５平方米", "5m2"),
        ("湖北東風汽車電池產業鏈", "湖北东风汽车电池产业链"),
        ("磷 酸\n铵", "磷酸铵"),
        ("铝\u200b合金\ufeff", "铝合金"),
        ("  LED　 灯 ", "led 灯"),
        ("", ""),
        ("\u3000\t", ""),
    ],
)
def test_noise_in_what_people_type_folds_away(typed, folded):
    assert fold(typed) == folded


def test_folding_twice_changes_nothing():
    once = fold("Ｍ8×30 ３04 不銹鋼螺栓，年需20,000件")

    assert fold(once) == once


def test_a_list_is_not_taken_for_a_number_with_thousands():
    assert fold("304，316不锈钢") == "304,316不锈钢"
    assert fold("12,34") == "12,34"


def test_the_writers_own_cuts_can_be_kept():
    assert fold_spaced("豆浆粉  工业级") == "豆浆粉 工业级"


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("襄阳恒昌模具有限公司", "襄阳恒昌模具"),
        ("襄阳恒昌（集团）股份有限公司", "襄阳恒昌集团"),
        ("襄陽恆昌模具有限責任公司", "襄阳恒昌模具"),
        ("有限公司", "有限公司"),
    ],
)
def test_a_company_name_is_compared_without_its_legal_form(name, core):
    assert fold_name(name) == core


@pytest.mark.parametrize(
    ("text", "full", "first"),
    [
        ("襄阳", "xiangyang", "xy"),
        ("宜都市", "yidushi", "yds"),
        ("沌口", "zhuankou", "zk"),
        ("硚口区", "qiaokouqu", "qkq"),
        ("TCL科技", "tclkeji", "tclkj"),
        ("長飛光纖", "changfeiguangxian", "cfgx"),
        ("", "", ""),
    ],
)
def test_names_are_found_by_pinyin_and_by_initials(text, full, first):
    assert pinyin(text) == full
    assert initials(text) == first


def test_common_words_are_found_in_any_order():
    assert common_words("通信设备", "设备通信") == ("通信", "设备")


def test_a_single_shared_character_counts_only_when_nothing_longer_is_shared():
    assert common_words("铝合金门", "合金门铝") == ("合金门",)
    assert common_words("铜管", "铜杆") == ("铜",)
    assert common_words("铜", "铁") == ()


def test_only_a_text_of_simplified_han_characters_needs_no_folding():
    texts = ("锂电池", "", "鋰電池", "锂 电池", "锂电池A", "3号电池", "ｘ电池", "锂\u200b电池", "㎜", "豈")

    assert [is_untouched(text) for text in texts] == [True, True, *[False] * 8]
    assert [fold(text) == text for text in texts if is_untouched(text)] == [True, True]
