from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from matchmaker.accounts.models import Role
from matchmaker.enterprises.models import EnterpriseSize
from matchmaker.matching.exposure import Seen, exposure, gini
from matchmaker.matching.questions import about_need
from matchmaker.matching.services import suggest
from tests.matching.test_services import TODAY


def firms_of(size, count, places, **values):
    return [Seen({"size": size}, places=places, is_listed=bool(places), **values) for _ in range(count)]


def size_of(found, key):
    [respect] = found.respects
    return next(group for group in respect.groups if group.key == key)


def test_a_ratio_is_the_share_of_places_for_the_share_of_firms() -> None:
    firms = [*firms_of("large", 10, 6), *firms_of("small", 30, 2)]

    found = exposure(firms, lists=12, lists_with_trials=0, respects=["size"])

    large, small = size_of(found, "large"), size_of(found, "small")
    assert (large.firms, large.all_firms, large.places, large.all_places) == (10, 40, 60, 120)
    assert (large.ratio, small.ratio) == (2.0, pytest.approx(2 / 3))


def test_below_eight_firms_there_are_only_counts() -> None:
    found = exposure(
        [*firms_of("large", 7, 1), *firms_of("small", 8, 1)], lists=2, lists_with_trials=0, respects=["size"]
    )

    assert (size_of(found, "large").ratio, size_of(found, "large").places) == (None, 7)
    assert size_of(found, "small").ratio == 1.0


def test_what_is_not_known_is_missing_and_in_no_denominator() -> None:
    firms = [*firms_of("small", 8, 1), Seen({}, places=5, is_listed=True), Seen({})]

    found = exposure(firms, lists=2, lists_with_trials=0, respects=["size"])

    [respect] = found.respects
    assert (respect.missing_firms, respect.missing_places) == (2, 5)
    assert (size_of(found, "small").all_firms, size_of(found, "small").all_places) == (8, 8)


def test_partners_known_already_are_no_new_leads() -> None:
    found = exposure(firms_of("small", 2, 5, known=2, trials=1), lists=1, lists_with_trials=1, respects=["size"])

    assert (found.places, found.leads, found.trials) == (10, 6, 2)
    assert (size_of(found, "small").leads, size_of(found, "small").trials) == (6, 2)


def test_firms_never_first_and_never_listed_are_counted_apart() -> None:
    firms = [Seen({}, places=1, is_listed=True), Seen({}, is_listed=True), Seen({})]

    found = exposure(firms, lists=1, lists_with_trials=0, respects=[])

    assert (found.never_first, found.never_listed) == (2, 1)


def test_gini_is_nothing_for_all_alike_and_high_when_one_has_all() -> None:
    assert gini([3, 3, 3, 3]) == 0
    assert gini([0, 0, 0, 8]) == 0.75
    assert gini([0, 0]) is None
    assert gini([]) is None


@given(some.lists(some.integers(0, 50), min_size=1))
def test_gini_stays_between_nothing_and_one_whatever_the_order(amounts) -> None:
    found = gini(amounts)

    assert found is None or -1e-9 <= found < 1
    assert found == gini(amounts[::-1])


def test_an_office_sees_who_is_seen_and_a_firm_does_not(make, market, indexed, session, sign_in) -> None:
    for firm in (market.maker, market.rival):
        firm.size = EnterpriseSize.SMALL
    suggest(session, question=about_need(market.need, today=TODAY), published=indexed())

    answer = sign_in(make.user(Role.OFFICIAL)).get("/matching/exposure")

    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "小型和微型企业占可推荐企业的 100.0%，占前十位的 100.0%。" in text
    assert "缺：未填写的 1 家，0 个位次，未计入本表。" in text
    assert "部门工作统计" in text
    assert sign_in(make.user(enterprise=market.buyer)).get("/matching/exposure").status_code == 403


def test_without_lists_the_report_says_what_brings_them(make, sign_in) -> None:
    answer = sign_in(make.user(Role.AUDITOR)).get("/matching/exposure")

    assert "还没有推荐列表" in answer.get_data(as_text=True)


def test_the_register_leads_offices_to_the_report(make, sign_in) -> None:
    link = 'href="/matching/exposure"'

    assert link in sign_in(make.user(Role.OFFICIAL)).get("/enterprises").get_data(as_text=True)
    assert link not in sign_in(make.user()).get("/enterprises").get_data(as_text=True)
