from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.enterprises.models import EnterpriseState
from matchmaker.events.models import EventState, RegistrationState, Side
from matchmaker.jobs import services as jobs
from matchmaker.jobs.models import JobState
from matchmaker.matching.models import MatchRun, MatchSubject, Outcome, Suggestion, SuggestionOutcome
from matchmaker.meetings import queries, services
from matchmaker.meetings.models import (
    Appointment,
    Meeting,
    MeetingOutcome,
    MeetingState,
    RequestState,
    TimetableState,
)
from matchmaker.meetings.refusals import (
    AlreadyAnswered,
    AlreadyAsked,
    AnsweringClosed,
    AskingClosed,
    AskingOneself,
    BeingComputed,
    MissedHasNoOutcome,
    NoHall,
    NotADraft,
    NotComing,
    NothingToPlace,
    NotPublished,
    NotRegistered,
    OutcomesRecorded,
    TimetablingClosed,
    TooEarlyForOutcome,
    WasDeclined,
)
from matchmaker.meetings.services.computing import early
from matchmaker.meetings.timetable import Assignment
from matchmaker.notices.models import Notice


@pytest.fixture
def event(make):
    return make.event(slot_count=3, table_count=2)


@pytest.fixture
def buyer(make, event):
    firm = make.enterprise("汉江重卡有限公司", short_name="汉江重卡")
    make.registration(event, firm, side=Side.BUYER)
    return firm


@pytest.fixture
def seller(make, event):
    firm = make.enterprise("恒昌模具有限公司", short_name="恒昌模具")
    make.registration(event, firm)
    return firm


def ask(session, event, asker, asked, **values):
    return services.ask_for_meeting(session, event=event, asker=asker, asked=asked, actor=None, **values)


def accepted(session, event, asker, asked, **values):
    request = ask(session, event, asker, asked, **values)
    services.accept_meeting(session, request=request, actor=None)
    return request


def compute(session, event, actor):
    """A computed draft of an event's timetable."""
    version = services.start_timetable(session, event=event, actor=actor)
    session.commit()
    state = jobs.run(session, version.job_id, {"compute timetable": services.compute_timetable})
    assert state is JobState.DONE
    session.refresh(version)
    return version


def publish(session, make, event):
    actor = make.user(Role.ORGANISER, office=event.organiser)
    version = compute(session, event, actor)
    services.publish_timetable(session, timetable=version, actor=actor)
    session.flush()
    return version


def titles(session, enterprise):
    statement = select(Notice.title).where(Notice.enterprise_id == enterprise.id).order_by(Notice.id)
    return session.scalars(statement).all()


def test_a_request_reaches_the_other_side(session, event, buyer, seller):
    request = ask(session, event, seller, buyer, note="12 套压铸模", preference=5)

    assert (request.state, request.preference) == (RequestState.ASKED, 5)
    assert queries.open_requests_for(session, buyer.id) == [request]
    assert titles(session, buyer) == ["恒昌模具请求洽谈，请答复"]


def test_a_firm_does_not_talk_to_itself(session, event, buyer):
    with pytest.raises(AskingOneself):
        ask(session, event, buyer, buyer)


def test_whoever_asks_has_registered(session, make, event, buyer):
    stranger = make.enterprise()
    given_up = make.enterprise()
    make.registration(event, given_up, state=RegistrationState.CANCELLED)

    for firm in (stranger, given_up):
        with pytest.raises(NotRegistered):
            ask(session, event, firm, buyer)


def test_a_firm_that_may_still_register_can_be_asked_but_not_after_registration_closed(session, make, event, seller):
    ask(session, event, seller, make.enterprise())
    event.state = EventState.TIMETABLING

    with pytest.raises(NotComing):
        ask(session, event, seller, make.enterprise())


def test_a_refused_or_unlisted_firm_cannot_be_asked(session, make, event, seller):
    refused, hidden = make.enterprise(), make.enterprise(state=EnterpriseState.SUSPENDED)
    make.registration(event, refused, state=RegistrationState.REFUSED)

    for firm in (refused, hidden):
        with pytest.raises(NotComing):
            ask(session, event, seller, firm)


def test_two_firms_have_one_request_at_an_event_whoever_asks(session, event, buyer, seller):
    ask(session, event, seller, buyer)

    with pytest.raises(AlreadyAsked):
        ask(session, event, seller, buyer)
    with pytest.raises(AlreadyAsked) as refusal:
        ask(session, event, buyer, seller)

    assert refusal.value.message == "双方在本场已有洽谈请求，目前为“请求”。"


def test_a_withdrawn_request_may_be_put_again_and_a_declined_one_not(session, event, buyer, seller):
    request = ask(session, event, seller, buyer)
    services.withdraw_meeting(session, request=request, actor=None)

    again = ask(session, event, seller, buyer)
    services.decline_meeting(session, request=again, reason="近期无此需求", actor=None)

    assert again is request
    assert (request.state, request.reason) == (RequestState.DECLINED, "近期无此需求")
    with pytest.raises(WasDeclined):
        ask(session, event, seller, buyer)


def test_requests_end_when_the_timetable_is_out(session, event, buyer, seller):
    event.state = EventState.TIMETABLED

    with pytest.raises(AskingClosed):
        ask(session, event, seller, buyer)


def test_a_request_is_answered_once(session, event, buyer, seller):
    request = accepted(session, event, seller, buyer)

    with pytest.raises(AlreadyAnswered):
        services.decline_meeting(session, request=request, reason="", actor=None)

    assert titles(session, seller) == ["汉江重卡接受洽谈，等待排期"]


def test_an_answer_can_be_taken_back_until_it_is_timetabled(session, make, event, buyer, seller):
    request = accepted(session, event, seller, buyer)
    services.reopen_meeting(session, request=request, actor=None)
    assert (request.state, request.answered_at) == (RequestState.ASKED, None)

    services.accept_meeting(session, request=request, actor=None)
    publish(session, make, event)

    with pytest.raises(AskingClosed):
        services.reopen_meeting(session, request=request, actor=None)
    with pytest.raises(AnsweringClosed):
        services.withdraw_meeting(session, request=request, actor=None)


def test_accepting_means_coming(session, make, event, seller):
    invited = make.enterprise()
    request = ask(session, event, seller, invited)

    with pytest.raises(NotRegistered):
        services.accept_meeting(session, request=request, actor=None)


def test_a_timetable_seats_both_parties_of_every_accepted_request(session, make, event, buyer, seller):
    other = make.enterprise()
    make.registration(event, other)
    first, second = (accepted(session, event, firm, buyer) for firm in (seller, other))

    version = compute(session, event, make.user(Role.ORGANISER, office=event.organiser))

    meetings = queries.meetings_of_timetable(session, version)
    assert version.state is TimetableState.DRAFT
    assert {each.request_id for each in meetings} == {first.id, second.id}
    assert len({each.slot_id for each in meetings}) == 2
    seats = session.execute(select(Appointment.enterprise_id, Appointment.slot_id)).all()
    assert len(seats) == len(set(seats)) == 4
    assert meetings[0].slot.starts_at in [event.starts_at + timedelta(minutes=20) * n for n in range(3)]
    assert [stage["name"] for stage in version.stages] == ["required", "served", "utility", "breaks", "table_moves"]


def test_what_does_not_fit_is_left_out_with_its_reason(session, make, buyer):
    event = make.event(slot_count=1, table_count=1)
    make.registration(event, buyer, side=Side.BUYER)
    firms = [make.enterprise() for _ in range(2)]
    for firm in firms:
        make.registration(event, firm)
    weak, strong = (
        accepted(session, event, firm, buyer, preference=preference)
        for firm, preference in zip(firms, (1, 5), strict=True)
    )

    version = compute(session, event, make.user(Role.ORGANISER, office=event.organiser))

    assert [each.request_id for each in queries.meetings_of_timetable(session, version)] == [strong.id]
    give_way = {"kind": "give_way", "request_id": strong.id, "slot": None, "firm_ids": [], "table": None, "amount": 0}
    assert version.unplaced == [
        {
            "request_id": weak.id,
            "cause": "firm_full",
            "firm_ids": [buyer.id],
            "slots": [],
            "remedy": {"slot": 1, "changes": [give_way]},
        }
    ]


def test_a_request_of_a_firm_without_a_seat_is_left_out(session, make, event, buyer, seller):
    waiting = make.enterprise()
    make.registration(event, waiting, state=RegistrationState.WAITING)
    placed = accepted(session, event, seller, buyer)
    left = accepted(session, event, waiting, buyer)

    version = compute(session, event, make.user(Role.ORGANISER, office=event.organiser))

    assert [each.request_id for each in queries.meetings_of_timetable(session, version)] == [placed.id]
    assert [(each["request_id"], each["cause"]) for each in version.unplaced] == [(left.id, "no_seat")]


def test_a_timetable_needs_accepted_requests_a_hall_and_an_event_under_way(session, make, event, buyer, seller):
    actor = make.user(Role.ORGANISER, office=event.organiser)
    ask(session, event, seller, buyer)
    with pytest.raises(NothingToPlace):
        services.start_timetable(session, event=event, actor=actor)
    with pytest.raises(NoHall):
        services.start_timetable(session, event=make.event(slot_count=0, table_count=0), actor=actor)
    with pytest.raises(TimetablingClosed):
        services.start_timetable(session, event=make.event(state=EventState.HELD), actor=actor)


def test_one_timetable_of_an_event_is_computed_at_a_time(session, make, event, buyer, seller):
    accepted(session, event, seller, buyer)
    services.start_timetable(session, event=event, actor=make.user())

    with pytest.raises(BeingComputed):
        services.start_timetable(session, event=event, actor=make.user())


def test_computing_a_version_twice_changes_nothing(session, make, event, buyer, seller):
    accepted(session, event, seller, buyer)
    version = compute(session, event, make.user())

    version.job.state = JobState.QUEUED
    session.commit()
    jobs.run(session, version.job_id, {"compute timetable": services.compute_timetable})

    assert len(queries.meetings_of_timetable(session, version)) == 1


def test_publishing_tells_both_parties_and_lets_open_requests_lapse(session, make, event, buyer, seller):
    accepted(session, event, seller, buyer)
    late = make.enterprise()
    make.registration(event, late)
    open_request = ask(session, event, late, buyer)

    version = publish(session, make, event)

    session.refresh(open_request)
    assert (version.state, event.state) == (TimetableState.PUBLISHED, EventState.TIMETABLED)
    assert open_request.state is RequestState.LAPSED
    told = session.scalars(select(Notice).where(Notice.title == "“压铸模专场”排期已发布")).all()
    assert {each.enterprise_id for each in told} == {buyer.id, seller.id}
    body = next(each.body for each in told if each.enterprise_id == seller.id)
    assert body.endswith("在 1 号桌与汉江重卡洽谈")
    meeting = queries.next_meeting(session, seller.id)
    assert queries.meetings_of(session, buyer.id) == [meeting]


def test_a_new_version_replaces_the_published_one(session, make, event, buyer, seller):
    accepted(session, event, seller, buyer)
    first = publish(session, make, event)

    second = publish(session, make, event)

    assert (first.state, second.state, second.number) == (TimetableState.REPLACED, TimetableState.PUBLISHED, 2)
    assert [each.timetable_id for each in queries.meetings_of(session, buyer.id)] == [second.id]


def test_a_version_is_published_once(session, make, event, buyer, seller):
    accepted(session, event, seller, buyer)
    version = publish(session, make, event)

    with pytest.raises(NotADraft):
        services.publish_timetable(session, timetable=version, actor=make.user())


def test_a_timetable_taken_back_is_a_draft_again_and_its_participants_know(session, make, event, buyer, seller):
    accepted(session, event, seller, buyer)
    version = publish(session, make, event)

    services.unpublish_timetable(session, timetable=version, actor=make.user())

    assert (version.state, event.state) == (TimetableState.DRAFT, EventState.TIMETABLING)
    assert queries.meetings_of(session, buyer.id) == []
    assert titles(session, seller)[-1] == "“压铸模专场”排期已撤回，请等待新的排期"
    with pytest.raises(NotPublished):
        services.unpublish_timetable(session, timetable=version, actor=make.user())


def test_an_outcome_is_recorded_once_the_event_has_begun(session, make, event, buyer, seller):
    accepted(session, event, seller, buyer)
    version = publish(session, make, event)
    meeting = queries.meetings_of(session, buyer.id)[0]
    person = make.user(enterprise=buyer)
    with pytest.raises(TooEarlyForOutcome):
        services.record_outcome(session, meeting=meeting, was_held=True, outcome=MeetingOutcome.INTENT, actor=person)
    event.state = EventState.RUNNING

    services.record_outcome(session, meeting=meeting, was_held=True, outcome=MeetingOutcome.INTENT, actor=person)

    assert (meeting.state, meeting.outcome) == (MeetingState.HELD, MeetingOutcome.INTENT)
    assert queries.figures_of(session, event) == queries.MeetingFigures(
        asked=1, accepted=1, scheduled=1, held=1, missed=0, intents=1, follow_ups=0
    )
    with pytest.raises(OutcomesRecorded):
        services.unpublish_timetable(session, timetable=version, actor=person)


def test_a_missed_meeting_has_no_outcome_and_a_held_one_has(session, make, event, buyer, seller):
    accepted(session, event, seller, buyer)
    publish(session, make, event)
    event.state = EventState.RUNNING
    meeting = queries.meetings_of(session, buyer.id)[0]

    for was_held, outcome in ((False, MeetingOutcome.NOTHING), (True, None)):
        with pytest.raises(MissedHasNoOutcome):
            services.record_outcome(session, meeting=meeting, was_held=was_held, outcome=outcome, actor=make.user())
    services.record_outcome(session, meeting=meeting, was_held=False, outcome=None, actor=make.user())

    assert (meeting.state, meeting.outcome) == (MeetingState.MISSED, None)
    assert session.scalars(select(Meeting.state)).all() == [MeetingState.MISSED]


def test_a_timetable_begins_with_the_first_slot_and_ends_as_soon_as_it_can():
    late = [Assignment(0, 9, 0), Assignment(1, 11, 0), Assignment(2, 11, 1), Assignment(3, 10, 0)]

    assert early(late) == [Assignment(0, 2, 0), Assignment(1, 0, 0), Assignment(2, 0, 1), Assignment(3, 1, 0)]
    assert early([Assignment(0, 4, 2)]) == [Assignment(0, 0, 2)]
    assert early([]) == []


def test_a_timetable_may_be_published_on_the_day_after_the_first_check_in(session, make, buyer, seller):
    event = make.event(starts_at=utcnow(), held_on=shanghai_day(utcnow()), slot_count=2, table_count=1)
    for firm in (buyer, seller):
        make.registration(event, firm)
    accepted(session, event, seller, buyer)
    event.state = EventState.RUNNING

    version = publish(session, make, event)

    assert (version.state, event.state) == (TimetableState.PUBLISHED, EventState.RUNNING)


def test_a_request_that_can_no_longer_be_answered_waits_for_nobody(session, make, event, buyer, seller):
    ask(session, event, seller, buyer)
    event.state = EventState.RUNNING
    session.flush()

    assert queries.open_requests_for(session, buyer.id) == []
    assert [each.state for each in queries.requests_to(session, buyer.id)] == [RequestState.ASKED]


@pytest.fixture
def suggestion(session, buyer, seller):
    """The buyer as it was suggested to the seller."""
    run = MatchRun(
        subject=MatchSubject.DOWNSTREAM,
        subject_id=seller.id,
        enterprise_id=seller.id,
        engine_version="1",
        index_version="1",
        input_digest="1",
        suggestions=[Suggestion(rank=1, enterprise_id=buyer.id, score=8_750, evidence={})],
    )
    session.add(run)
    session.flush()
    return run.suggestions[0]


def came_of(session, suggestion):
    session.flush()
    statement = select(SuggestionOutcome.outcome).where(SuggestionOutcome.suggestion_id == suggestion.id)
    return session.scalars(statement.order_by(SuggestionOutcome.id)).all()


def test_matching_hears_what_came_of_a_suggestion_at_every_step(session, make, event, buyer, seller, suggestion):
    accepted(session, event, seller, buyer, suggestion=suggestion)
    [meeting] = publish(session, make, event).meetings
    event.state = EventState.RUNNING
    services.record_outcome(session, meeting=meeting, was_held=True, outcome=MeetingOutcome.FOLLOW_UP, actor=None)
    services.record_outcome(session, meeting=meeting, was_held=False, outcome=None, actor=None)

    assert came_of(session, suggestion) == [Outcome.ASKED, Outcome.ACCEPTED, Outcome.FOLLOW_UP, Outcome.MISSED]


def test_matching_hears_of_refusals_and_second_thoughts(session, event, buyer, seller, suggestion):
    request = ask(session, event, seller, buyer, suggestion=suggestion)
    services.decline_meeting(session, request=request, reason="", actor=None)
    services.reopen_meeting(session, request=request, actor=None)
    services.withdraw_meeting(session, request=request, actor=None)

    assert came_of(session, suggestion) == [Outcome.ASKED, Outcome.DECLINED, Outcome.ASKED, Outcome.WITHDRAWN]


def test_a_request_that_came_of_no_suggestion_teaches_nothing(session, event, buyer, seller, suggestion):
    accepted(session, event, seller, buyer)

    assert came_of(session, suggestion) == []
