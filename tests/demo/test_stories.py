from matchmaker.demo import stories
from matchmaker.demo.records import Province


def _suppliers(province: Province, segment: str) -> set[str]:
    return {line.enterprise for line in province.capabilities if line.segment == segment}


def _open_needs(province: Province, segment: str) -> int:
    return sum(need.segment == segment and need.state in {"published", "talking"} for need in province.needs)


def test_one_segment_has_exactly_one_registered_supplier(province: Province):
    assert len(_suppliers(province, stories.SINGLE_SOURCE_SEGMENT)) == 1
    registered = [firm for firm in province.enterprises if stories.SINGLE_SOURCE_SEGMENT in firm.segments]
    assert len(registered) == 1


def test_one_segment_is_asked_for_more_than_twice_as_often_as_it_is_offered(province: Province):
    suppliers = _suppliers(province, stories.GAP_SEGMENT)

    assert len(suppliers) == stories.GAP_SUPPLIERS
    assert _open_needs(province, stories.GAP_SEGMENT) > 2 * len(suppliers)


def test_nobody_offers_what_the_unmet_need_asks_for(province: Province):
    need = next(need for need in province.needs if need.key == stories.UNMET_NEED_KEY)

    assert (need.segment, need.state) == (stories.EMPTY_SEGMENT, "published")
    assert _suppliers(province, stories.EMPTY_SEGMENT) == set()


def test_the_buyers_need_and_the_mould_makers_capability_meet(province: Province):
    need = next(need for need in province.needs if need.key == stories.BUYER_NEED_KEY)
    line = next(line for line in province.capabilities if line.key == stories.MOULD_CAPABILITY_KEY)

    assert (need.enterprise, line.enterprise) == (stories.BUYER_CODE, stories.MOULD_MAKER_CODE)
    assert need.segment == line.segment == "auto.mould"
    assert need.quantity is not None
    assert line.spare is not None
    assert line.spare >= need.quantity
    assert set(line.certificates) >= {"IATF16949"}


def test_both_demo_firms_have_an_account(province: Province):
    accounts = {account.enterprise for account in province.accounts if account.role == "enterprise"}
    names = {firm.credit_code: firm.name for firm in province.enterprises}

    assert {names[str(code)] for code in accounts} == {stories.MOULD_MAKER, stories.BUYER}


def test_the_stories_are_told_in_the_smallest_province_too(hamlet: Province):
    deals = {deal.key for deal in hamlet.deals}
    events = {event.key for event in hamlet.events}

    assert len(_suppliers(hamlet, stories.SINGLE_SOURCE_SEGMENT)) == 1
    assert {stories.DUPLICATE_DEAL, stories.LATE_DEAL, stories.HELD_DEAL, stories.RELATED_DEAL} <= deals
    assert {stories.TODAY_EVENT, stories.SMALL_EVENT, stories.ONE_SIDED_EVENT, stories.MAIN_STAGE_EVENT} <= events
