from __future__ import annotations

import re

import pytest

from matchmaker.accounts.models import Role
from matchmaker.chains.queries import find_chain
from matchmaker.enterprises.models import CapabilityState, EnterpriseState, NeedVisibility
from matchmaker.enterprises.queries.along_chains import ChainCount, SegmentCount, chain_counts, segment_counts


@pytest.mark.parametrize(
    ("suppliers", "needs", "flag"),
    [
        (0, 2, ""),
        (0, 3, "gap"),
        (1, 0, "single"),
        (1, 9, "single"),
        (2, 3, ""),
        (2, 4, "gap"),
        (5, 9, ""),
        (5, 10, "gap"),
    ],
)
def test_where_supply_is_thin(suppliers, needs, flag):
    assert SegmentCount(suppliers, needs).flag == flag


def test_a_firm_at_two_segments_is_one_firm_of_the_chain(session, make):
    firm = make.enterprise()
    make.capability(firm, "铸件", segment=make.segment("auto.cast"))
    make.capability(firm, "铸件毛坯", segment=make.segment("auto.cast"))
    make.capability(firm, "模具", segment=make.segment("auto.mould"))
    make.capability(make.enterprise(state=EnterpriseState.SUSPENDED), segment=make.segment("auto.cast"))
    make.capability(segment=make.segment("auto.cast"), state=CapabilityState.DRAFT)
    for _ in range(3):
        make.need(segment=make.segment("auto.alloy"))
    auto = find_chain(session, "auto")

    counts = segment_counts(session, make.user(Role.OFFICIAL), auto)

    by_code = {segment.code: counts.get(segment.id) for segment in auto.segments if segment.id in counts}
    assert by_code == {
        "auto.cast": SegmentCount(1, 0),
        "auto.mould": SegmentCount(1, 0),
        "auto.alloy": SegmentCount(0, 3),
    }
    assert chain_counts(session, make.user(Role.OFFICIAL), [auto]) == [ChainCount(auto, 1, 3, 1, 2)]


def test_a_count_tells_a_firm_of_no_need_it_may_not_read(session, make):
    for visibility in NeedVisibility:
        make.need(segment=make.segment("auto.cast"), visibility=visibility)
    key = make.segment("auto.cast").id

    assert segment_counts(session, make.user())[key].needs == 1
    assert segment_counts(session, make.user(Role.OFFICIAL))[key].needs == 3


def test_the_index_lists_every_chain_and_says_its_rule(make, sign_in):
    page = sign_in(make.user()).get("/chains")

    assert len(re.findall(r'class="plain" href="/chains/\w+"', page.text)) == 19
    assert "需求不少于 3 条，且不少于供方家数的 2 倍" in page.text


def test_a_selected_segment_shows_its_firms_needs_and_neighbours(make, sign_in):
    firm = make.enterprise("隔膜甲有限公司")
    make.capability(firm, "湿法隔膜", segment=make.segment("battery.sep"))
    need = make.need(None, "隔膜 600 万平方米", segment=make.segment("battery.sep"))
    browser = sign_in(make.user())

    page = browser.get("/chains/battery?segment=battery.sep")

    assert page.status_code == 200
    assert "单一来源" in page.text
    assert f'href="/enterprises/{firm.public_id}"' in page.text
    assert f'href="/needs/{need.public_id}"' in page.text
    assert 'href="/chains/battery?segment=battery.cell"' in page.text
    assert 'href="/enterprises?segment=battery.sep"' in page.text


def test_an_unknown_chain_is_absent_and_an_unknown_segment_unselected(make, sign_in):
    browser = sign_in(make.user())

    assert browser.get("/chains/nothing").status_code == 404
    assert "需要留意的环节" in browser.get("/chains/battery?segment=auto.cast").text
