"""Something happened to a published timetable: previewed, applied, taken back, and who hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import EventState, RegistrationState
from matchmaker.jobs import services as jobs
from matchmaker.jobs.models import JobState
from matchmaker.meetings import queries, services
from matchmaker.meetings.models import MeetingOutcome, MeetingState, RequestState, TimetableState
from matchmaker.meetings.refusals import (
    AlreadyAsked,
    AskingOneself,
    BeingComputed,
    NoSeats,
    NothingPublished,
    NotPublished,
    OutcomesRecorded,
    RepairOutdated,
)
from matchmaker.notices.models import Notice
from tests.meetings.test_arranging import agree, compute, meeting_of, place_of

SLOTS, TABLES = 4, 3


@pytest.fixture
def event(make):
    return make.event(slot_count=SLOTS, table_count=TABLES)


@pytest.fixture
def staff(make, event):
    return make.user(Role.ORGANISER, office=event.organiser)


@pytest.fixture
def firms(make, event) -> list[Enterprise]:
    names = ("甲厂", "乙厂", "丙厂", "丁厂", "戊厂", "己厂")
    found = [make.enterprise(f"{name}试样有限公司", short_name=name) for name in names]
    for firm in found:
        make.registration(event, firm)
    return found


@pytest.fixture
def published(session, event, staff, firms):
    """Three pairs, each with one talk."""
    for one in (0, 2, 4):
        agree(session, event, firms[one], firms[one + 1])
    version = compute(session, event, staff)
    services.publish_timetable(session, timetable=version, actor=staff)
    session.commit()
    return version


def places(session, version) -> dict[int, tuple[int, int]]:
    return {each.request_id: place_of(each) for each in queries.meetings_of_timetable(session, version)}


def done(session, version):
    """The preview, computed."""
    session.commit()
    assert jobs.run(session, version.job_id, {"compute timetable": services.compute_timetable}) is JobState.DONE
    session.refresh(version)
    return version


def lose_table(session, event, staff, meeting):
    table = meeting.table
    return done(
        session,
        services.mend_table_lost(session, event=event, table=table, slots=range(1, SLOTS + 1), actor=staff),
    )


class Hearing:
    """Which enterprises were told something since the last time one listened."""

    def __init__(self, session) -> None:
        self.session = session
        self.since()

    def since(self) -> dict[int, str]:
        self.session.flush()
        known = getattr(self, "known", set())
        rows = self.session.scalars(select(Notice).where(Notice.enterprise_id.is_not(None))).all()
        self.known = {each.id for each in rows}
        return {each.enterprise_id: each.body for each in rows if each.id not in known}


def test_a_lost_table_moves_its_meetings_and_tells_only_their_firms(session, event, staff, firms, published):
    hit = meeting_of(session, published, firms[0], firms[1])
    lost, before, hearing = hit.table.number, places(session, published), Hearing(session)
    alone = [key for key, (_slot, table) in before.items() if table == lost]

    preview = lose_table(session, event, staff, hit)

    assert (preview.state, published.state) == (TimetableState.DRAFT, TimetableState.PUBLISHED)
    assert places(session, published) == before
    assert [table.closed_slots for table in queries.tables_of(session, event)] == [[]] * TABLES
    assert hearing.since() == {}

    services.publish_timetable(session, timetable=preview, actor=staff)
    session.commit()

    after = places(session, preview)
    assert (preview.state, published.state) == (TimetableState.PUBLISHED, TimetableState.REPLACED)
    assert {key for key in before if after[key] != before[key]} == set(alone)
    assert lost not in {table for _slot, table in after.values()}
    touched = {firm for key in alone for firm in _sides(session, preview, key)}
    told = hearing.since()
    assert told.keys() == touched
    assert told[firms[0].id].startswith("改动：与乙厂的洽谈由")
    assert queries.find_table(session, event, lost).closed_slots == list(range(1, SLOTS + 1))


def _sides(session, version, request_id) -> tuple[int, int]:
    request = queries.requests_with_ids(session, [request_id])[request_id]
    return request.asker_id, request.asked_id


def test_a_repair_taken_back_restores_the_version_and_the_limits_before_it(session, event, staff, firms, published):
    before = places(session, published)
    preview = lose_table(session, event, staff, meeting_of(session, published, firms[0], firms[1]))
    services.publish_timetable(session, timetable=preview, actor=staff)
    session.commit()
    hearing = Hearing(session)

    back = services.undo_repair(session, timetable=preview, actor=staff)
    session.commit()

    assert back is published
    assert (preview.state, published.state) == (TimetableState.DRAFT, TimetableState.PUBLISHED)
    assert places(session, published) == before
    assert [table.closed_slots for table in queries.tables_of(session, event)] == [[]] * TABLES
    assert {firms[0].id, firms[1].id} <= hearing.since().keys()
    with pytest.raises(NotPublished):
        services.undo_repair(session, timetable=preview, actor=staff)


def test_taking_a_repair_back_keeps_what_was_closed_before_it(session, event, staff, firms, published):
    hit = meeting_of(session, published, firms[0], firms[1])
    spare = next(number for number in range(1, SLOTS + 1) if number != hit.slot.number)
    services.close_table(session, event=event, number=hit.table.number, slots=[spare], actor=staff)

    preview = lose_table(session, event, staff, hit)
    services.publish_timetable(session, timetable=preview, actor=staff)
    services.undo_repair(session, timetable=preview, actor=staff)

    assert queries.find_table(session, event, hit.table.number).closed_slots == [spare]


def test_a_late_firm_is_moved_to_when_it_is_there(session, event, staff, firms, published):
    hit = meeting_of(session, published, firms[0], firms[1])
    before, hearing = places(session, published), Hearing(session)

    preview = done(
        session,
        services.mend_firm_away(session, event=event, firm=firms[0], slots=[hit.slot.number], actor=staff),
    )
    services.publish_timetable(session, timetable=preview, actor=staff)

    after = places(session, preview)
    assert after[hit.request_id][0] != hit.slot.number
    assert {key for key in before if after[key] != before[key]} == {hit.request_id}
    assert hearing.since().keys() == {firms[0].id, firms[1].id}
    assert [row.absent_slots for row in queries.availabilities_of(session, event)] == [[hit.slot.number]]


def test_a_firm_that_leaves_frees_its_place_and_its_partner_hears_why_not(session, event, staff, firms, published):
    hearing = Hearing(session)

    preview = done(
        session,
        services.mend_firm_away(session, event=event, firm=firms[0], slots=range(1, SLOTS + 1), actor=staff),
    )
    services.publish_timetable(session, timetable=preview, actor=staff)

    assert len(places(session, preview)) == 2
    told = hearing.since()
    assert told.keys() == {firms[0].id, firms[1].id}
    assert told[firms[1].id].startswith("取消：原定")


def test_a_meeting_called_off_is_withdrawn_when_applied_and_stands_again_when_taken_back(
    session, event, staff, firms, published
):
    hit = meeting_of(session, published, firms[2], firms[3])
    preview = done(session, services.mend_called_off(session, meeting=hit, actor=staff))
    assert hit.request.state is RequestState.ACCEPTED

    services.publish_timetable(session, timetable=preview, actor=staff)
    session.commit()

    assert hit.request.state is RequestState.WITHDRAWN
    assert hit.request_id not in places(session, preview)
    assert hit.request_id not in [row["request_id"] for row in preview.unplaced]
    services.undo_repair(session, timetable=preview, actor=staff)
    assert hit.request.state is RequestState.ACCEPTED


def test_walk_ins_are_added_without_moving_anybody(session, make, event, staff, firms, published):
    arrived = make.enterprise("新到试样有限公司", short_name="新到")
    make.registration(event, arrived)
    request = services.add_agreed_meeting(
        session, event=event, asker=arrived, asked=firms[0], preference=4, actor=staff
    )
    before, hearing = places(session, published), Hearing(session)

    preview = done(session, services.mend_newcomers(session, event=event, actor=staff))
    services.publish_timetable(session, timetable=preview, actor=staff)

    after = places(session, preview)
    assert after.keys() - before.keys() == {request.id}
    assert {key: after[key] for key in before} == before
    assert hearing.since().keys() == {arrived.id, firms[0].id}


def test_an_agreed_talk_needs_two_firms_with_seats_and_no_request_between_them(session, make, event, staff, firms):
    agree(session, event, firms[0], firms[1])
    waiting = make.enterprise()
    make.registration(event, waiting, state=RegistrationState.WAITING)

    for asker, asked, refusal in (
        (firms[0], firms[0], AskingOneself),
        (firms[1], firms[0], AlreadyAsked),
        (waiting, firms[0], NoSeats),
    ):
        with pytest.raises(refusal):
            services.add_agreed_meeting(session, event=event, asker=asker, asked=asked, preference=3, actor=staff)


def test_only_a_published_timetable_is_mended_and_one_thing_at_a_time(session, event, staff, firms):
    agree(session, event, firms[0], firms[1])
    version = compute(session, event, staff)
    with pytest.raises(NothingPublished):
        services.mend_newcomers(session, event=event, actor=staff)
    services.publish_timetable(session, timetable=version, actor=staff)

    services.mend_newcomers(session, event=event, actor=staff)

    with pytest.raises(BeingComputed):
        services.mend_newcomers(session, event=event, actor=staff)


def test_a_preview_of_what_is_no_longer_published_is_not_applied(session, event, staff, firms, published):
    preview = lose_table(session, event, staff, meeting_of(session, published, firms[0], firms[1]))
    other = compute(session, event, staff)
    services.publish_timetable(session, timetable=other, actor=staff)
    session.commit()

    with pytest.raises(RepairOutdated):
        services.publish_timetable(session, timetable=preview, actor=staff)
    session.rollback()

    assert [queries.find_published(session, event).id, preview.state] == [other.id, TimetableState.DRAFT]


@pytest.fixture
def under_way(session, make, staff, firms, event):
    """An event whose first slot has begun, with a talk in it that took place."""
    event.starts_at = utcnow() - timedelta(minutes=5)
    event.held_on = shanghai_day(event.starts_at)
    event.state = EventState.RUNNING
    for one in (0, 2, 4):
        agree(session, event, firms[one], firms[one + 1])
    agree(session, event, firms[0], firms[2])
    version = compute(session, event, staff)
    services.publish_timetable(session, timetable=version, actor=staff)
    begun = [each for each in queries.meetings_of_timetable(session, version) if each.slot.number == 1]
    services.record_outcome(session, meeting=begun[0], was_held=True, outcome=MeetingOutcome.FOLLOW_UP, actor=staff)
    session.commit()
    return version


def test_what_took_place_keeps_its_outcome_and_nothing_is_put_into_the_past(session, event, staff, firms, under_way):
    held = next(each for each in queries.meetings_of_timetable(session, under_way) if each.is_over)
    table = held.table

    preview = lose_table(session, event, staff, held)
    services.publish_timetable(session, timetable=preview, actor=staff)
    session.commit()

    after = {each.request_id: each for each in queries.meetings_of_timetable(session, preview)}
    before = places(session, under_way)
    kept = after[held.request_id]
    assert (kept.state, kept.outcome) == (MeetingState.HELD, MeetingOutcome.FOLLOW_UP)
    moved = [each for key, each in after.items() if place_of(each) != before.get(key)]
    assert all(each.slot.number > 1 for each in moved)
    assert all(each.table.number != table.number for each in after.values() if each.slot.number > 1)


def test_an_outcome_recorded_after_the_preview_goes_with_it_and_bars_the_way_back(
    session, event, staff, firms, under_way
):
    preview = done(session, services.mend_newcomers(session, event=event, actor=staff))
    later = next(each for each in queries.meetings_of_timetable(session, under_way) if not each.is_over)
    services.record_outcome(session, meeting=later, was_held=False, outcome=None, actor=staff)

    services.publish_timetable(session, timetable=preview, actor=staff)
    session.commit()

    states = {each.request_id: each.state for each in queries.meetings_of_timetable(session, preview)}
    assert states[later.request_id] is MeetingState.MISSED
    another = next(each for each in queries.meetings_of_timetable(session, preview) if not each.is_over)
    services.record_outcome(session, meeting=another, was_held=False, outcome=None, actor=staff)
    with pytest.raises(OutcomesRecorded):
        services.undo_repair(session, timetable=preview, actor=staff)
