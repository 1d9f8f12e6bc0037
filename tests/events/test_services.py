from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.models import AuditEntry, OfficeLevel, Role
from matchmaker.db import SHANGHAI, shanghai_day, utcnow
from matchmaker.errors import RuleViolation
from matchmaker.events import queries, services
from matchmaker.events.models import CheckIn, EventState, RegistrationState, Side
from matchmaker.events.refusals import (
    AlreadyRegistered,
    CapacityTooSmall,
    CheckInClosed,
    CheckInNotOpen,
    EventCannotMove,
    EventFull,
    EventNotEditable,
    NoProgramme,
    NoSeat,
    NotYetHeld,
    OwnCloseout,
    ReasonMissing,
    RegionOutOfReach,
    RegistrationCannotMove,
    RegistrationClosed,
    TimetableIsOut,
    TooLateToCancel,
    WasRefused,
)
from matchmaker.notices.models import Notice


def facts_of(make, **values):
    year = make.programme().year
    defaults = {
        "title": "襄阳压铸模专场",
        "summary": "",
        "chain": None,
        "region": make.region("420600"),
        "venue": "会展中心",
        "starts_at": datetime(year, 6, 18, 9, 30, tzinfo=SHANGHAI),
        "slot_minutes": 20,
        "slot_count": 6,
        "table_count": 4,
        "capacity": 40,
        "own_matching": True,
    }
    return services.EventFacts(**(defaults | values))


def notices(session):
    return [(each.enterprise_id or each.office_id, each.title) for each in session.scalars(select(Notice))]


def organiser_of(make, event):
    return make.user(Role.ORGANISER, office=event.organiser)


def applicant(make, event, **values):
    """A registration that has not been decided, of a new enterprise."""
    return make.registration(event, make.enterprise(), **({"state": RegistrationState.APPLIED} | values))


def running(make, **values):
    """An event that takes place today."""
    return make.event(starts_at=utcnow(), held_on=shanghai_day(utcnow()), **values)


def test_a_planned_event_belongs_to_its_years_programme_and_to_nobody_but_its_office(app, session, make):
    office = make.office(region="420600")
    actor = make.user(Role.ORGANISER, office=office)

    event = services.plan_event(session, organiser=office, facts=facts_of(make), actor=actor)

    assert (event.state, event.programme, event.taken) == (EventState.PLANNED, make.programme(), 0)
    assert f"{event.held_on:%m-%d}" == "06-18"
    visitors = session.scalars(queries.calendar_of(None, queries.CalendarFilter(when="all"))).all()
    own = session.scalars(queries.calendar_of(actor, queries.CalendarFilter(when="all"))).all()
    assert (visitors, own) == ([], [event])


def test_the_day_of_record_is_the_day_in_shanghai(session, make):
    office = make.office(region="420600")
    late = datetime(make.programme().year, 6, 17, 23, 30, tzinfo=SHANGHAI)

    event = services.plan_event(session, organiser=office, facts=facts_of(make, starts_at=late), actor=make.user())

    assert f"{event.held_on:%m-%d}" == "06-17"


def test_an_event_needs_the_programme_of_its_year(session, make):
    far = datetime(2031, 1, 5, 9, 0, tzinfo=SHANGHAI)

    with pytest.raises(NoProgramme) as refusal:
        services.plan_event(
            session, organiser=make.office(), facts=facts_of(make, starts_at=far), actor=make.user(Role.ORGANISER)
        )

    assert refusal.value.message == "2031 年还没有年度计划，请换一个日期，或请省级单位先建立计划。"


def test_an_office_holds_events_in_its_own_region_only(session, make):
    office = make.office(region="420600")

    with pytest.raises(RegionOutOfReach):
        services.plan_event(
            session, organiser=office, facts=facts_of(make, region=make.region("420300")), actor=make.user()
        )


def test_a_prefecture_submits_its_plan_and_the_province_goes_straight_to_preparing(session, make):
    ours = make.event(organiser=make.office(region="420600"), state=EventState.PLANNED)
    provinces = make.event(organiser=make.office(), state=EventState.PLANNED)

    for event in (ours, provinces):
        services.submit_event(session, event=event, actor=organiser_of(make, event))

    assert (ours.state, provinces.state) == (EventState.SUBMITTED, EventState.PREPARING)


def test_a_plan_comes_back_with_a_reason(session, make):
    event = make.event(state=EventState.SUBMITTED)

    with pytest.raises(ReasonMissing):
        services.return_plan(session, event=event, reason=" ", actor=make.user(Role.OFFICIAL))
    services.return_plan(session, event=event, reason="与省级主场同日", actor=make.user(Role.OFFICIAL))

    assert event.state is EventState.PLANNED
    assert notices(session) == [(event.organiser_id, "“压铸模专场”已退回")]


def test_a_step_that_is_not_in_the_table_is_refused_with_both_states(session, make):
    event = make.event(state=EventState.PLANNED)

    with pytest.raises(EventCannotMove) as refusal:
        services.publish_event(session, event=event, actor=organiser_of(make, event))

    assert refusal.value.message == "本场目前为“拟办”，不能转为“报名中”。"


def test_cancelling_tells_everybody_who_still_meant_to_come(session, make):
    event = make.event()
    seated = make.registration(event, make.enterprise())
    gone = applicant(make, event, state=RegistrationState.CANCELLED)

    services.cancel_event(session, event=event, reason="场地停用", actor=organiser_of(make, event))

    assert event.state is EventState.CANCELLED
    assert notices(session) == [(seated.enterprise_id, "“压铸模专场”已取消")]
    assert gone.enterprise_id not in dict(notices(session))


def test_a_running_event_is_not_edited(session, make):
    event = make.event(state=EventState.RUNNING)

    with pytest.raises(EventNotEditable):
        services.revise_event(session, event=event, facts=facts_of(make), actor=organiser_of(make, event))


def test_a_hall_is_not_made_smaller_than_the_seats_given(session, make):
    event = make.event(capacity=2)
    make.registration(event, make.enterprise())
    make.registration(event, make.enterprise())

    with pytest.raises(CapacityTooSmall):
        services.revise_event(session, event=event, facts=facts_of(make, capacity=1), actor=organiser_of(make, event))


def test_day_and_tables_stand_while_their_timetable_is_out(session, make):
    event = make.event(state=EventState.TIMETABLED, slot_count=6, table_count=4)
    same = facts_of(make, starts_at=event.starts_at)

    services.revise_event(session, event=event, facts=replace(same, venue="二号厅"), actor=make.user())
    with pytest.raises(TimetableIsOut):
        services.revise_event(session, event=event, facts=replace(same, table_count=5), actor=make.user())

    assert (event.venue, event.table_count) == ("二号厅", 4)


def test_a_larger_hall_seats_those_who_waited_in_their_order(session, make):
    event = make.event(capacity=1)
    make.registration(event, make.enterprise())
    now = utcnow()
    second = applicant(make, event, state=RegistrationState.WAITING, applied_at=now)
    first = applicant(make, event, state=RegistrationState.WAITING, applied_at=now - timedelta(hours=1))

    services.revise_event(session, event=event, facts=facts_of(make, capacity=2), actor=organiser_of(make, event))

    assert (first.state, second.state, event.taken) == (RegistrationState.APPROVED, RegistrationState.WAITING, 2)


def test_a_firm_applies_once(session, make):
    event, firm, person = make.event(), make.enterprise(), make.user()
    registration = services.apply_to_event(session, event=event, enterprise=firm, side=Side.BUYER, actor=person)

    with pytest.raises(AlreadyRegistered) as refusal:
        services.apply_to_event(session, event=event, enterprise=firm, side=Side.SELLER, actor=person)

    assert (registration.state, registration.side) == (RegistrationState.APPLIED, Side.BUYER)
    assert refusal.value.message == "贵公司已报名本场，目前为“已申请”。"
    assert event.taken == 0


def test_registration_is_open_only_while_the_event_says_so(session, make):
    event = make.event(state=EventState.TIMETABLING)

    with pytest.raises(RegistrationClosed):
        services.apply_to_event(session, event=event, enterprise=make.enterprise(), side=Side.BUYER, actor=make.user())


def test_an_invited_firm_answers_its_invitation_by_applying(session, make):
    event = make.event()
    invited = applicant(make, event, state=RegistrationState.INVITED)

    again = services.apply_to_event(
        session, event=event, enterprise=invited.enterprise, side=Side.BUYER, actor=make.user()
    )

    assert again is invited
    assert (invited.state, invited.side) == (RegistrationState.APPLIED, Side.BUYER)


def test_a_refused_firm_cannot_apply_to_the_same_event_again(session, make):
    event = make.event()
    registration = applicant(make, event)
    services.refuse_registrations(session, registrations=[registration], reason="不属本链", actor=make.user())

    with pytest.raises(WasRefused):
        services.apply_to_event(
            session, event=event, enterprise=registration.enterprise, side=Side.BUYER, actor=make.user()
        )

    assert notices(session) == [(registration.enterprise_id, "“压铸模专场”报名未通过")]


def test_a_firm_that_gave_up_its_place_starts_at_the_end_of_the_line(session, make):
    event = make.event()
    registration = applicant(make, event, applied_at=utcnow() - timedelta(days=3))
    other = applicant(make, event)
    services.cancel_registration(session, registration=registration, actor=make.user())

    services.apply_to_event(
        session, event=event, enterprise=registration.enterprise, side=Side.SELLER, actor=make.user()
    )

    assert session.scalars(queries.registrations_of(event)).all() == [other, registration]


def test_seats_are_given_in_order_while_they_last_and_the_rest_wait(session, make):
    event = make.event(capacity=2)
    now = utcnow()
    line = [applicant(make, event, applied_at=now - timedelta(minutes=n)) for n in range(3)]

    decided = services.approve_registrations(session, event=event, registrations=line, actor=make.user())

    assert decided == services.Decided(approved=2, waiting=1)
    assert [each.state for each in line] == [
        RegistrationState.WAITING,
        RegistrationState.APPROVED,
        RegistrationState.APPROVED,
    ]
    assert event.taken == 2


def test_approving_a_full_event_is_refused(session, make):
    event = make.event(capacity=1)
    make.registration(event, make.enterprise())
    late = applicant(make, event)

    with pytest.raises(EventFull) as refusal:
        services.approve_registration(session, registration=late, actor=make.user())

    assert (refusal.value.status, late.state, event.taken) == (409, RegistrationState.APPLIED, 1)


def test_what_is_decided_is_skipped_when_approved_in_bulk(session, make):
    event = make.event()
    done = make.registration(event, make.enterprise())

    decided = services.approve_registrations(
        session, event=event, registrations=[done, applicant(make, event)], actor=make.user()
    )

    assert decided == services.Decided(approved=1, skipped=1)
    assert event.taken == 2


def test_a_seat_given_back_goes_to_the_first_who_waits(session, make):
    event = make.event(capacity=1)
    seated = make.registration(event, make.enterprise())
    now = utcnow()
    second = applicant(make, event, state=RegistrationState.WAITING, applied_at=now)
    first = applicant(make, event, state=RegistrationState.WAITING, applied_at=now - timedelta(minutes=1))

    services.cancel_registration(session, registration=seated, actor=make.user())

    assert [each.state for each in (seated, first, second)] == [
        RegistrationState.CANCELLED,
        RegistrationState.APPROVED,
        RegistrationState.WAITING,
    ]
    assert event.taken == 1
    assert notices(session) == [(first.enterprise_id, "“压铸模专场”候补已递补，请确认参加")]


def test_giving_up_a_place_in_the_waiting_list_frees_no_seat(session, make):
    event = make.event(capacity=1)
    make.registration(event, make.enterprise())
    waiting = applicant(make, event, state=RegistrationState.WAITING)

    services.cancel_registration(session, registration=waiting, actor=make.user())

    assert event.taken == 1


def test_nobody_cancels_once_the_event_runs(session, make):
    event = make.event(state=EventState.RUNNING)
    registration = make.registration(event, make.enterprise())

    with pytest.raises(TooLateToCancel):
        services.cancel_registration(session, registration=registration, actor=make.user())


def test_only_an_approved_registration_can_be_confirmed(session, make):
    event = make.event()
    approved = make.registration(event, make.enterprise())
    services.confirm_registration(session, registration=approved, actor=make.user())

    with pytest.raises(RegistrationCannotMove):
        services.confirm_registration(session, registration=applicant(make, event), actor=make.user())

    assert approved.state is RegistrationState.CONFIRMED


def test_the_first_check_in_starts_the_event_and_a_second_adds_nothing(session, make):
    event = running(make, state=EventState.TIMETABLED)
    registration = make.registration(event, make.enterprise(), side=Side.BUYER)
    staff = organiser_of(make, event)
    first_time = utcnow() - timedelta(minutes=5)

    first = services.check_in(session, registration=registration, actor=staff, at=first_time)
    again = services.check_in(session, registration=registration, actor=staff)

    assert (first.is_first, again.is_first) == (True, False)
    assert again.check_in.at == first_time
    assert (event.state, registration.state) == (EventState.RUNNING, RegistrationState.CHECKED_IN)
    assert session.scalar(select(func.count(CheckIn.id))) == 1
    assert queries.attendance_of(session, event) == queries.Attendance(enterprises=1, buyers=1, sellers=0)


def test_nobody_is_present_before_the_day(session, make):
    event = make.event(starts_at=datetime(2099, 3, 20, 1, 0, tzinfo=SHANGHAI), state=EventState.TIMETABLED)
    registration = make.registration(event, make.enterprise())

    with pytest.raises(CheckInNotOpen):
        services.check_in(session, registration=registration, actor=make.user())
    with pytest.raises(NotYetHeld):
        services.finish_event(session, event=event, actor=make.user())

    assert session.scalar(select(func.count(CheckIn.id))) == 0


def test_a_firm_without_a_seat_is_not_checked_in(session, make):
    event = running(make)

    with pytest.raises(NoSeat) as refusal:
        services.check_in(session, registration=applicant(make, event), actor=make.user())

    assert refusal.value.message == "该企业的报名为“已申请”，没有席位，不能签到。"


def test_a_mistaken_tap_is_taken_back_to_where_the_registration_was(session, make):
    event = running(make, state=EventState.TIMETABLED)
    confirmed = make.registration(event, make.enterprise(), state=RegistrationState.CONFIRMED)
    approved = make.registration(event, make.enterprise())
    staff = organiser_of(make, event)
    for each in (confirmed, approved):
        services.check_in(session, registration=each, actor=staff)
        services.undo_check_in(session, registration=each, actor=staff)

    assert (confirmed.state, approved.state) == (RegistrationState.CONFIRMED, RegistrationState.APPROVED)
    assert session.scalar(select(func.count(CheckIn.id))) == 0
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == approved.public_id)).all()
    assert actions == ["check in", "undo check in"]


def test_whoever_did_not_come_is_absent_and_may_be_found_on_the_paper_list(session, make):
    event = running(make, state=EventState.TIMETABLED)
    came, missed = (make.registration(event, make.enterprise()) for _ in range(2))
    staff = organiser_of(make, event)
    services.check_in(session, registration=came, actor=staff)

    absent = services.finish_event(session, event=event, actor=staff)
    states = (came.state, missed.state)
    services.check_in(session, registration=missed, actor=staff)

    assert (absent, states) == (1, (RegistrationState.CHECKED_IN, RegistrationState.ABSENT))
    assert missed.state is RegistrationState.CHECKED_IN


def test_check_ins_are_closed_while_the_close_out_is_under_review(session, make):
    event = running(make, state=EventState.HELD)
    registration = make.registration(event, make.enterprise(), state=RegistrationState.ABSENT)
    services.submit_closeout(session, event=event, text="到场 0 家", actor=organiser_of(make, event))

    with pytest.raises(CheckInClosed):
        services.check_in(session, registration=registration, actor=make.user())


@pytest.mark.parametrize("level", [OfficeLevel.PROVINCE, OfficeLevel.PREFECTURE])
def test_an_official_of_another_office_approves_and_the_event_counts(session, make, level):
    event = make.event(state=EventState.CLOSING)
    region = "420000" if level is OfficeLevel.PROVINCE else "420600"
    official = make.user(Role.OFFICIAL, office=make.office(region=region))

    services.approve_closeout(session, event=event, actor=official)

    assert (event.state, event.approving_office) == (EventState.APPROVED, official.office)
    assert event.approved_at is not None


def test_nobody_approves_from_the_organising_office_from_below_or_from_elsewhere(session, make):
    event = make.event(state=EventState.CLOSING)
    refused = [
        make.user(Role.OFFICIAL, office=event.organiser),
        make.user(Role.OFFICIAL, office=make.office(region="420602", level=OfficeLevel.COUNTY)),
        make.user(Role.OFFICIAL, office=make.office(region="420300")),
        make.user(Role.ORGANISER, office=make.office()),
    ]

    for user in refused:
        with pytest.raises(OwnCloseout):
            services.approve_closeout(session, event=event, actor=user)

    assert event.state is EventState.CLOSING


def test_auditors_approve_what_the_province_itself_organised(session, make):
    event = make.event(organiser=make.office(), state=EventState.CLOSING)

    services.approve_closeout(session, event=event, actor=make.user(Role.AUDITOR))

    assert event.state is EventState.APPROVED


def test_a_close_out_comes_back_with_its_reason(session, make):
    event = make.event(state=EventState.CLOSING, closeout="到场 12 家")

    services.return_closeout(session, event=event, reason="缺签到表", actor=make.user(Role.OFFICIAL))

    assert (event.state, event.closeout) == (EventState.HELD, "到场 12 家")
    assert notices(session) == [(event.organiser_id, "“压铸模专场”结报已退回")]


def test_every_refusal_has_a_sentence_of_its_own():
    from matchmaker.events import refusals

    violations = [
        each for each in vars(refusals).values() if isinstance(each, type) and issubclass(each, RuleViolation)
    ]
    sentences = {str(each.template) for each in violations}

    assert len(sentences) == len(violations)
