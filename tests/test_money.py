"""Amounts are typed in 万元, kept in whole yuan and read back in words."""

import pytest

from matchmaker.money import NotAnAmount, money_line, wan, words, yi, yuan_of_wan


def test_an_amount_is_read_back_three_ways() -> None:
    assert money_line(30_000_000) == "3,000 万元 = 0.30 亿元 = 30,000,000 元"
    assert words(30_000_000) == "三千万元整"


@pytest.mark.parametrize(("text", "amount"), [("3000", 30_000_000), ("3,000.5", 30_005_000), ("0.0001", 1), ("0", 0)])
def test_plain_wan_becomes_whole_yuan(text, amount) -> None:
    assert yuan_of_wan(text) == amount


@pytest.mark.parametrize("text", ["1.2亿", "100元", "", "-3", "1e30", "0.00001", "NaN", "三千"])
def test_a_text_with_its_own_unit_or_too_many_places_is_refused(text) -> None:
    with pytest.raises(NotAnAmount):
        yuan_of_wan(text)


def test_display_rounds_half_up() -> None:
    assert yi(500_000) == "0.01"
    assert yi(499_999) == "0.00"
    assert wan(52_800_100) == "5,280.01"
