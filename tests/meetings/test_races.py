"""One timetable, published by several at the same moment; two firms that ask one another at once."""

from __future__ import annotations

from sqlalchemy import func, select

from matchmaker.accounts.models import Role, User
from matchmaker.enterprises.models import Enterprise
from matchmaker.events.models import EventState, MatchmakingEvent
from matchmaker.jobs import services as jobs
from matchmaker.meetings import services
from matchmaker.meetings.models import MeetingRequest, RequestState, TimetableState, TimetableVersion
from matchmaker.notices.models import Notice
from tests.racing import at_once


def computed(session, event, actor):
    version = services.start_timetable(session, event=event, actor=actor)
    session.commit()
    jobs.run(session, version.job_id, {"compute timetable": services.compute_timetable})
    return version.id


def prepared(session, make):
    """An event with one accepted request, and its organiser."""
    event = make.event(slot_count=2, table_count=1)
    firms = [make.enterprise(), make.enterprise()]
    for firm in firms:
        make.registration(event, firm)
    request = services.ask_for_meeting(session, event=event, asker=firms[0], asked=firms[1], actor=None)
    services.accept_meeting(session, request=request, actor=None)
    actor = make.user(Role.ORGANISER, office=event.organiser)
    session.commit()
    return event, actor


def publish(version_id, actor_id):
    def work(own):
        version = own.get_one(TimetableVersion, version_id)
        services.publish_timetable(own, timetable=version, actor=own.get_one(User, actor_id))
        return "published"

    return work


def test_one_draft_is_published_once(engine, session, make):
    event, actor = prepared(session, make)
    version = computed(session, event, actor)
    told = session.scalar(select(func.count(Notice.id)))
    session.commit()

    results = at_once(engine, [publish(version, actor.id)] * 4)

    session.expire_all()
    assert results.count("published") == 1
    assert session.scalar(select(func.count(Notice.id))) == told + 2
    assert session.get_one(MatchmakingEvent, event.id).state is EventState.TIMETABLED


def test_of_two_drafts_published_at_once_one_version_is_out(engine, session, make):
    event, actor = prepared(session, make)
    versions = [computed(session, event, actor) for _ in range(2)]
    session.commit()

    at_once(engine, [publish(version, actor.id) for version in versions])

    states = sorted(session.scalars(select(TimetableVersion.state)), key=lambda state: state.value)
    assert states in (
        [TimetableState.PUBLISHED, TimetableState.REPLACED],
        [TimetableState.DRAFT, TimetableState.PUBLISHED],
    )


def test_two_firms_that_ask_one_another_at_once_have_one_request(engine, session, make):
    event = make.event()
    firms = [make.enterprise(), make.enterprise()]
    for firm in firms:
        make.registration(event, firm)
    ids, event_id = [firm.id for firm in firms], event.id
    session.commit()

    def ask(asker, asked):
        def work(own):
            services.ask_for_meeting(
                own,
                event=own.get_one(MatchmakingEvent, event_id),
                asker=own.get_one(Enterprise, asker),
                asked=own.get_one(Enterprise, asked),
                actor=None,
            )
            return "asked"

        return work

    results = at_once(engine, [ask(*ids), ask(*reversed(ids))])

    assert sorted(results) == ["AlreadyAsked", "asked"]
    assert session.scalars(select(MeetingRequest.state)).all() == [RequestState.ASKED]
