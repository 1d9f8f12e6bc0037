from collections import Counter

from matchmaker.demo import stories
from matchmaker.demo.records import Province

SEATED = {"approved", "confirmed", "checked_in", "absent"}
OVER = {"approved", "closing", "held"}


def test_nobody_approves_the_close_out_of_an_event_they_organised(province: Province):
    approved = [event for event in province.events if event.state == "approved"]

    assert all(event.approving_office not in {None, event.organiser} for event in approved)
    assert all(event.approved_at and event.approved_at > event.starts_at for event in approved)
    assert all(event.approving_office is None for event in province.events if event.state != "approved")


def test_no_event_seats_more_enterprises_than_fit(province: Province):
    taken = Counter(row.event for row in province.registrations if row.state in SEATED)

    assert all(taken[event.key] <= event.capacity for event in province.events)


def test_only_those_registered_check_in_and_only_where_the_event_is_over(province: Province):
    came = {(row.event, row.enterprise) for row in province.registrations if row.state == "checked_in"}
    over = {event.key for event in province.events if event.state in OVER}

    assert {(row.event, row.enterprise) for row in province.check_ins} == came
    assert {row.event for row in province.check_ins} <= over


def test_nobody_sits_twice_in_a_slot_and_no_table_is_given_twice(province: Province):
    placed = [meeting for meeting in province.meetings if meeting.slot is not None]
    seats = Counter((m.event, m.slot, firm) for m in placed for firm in (m.asker, m.asked))
    tables = Counter((m.event, m.slot, m.table) for m in placed)
    events = {event.key: event for event in province.events}

    assert len(placed) > 4_000
    assert max(seats.values()) == max(tables.values()) == 1
    assert all(1 <= m.slot <= events[m.event].slot_count for m in placed if m.slot)
    assert all(1 <= m.table <= events[m.event].table_count for m in placed if m.table)


def test_nothing_is_timetabled_that_was_not_accepted(province: Province):
    placed = [meeting for meeting in province.meetings if meeting.slot is not None]

    assert {meeting.request_state for meeting in placed} == {"accepted"}
    assert {meeting.outcome is not None for meeting in placed if meeting.state == "held"} == {True}
    assert {meeting.outcome for meeting in placed if meeting.state != "held"} == {None}


def test_a_main_stage_has_special_events_of_its_own_day(province: Province):
    stage = next(event for event in province.events if event.key == stories.MAIN_STAGE_EVENT)
    children = [event for event in province.events if event.parent == stage.key]

    assert (len(children), stage.own_matching) == (5, False)
    assert {child.held_on for child in children} == {stage.held_on}


def test_todays_event_waits_for_its_timetable_and_both_demo_firms_are_confirmed(province: Province):
    event = next(event for event in province.events if event.key == stories.TODAY_EVENT)
    rows = [row for row in province.registrations if row.event == event.key]
    demo_firms = {stories.MOULD_MAKER_CODE, stories.BUYER_CODE}

    assert (event.state, event.held_on, event.organiser) == ("timetabling", province.today, "420300")
    assert {row.enterprise for row in rows if row.state == "confirmed"} >= demo_firms
    meetings = [meeting for meeting in province.meetings if meeting.event == event.key]
    assert {meeting.slot for meeting in meetings} == {None}
    assert all({meeting.asker, meeting.asked} != demo_firms for meeting in meetings)
    assert sum(meeting.request_state == "accepted" for meeting in meetings) > 10


def test_events_are_planned_on_working_days(province: Province):
    planned = [event for event in province.events if event.key != stories.TODAY_EVENT]

    assert all(event.held_on.isoweekday() <= 5 for event in planned)
    assert not [event.key for event in planned if (event.held_on.month, event.held_on.day) in {(1, 1), (5, 1), (10, 1)}]


def test_what_is_coming_is_still_in_the_programme_year_while_enough_of_it_is_left(province: Province):
    coming = {"planned", "submitted", "preparing", "open", "timetabling", "timetabled"}
    days = [event.held_on for event in province.events if event.state in coming]

    assert min(days) == province.today
    assert {day.year for day in days} == {province.programme.year}
