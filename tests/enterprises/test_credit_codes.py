from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matchmaker.enterprises.credit_codes import (
    ALPHABET,
    InvalidCreditCode,
    check,
    check_character,
    is_sample,
    normalise,
)

FIRST = st.builds(
    lambda head, division, rest: head + division + rest,
    st.text("123459ANY", min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)
CODES = FIRST.map(lambda first: first + check_character(first))


def message(code: str, *, allow_samples: bool = False) -> str:
    with pytest.raises(InvalidCreditCode) as caught:
        check(code, allow_samples=allow_samples)
    return caught.value.message


def test_the_example_of_the_standard_has_the_standards_check_character():
    assert check_character("91350100M000100Y4") == "3"
    check("91350100M000100Y43")


@given(CODES)
def test_a_code_with_its_check_character_is_accepted(code):
    check(code)


@given(CODES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_mistyped_character_is_noticed(code, place, character):
    assume(code[place] != character)

    message(code[:place] + character + code[place + 1 :])


@given(CODES, st.integers(0, 16))
def test_any_two_neighbours_swapped_are_noticed(code, place):
    assume(code[place] != code[place + 1])

    message(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(CODES)
def test_a_code_typed_full_width_in_small_letters_with_blanks_is_the_same_code(code):
    typed = "".join(chr(ord(character) + 0xFEE0) for character in code.lower())

    assert normalise(f" {typed[:4]}\u3000{typed[4:]}\u200b\n") == code


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("91350100M000100Y4", "信用代码“91350100M000100Y4”有 17 位，应为 18 位。"),
        ("", "信用代码“”有 0 位，应为 18 位。"),
        ("9142010068231913O6",
         "信用代码“9142010068231913O6”含有“O”。信用代码只用数字和大写字母，不用 I、O、S、V、Z。"),
        ("91350100M000100Y44", "信用代码“91350100M000100Y44”的校验位不符，请逐位核对。"),
        ("000000000000000000", "信用代码“000000000000000000”不合编码规则：首位不能为 0，第 3 至 8 位应为数字。"),
        ("91A50100M000100Y43", "信用代码“91A50100M000100Y43”不合编码规则：首位不能为 0，第 3 至 8 位应为数字。"),
        ("DEMO00000000000001", "“DEMO00000000000001”是演示代码，只能在演示环境使用。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(code, said):
    assert message(code) == said


def test_sample_codes_are_accepted_only_where_they_are_allowed():
    check("DEMO00000000000001", allow_samples=True)

    assert message("DEMO0000000000001", allow_samples=True).startswith("信用代码“DEMO0000000000001”有 17 位")
    assert (is_sample("DEMO0000000000000A"), is_sample("91350100M000100Y43")) == (True, False)


def test_no_real_code_can_be_a_sample_code():
    assert "O" not in ALPHABET
    assert len(ALPHABET) == 31
