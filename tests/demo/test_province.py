from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from matchmaker.demo.province import build_province
from matchmaker.demo.records import Province
from matchmaker.reference import industries, regions, segments


def test_the_same_seed_builds_the_same_province_and_another_seed_another(hamlet: Province):
    again = build_province(7, hamlet.today, size=400)
    other = build_province(8, hamlet.today, size=400)

    assert again == hamlet
    assert other.enterprises != hamlet.enterprises
    assert other.deals != hamlet.deals


def test_the_day_moves_the_year_but_keeps_the_register(hamlet: Province):
    later = build_province(7, hamlet.today + timedelta(days=9), size=400)

    assert [firm.name for firm in later.enterprises] == [firm.name for firm in hamlet.enterprises]
    assert later.programme.year == 2026


def test_early_in_a_year_the_programme_shown_is_the_whole_year_before():
    province = build_province(7, date(2027, 2, 3), size=400)

    assert province.programme.year == 2026
    assert all(period.frozen_at for period in province.programme.periods)


def test_an_asked_year_is_the_one_shown():
    assert build_province(7, date(2026, 11, 23), size=400, year=2025).programme.year == 2025


def test_too_small_a_province_is_refused():
    with pytest.raises(ValueError, match="at least 400 enterprises"):
        build_province(7, date(2026, 11, 23), size=399)


def test_the_province_has_the_size_that_was_promised(province: Province):
    assert len(province.enterprises) == 10_000
    assert 28_000 < len(province.capabilities) < 32_000
    assert 11_000 < len(province.needs) < 13_500
    assert 4_500 < len(province.deals) < 5_500
    states = Counter(event.state for event in province.events)
    assert 55 <= states["approved"] <= 70
    coming = ("planned", "submitted", "preparing", "open", "timetabling", "timetabled")
    assert sum(states[state] for state in coming) == 20
    assert states["held"] + states["closing"] >= 6
    assert len(province.accounts) == 13
    roles = Counter(account.role for account in province.accounts)
    assert roles.pop("official") == 3  # closing a month takes two of the province's own
    assert set(roles.values()) == {2}


def test_targets_add_up_to_the_programme(province: Province):
    targets = province.programme.targets

    assert sum(target.event_count for target in targets) == province.programme.event_target == 100
    assert sum(target.enterprise_count for target in targets) == province.programme.enterprise_target == 10_000
    assert sum(target.amount for target in targets) == province.programme.amount_target == 2_000 * 10**8


def test_whatever_refers_to_something_finds_it(province: Province):
    firms = {firm.credit_code for firm in province.enterprises}
    events = {event.key for event in province.events}
    offices = {office.key for office in province.offices}
    places = {row.code for row in regions()}
    deals = {deal.key for deal in province.deals}
    meetings = {meeting.key: meeting for meeting in province.meetings}

    assert {firm.region for firm in province.enterprises} <= places
    assert {firm.industry for firm in province.enterprises} <= {row.code for row in industries()}
    assert {code for firm in province.enterprises for code in firm.segments} <= set(segments())
    assert {firm.parent_code for firm in province.enterprises} - {None} <= firms
    assert {line.segment for line in (*province.capabilities, *province.needs)} - {None} <= set(segments())
    assert {line.enterprise for line in (*province.capabilities, *province.needs)} <= firms
    assert {event.organiser for event in province.events} <= offices
    assert {event.approving_office for event in province.events} - {None} <= offices
    assert {event.parent for event in province.events} - {None} <= events
    assert {row.enterprise for row in (*province.registrations, *province.check_ins)} <= firms
    assert {row.event for row in (*province.registrations, *province.check_ins, *province.meetings)} <= events
    assert {code for deal in province.deals for code in (deal.buyer, deal.seller)} <= firms
    assert {deal.event for deal in province.deals} - {None} <= events
    assert {deal.duplicate_of for deal in province.deals} - {None} <= deals
    assert {deal.segment for deal in province.deals} <= set(segments())
    assert {meetings[deal.meeting].event == deal.event for deal in province.deals if deal.meeting} == {True}
    assert {account.enterprise for account in province.accounts} - {None} <= firms
    assert {account.office for account in province.accounts} - {None} <= offices


def test_keys_and_names_are_given_once(province: Province):
    assert max(Counter(firm.credit_code for firm in province.enterprises).values()) == 1
    assert max(Counter(firm.name for firm in province.enterprises).values()) == 1
    assert max(Counter(office.name for office in province.offices).values()) == 1
    assert max(Counter(line.key for line in province.capabilities).values()) == 1
    assert max(Counter(line.key for line in province.needs).values()) == 1
    assert max(Counter(deal.key for deal in province.deals).values()) == 1
    assert max(Counter(deal.number for deal in province.deals).values()) == 1
    assert max(Counter((row.event, row.enterprise) for row in province.registrations).values()) == 1
    assert max(Counter((row.event, row.enterprise) for row in province.check_ins).values()) == 1
    assert max(Counter((row.event, row.asker, row.asked) for row in province.meetings).values()) == 1


def test_nothing_that_is_said_to_have_happened_lies_ahead(province: Province):
    now = datetime(2026, 11, 22, 16, tzinfo=UTC)  # midnight in Shanghai, as today begins
    moments = [
        *(row.created_at for row in (*province.enterprises, *province.capabilities, *province.needs)),
        *(row.updated_at for row in (*province.enterprises, *province.capabilities, *province.needs)),
        *(entry.at for deal in province.deals for entry in deal.entries),
        *(row.received_at for row in province.check_ins),
        *(row.applied_at for row in province.registrations),
        *(row.decided_at for row in province.registrations if row.decided_at),
        *(row.asked_at for row in province.meetings),
        *(row.answered_at for row in province.meetings if row.answered_at),
        *(event.approved_at for event in province.events if event.approved_at),
        *(event.created_at for event in province.events),
    ]

    assert max(moments) < now
    assert all(moment.tzinfo is UTC for moment in moments)


def test_most_firms_stand_in_the_province_and_a_few_beyond(province: Province):
    outside = {row.code for row in regions() if row.level == "outside"}
    beyond = sum(firm.region in outside for firm in province.enterprises)

    assert 300 < beyond < 650
    assert Counter(firm.kind for firm in province.enterprises)["enterprise"] == 9_850


def test_supply_lines_belong_to_the_segments_of_their_firm(province: Province):
    firms = {firm.credit_code: firm for firm in province.enterprises}

    assert all(line.segment in {None, *firms[line.enterprise].segments} for line in province.capabilities)
    assert sum(line.segment is None for line in province.capabilities) < 0.08 * len(province.capabilities)


def test_firms_ask_for_what_feeds_their_own_segments(province: Province):
    from matchmaker.demo.lines import upstream
    from matchmaker.demo.stories import BUYER_CODE

    own = {firm.credit_code: firm.segments for firm in province.enterprises}
    own[BUYER_CODE] = ("auto.cast", "display.oled")  # the stories' needs are written by hand
    goods = [need for need in province.needs if need.kind in {"purchase", "outsourcing"} and need.segment]
    strangers = [need for need in goods if not _feeds(upstream(), own[need.enterprise], need.segment)]

    assert len(goods) > 8_000
    assert {segments()[str(need.segment)].stage for need in strangers} <= {"support"}
    assert len(strangers) < 0.2 * len(goods)


def _feeds(upstream: dict[str, tuple[str, ...]], own: tuple[str, ...], asked: str | None) -> bool:
    return any(asked in upstream.get(code, ()) for code in own)
