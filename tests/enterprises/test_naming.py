from __future__ import annotations

import pytest

from matchmaker.enterprises.models import Enterprise
from matchmaker.enterprises.naming import search_pattern, search_text_of, word_patterns
from matchmaker.enterprises.queries.picking import search_enterprises


@pytest.mark.parametrize(
    "typed",
    [
        "恒昌",
        "襄阳恒昌集团模具",
        "襄阳恒昌(集团)",
        "襄阳 模具",
        "恒昌模",
        "xiangyanghengchang",
        "xyhcjt",
        "hcmj",
        "襄阳第二模具厂",
        "ｄｅｍｏ４２０６０００００００００１",
        "demo4206",
        "DEMO42060000000001",
        "恆昌",
    ],
)
def test_a_firm_is_found_by_whatever_people_call_it(session, make, typed):
    firm = _registered(
        make, "襄阳恒昌（集团）模具有限公司", short="恒昌模具", former=["襄阳第二模具厂"], code="DEMO42060000000001"
    )
    _registered(make, "武汉光谷储能系统有限公司", code="DEMO42010000000002")

    assert search_enterprises(session, make.user(enterprise=firm), typed) == [firm]


def test_signs_of_the_pattern_language_are_plain_characters(session, make):
    firm = _registered(make, "百分之百100%有限公司")
    _registered(make, "百分之百1000有限公司")
    reader = make.user(enterprise=firm)

    assert search_enterprises(session, reader, "100%") == [firm]
    assert search_enterprises(session, reader, "_") == []
    assert search_pattern("a_b%c\\d") == "%a\\_b\\%c\\\\d%"


def test_nothing_typed_finds_nobody(session, make):
    assert word_patterns(" 　\0") == []
    assert search_enterprises(session, make.user(), "  ") == []


def test_names_that_begin_with_the_text_come_first(session, make):
    inside = _registered(make, "武汉恒昌贸易有限公司")
    first = _registered(make, "恒昌模具有限公司")

    assert search_enterprises(session, make.user(enterprise=inside), "恒昌") == [first, inside]


def _registered(make, name, *, short="", former=(), code=None) -> Enterprise:
    firm = make.enterprise(name, short_name=short, former_names=list(former))
    firm.credit_code = code or firm.credit_code
    firm.search_text = search_text_of(name, short, former, firm.credit_code)
    make.session.flush()
    return firm
