"""A draft arranged by hand, the limits it keeps to, and what the page's reasons say."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.enterprises.models import Enterprise
from matchmaker.jobs import services as jobs
from matchmaker.jobs.models import JobState
from matchmaker.meetings import queries, services
from matchmaker.meetings.explaining import clashes_of, left_out_of, named_requests, remedy_words
from matchmaker.meetings.models import Meeting, MeetingRequest, RequestState, TimetableState
from matchmaker.meetings.refusals import (
    CannotMoveThere,
    MeetingLocked,
    NoMoveToUndo,
    NoSeats,
    NotADraft,
    OnlyDraftsArranged,
)
from matchmaker.notices.models import Notice


@pytest.fixture
def event(make):
    return make.event(slot_count=4, table_count=3)


@pytest.fixture
def staff(make, event):
    return make.user(Role.ORGANISER, office=event.organiser)


@pytest.fixture
def firms(make, event) -> list[Enterprise]:
    found = [make.enterprise(f"{name}试样有限公司", short_name=name) for name in ("甲厂", "乙厂", "丙厂", "丁厂")]
    for firm in found:
        make.registration(event, firm)
    return found


def agree(session, event, asker, asked, preference=3) -> MeetingRequest:
    request = MeetingRequest(event=event, asker=asker, asked=asked, preference=preference, state=RequestState.ACCEPTED)
    session.add(request)
    session.flush()
    return request


def compute(session, event, actor, **rest):
    version = services.start_timetable(session, event=event, actor=actor, **rest)
    session.commit()
    assert jobs.run(session, version.job_id, {"compute timetable": services.compute_timetable}) is JobState.DONE
    session.refresh(version)
    return version


def place_of(meeting: Meeting) -> tuple[int, int]:
    return meeting.slot.number, meeting.table.number


def move(session, meeting, place, actor) -> None:
    event = meeting.request.event
    slot, table = queries.find_slot(session, event, place[0]), queries.find_table(session, event, place[1])
    services.move_meeting(session, meeting=meeting, slot=slot, table=table, actor=actor)


@pytest.fixture
def draft(session, event, staff, firms):
    """甲 talks with 乙 and 丙, 丙 with 丁."""
    one, two, three, four = firms
    for pair in ((one, two), (one, three), (three, four)):
        agree(session, event, *pair)
    return compute(session, event, staff)


def meeting_of(session, draft, asker, asked) -> Meeting:
    meetings = queries.meetings_of_timetable(session, draft)
    return next(each for each in meetings if each.request.asker is asker and each.request.asked is asked)


def test_a_meeting_moves_to_a_free_place_and_back(session, draft, staff, firms):
    meeting = meeting_of(session, draft, firms[0], firms[1])
    before = place_of(meeting)

    move(session, meeting, (4, 3), staff)

    assert place_of(meeting) == (4, 3)
    assert {each.slot_id for each in meeting.appointments} == {meeting.slot_id}
    services.undo_move(session, timetable=draft, actor=staff)
    assert place_of(meeting) == before
    with pytest.raises(NoMoveToUndo):
        services.undo_move(session, timetable=draft, actor=staff)
    moves = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "move meeting")).all()
    assert [each["to"] for each in moves] == [[4, 3], list(before)]


def test_what_stands_in_the_way_of_a_move_is_said_with_the_nearest_free_place(session, draft, staff, firms):
    busy = meeting_of(session, draft, firms[0], firms[2])
    meeting = meeting_of(session, draft, firms[0], firms[1])
    slot, table = place_of(busy)
    beside = next(number for number in (1, 2, 3) if number != table)

    with pytest.raises(CannotMoveThere) as refusal:
        move(session, meeting, (slot, beside), staff)

    said = f"不能移到这里：甲厂此时在 {table} 号桌与丙厂洽谈。最近的可放位置是 "
    assert refusal.value.message.startswith(said)
    assert place_of(meeting) != (slot, beside)
    assert draft.last_move == {}


def test_a_taken_or_closed_table_and_an_absent_firm_stand_in_the_way(session, event, draft, staff, firms):
    one, two, three, four = firms
    meeting, other = meeting_of(session, draft, one, two), meeting_of(session, draft, three, four)
    move(session, other, (4, 2), staff)
    services.close_table(session, event=event, number=3, slots=[4], actor=staff)
    services.limit_firm(session, event=event, firm=two, absent_slots=[3], most=None, actor=staff)

    whys = queries.hall_of(session, draft).obstacles(meeting)

    assert (whys[4, 2], whys[4, 3]) == ("桌位已排丙厂 × 丁厂", "这张桌此时不开放")
    assert whys[3, 1] == "乙厂此时不在场"
    assert whys[4, 1] == ""


def test_a_draft_moved_by_hand_shows_the_breaks_it_then_has(session, draft, staff, firms):
    values = {stage["name"]: stage["value"] for stage in draft.stages}
    assert values["breaks"] == 0
    meeting = meeting_of(session, draft, firms[0], firms[1])
    other = meeting_of(session, draft, firms[0], firms[2])
    far = max((4, 1), key=lambda number: abs(number - other.slot.number))

    move(session, meeting, (far, 3), staff)

    stages = {stage["name"]: stage for stage in draft.stages}
    gap = abs(far - other.slot.number) > 1
    assert (stages["breaks"]["value"], stages["breaks"]["proved"]) == (int(gap), not gap)
    assert stages["utility"]["value"] == values["utility"]


def test_the_database_keeps_two_meetings_from_one_table_and_one_firm_from_two_tables(session, draft, firms):
    meeting, other = meeting_of(session, draft, firms[0], firms[1]), meeting_of(session, draft, firms[2], firms[3])

    meeting.slot, meeting.table = other.slot, other.table

    with pytest.raises(IntegrityError):
        session.flush()


def test_locked_meetings_stay_when_the_timetable_is_computed_anew(session, event, draft, staff, firms):
    meeting = meeting_of(session, draft, firms[0], firms[1])
    move(session, meeting, (4, 3), staff)
    services.lock_meeting(session, meeting=meeting, is_locked=True, actor=staff)

    again = compute(session, event, staff, locks_of=draft)

    kept = meeting_of(session, again, firms[0], firms[1])
    assert (place_of(kept), kept.is_locked) == ((4, 3), True)
    assert len(queries.meetings_of_timetable(session, again)) == 3
    with pytest.raises(MeetingLocked):
        move(session, kept, (4, 2), staff)
    services.lock_meeting(session, meeting=kept, is_locked=False, actor=staff)
    move(session, kept, (4, 2), staff)
    assert place_of(kept) == (4, 2)


def test_only_drafts_are_arranged(session, draft, staff, firms):
    meeting = meeting_of(session, draft, firms[0], firms[1])
    services.publish_timetable(session, timetable=draft, actor=staff)

    for act in (
        lambda: move(session, meeting, (4, 3), staff),
        lambda: services.lock_meeting(session, meeting=meeting, is_locked=True, actor=staff),
        lambda: services.undo_move(session, timetable=draft, actor=staff),
    ):
        with pytest.raises(OnlyDraftsArranged):
            act()


def test_a_timetable_keeps_to_absences_caps_and_closed_tables(session, event, staff, firms):
    one, two, three, four = firms
    requests = [
        agree(session, event, one, other, preference) for other, preference in ((two, 5), (three, 4), (four, 1))
    ]
    services.limit_firm(session, event=event, firm=one, absent_slots=[1, 2], most=2, actor=staff)
    services.close_table(session, event=event, number=1, slots=[1, 2, 3, 4], actor=staff)

    version = compute(session, event, staff)

    meetings = queries.meetings_of_timetable(session, version)
    assert {each.request_id for each in meetings} == {requests[0].id, requests[1].id}
    assert {each.slot.number for each in meetings} == {3, 4}
    assert 1 not in {each.table.number for each in meetings}
    assert [(row["request_id"], row["cause"]) for row in version.unplaced] == [(requests[2].id, "cap")]


def test_a_limit_said_again_replaces_the_former(session, event, staff, firms):
    services.limit_firm(session, event=event, firm=firms[0], absent_slots=[2, 1], most=3, actor=staff)
    services.limit_firm(session, event=event, firm=firms[0], absent_slots=[], most=None, actor=staff)

    (row,) = queries.availabilities_of(session, event)
    assert (row.absent_slots, row.most) == ([], None)


def test_only_a_firm_with_a_seat_has_limits(session, make, event, staff):
    with pytest.raises(NoSeats):
        services.limit_firm(session, event=event, firm=make.enterprise(), absent_slots=[1], most=None, actor=staff)


def test_a_draft_put_aside_can_be_taken_up_again_and_not_published_meanwhile(session, draft, staff):
    services.discard_timetable(session, timetable=draft, actor=staff)
    assert draft.state is TimetableState.DISCARDED
    session.flush()
    with pytest.raises(NotADraft):
        services.publish_timetable(session, timetable=draft, actor=staff)

    services.take_up_timetable(session, timetable=draft, actor=staff)
    services.publish_timetable(session, timetable=draft, actor=staff)

    assert draft.state is TimetableState.PUBLISHED
    with pytest.raises(NotADraft):
        services.discard_timetable(session, timetable=draft, actor=staff)


def test_only_those_whose_appointments_changed_hear_of_a_new_version(session, event, draft, staff, firms):
    _one, two, _three, four = firms
    services.publish_timetable(session, timetable=draft, actor=staff)
    for each in queries.meetings_of_timetable(session, draft):
        each.is_locked = True
    session.flush()
    agree(session, event, two, four)
    known = session.scalars(select(Notice.id)).all()

    again = compute(session, event, staff, locks_of=draft)
    services.publish_timetable(session, timetable=again, actor=staff)

    new = select(Notice).where(Notice.id.not_in(known), Notice.enterprise_id.is_not(None))
    told = {each.enterprise_id: each for each in session.scalars(new)}
    assert told.keys() == {two.id, four.id}
    assert told[two.id].title == "“压铸模专场”排期有变动，请查看"
    assert (told[two.id].body[:3], told[two.id].body[-5:]) == ("新增：", "与丁厂洽谈")


def test_a_remedy_is_said_as_an_organiser_would_say_it(session, event, draft, firms):
    request = meeting_of(session, draft, firms[0], firms[1]).request
    other = meeting_of(session, draft, firms[2], firms[3]).request
    remedy = {
        "slot": 3,
        "changes": [
            {
                "kind": "raise_cap",
                "slot": None,
                "firm_ids": [firms[0].id],
                "request_id": None,
                "table": None,
                "amount": 0,
            },
            {"kind": "move", "slot": 2, "firm_ids": [], "request_id": other.id, "table": None, "amount": 0},
        ],
    }
    known, times = {request.id: request, other.id: other}, {2: "10:00", 3: "10:20"}

    said = remedy_words(remedy, known, times)
    draft.unplaced = [
        {"request_id": request.id, "cause": "cap", "firm_ids": [firms[0].id], "slots": [], "remedy": remedy}
    ]
    (line,) = left_out_of(draft, known, queries.slots_of(session, event))

    assert said == "把甲厂的洽谈上限加 1 场，把丙厂 × 丁厂改到 10:00，即可排在 10:20"
    assert (line.pair, line.reason) == ("甲厂 × 乙厂", "甲厂的洽谈次数已达上限。")
    assert line.remedy.startswith("把甲厂的洽谈上限加 1 场，把丙厂 × 丁厂改到 ")


def test_locks_that_cannot_all_be_kept_are_named_as_a_smallest_clash(session, event, draft, staff, firms):
    meeting = meeting_of(session, draft, firms[0], firms[1])
    move(session, meeting, (4, 3), staff)
    services.lock_meeting(session, meeting=meeting, is_locked=True, actor=staff)
    services.limit_firm(session, event=event, firm=firms[1], absent_slots=[4], most=None, actor=staff)

    again = compute(session, event, staff, locks_of=draft)

    known = queries.requests_with_ids(session, named_requests(again))
    assert clashes_of(again, known) == ["甲厂 × 乙厂锁定了时段", "甲厂 × 乙厂已锁定，必须排入", "乙厂有不在场的时段"]
    (line,) = left_out_of(again, known, queries.slots_of(session, event))
    assert (line.pair, line.reason) == ("甲厂 × 乙厂", "固定的时段里乙厂不在场。")
    assert line.remedy != ""
