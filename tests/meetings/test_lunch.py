"""A day divided by lunch, on the pages of its timetable and in what it is computed from."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.accounts.models import Role
from matchmaker.meetings import queries, services
from matchmaker.meetings.hours import hours_of
from matchmaker.meetings.models import MeetingRequest, RequestState, TroubleKind
from matchmaker.meetings.services.briefing import read_repair_brief


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of 18 June in Beijing, as the database keeps it."""
    return datetime(2026, 6, 18, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def event(make):
    return make.event(
        starts_at=at(11), slot_minutes=30, slot_count=4, table_count=1, lunch_starts_at=at(12), lunch_ends_at=at(13, 30)
    )


@pytest.fixture
def staff(make, event):
    return make.user(Role.ORGANISER, office=event.organiser)


@pytest.fixture
def firms(session, make, event):
    """Three firms that all want to talk to each other."""
    firms = [make.enterprise(f"{name}试样有限公司", short_name=name) for name in ("汉江", "恒昌", "应城")]
    for firm in firms:
        make.registration(event, firm)
    for asker, asked in ((0, 1), (0, 2), (1, 2)):
        session.add(MeetingRequest(event=event, asker=firms[asker], asked=firms[asked], state=RequestState.ACCEPTED))
    session.flush()
    return firms


@pytest.fixture
def drafted(session, event, staff, firms, run_jobs):
    version = services.start_timetable(session, event=event, actor=staff)
    session.commit()
    run_jobs()
    session.refresh(version)
    return version


def page(answer):
    return answer.get_data(as_text=True)


def test_nobody_meets_over_lunch(session, event, drafted) -> None:
    assert hours_of(event) == {1: "11:00", 2: "11:30", 3: "13:30", 4: "14:00"}
    assert [each.starts_at for each in queries.slots_of(session, event)] == [at(11), at(11, 30), at(13, 30), at(14)]
    assert [each.slot.number for each in queries.meetings_of_timetable(session, drafted)] == [1, 2, 3]


def test_the_timetable_names_morning_lunch_and_afternoon(sign_in, staff, event, drafted) -> None:
    text = page(sign_in(staff).get(f"/events/{event.public_id}/timetable"))
    rows = re.findall(r'<tr(?: class="brk")?><th class="tm(?: soft)?" scope="row">([^<]*)</th>', text)

    assert rows == ["上午", "11:00", "11:30", "下午", "13:30", "14:00"]
    assert '<td colspan="1">午休 12:00–13:30</td>' in text
    assert "每次 30 分钟·双方都已接受的请求 3 个·午休 12:00–13:30" in text


def test_a_firm_is_away_for_a_whole_half_of_the_day(sign_in, session, staff, event, firms) -> None:
    path, window = f"/events/{event.public_id}/timetable/limits", sign_in(staff)
    firm = firms[0].public_id
    session.commit()

    window.post(path, data={"of": "firm", "firm-firm": firm, "firm-halves": ["afternoon"], "firm-slots": ["2"]})
    shown = page(window.get(path))
    refused = window.post(path, data={"of": "firm", "firm-firm": firm, "firm-halves": ["night"]})

    session.expire_all()
    (row,) = queries.availabilities_of(session, event)
    assert row.absent_slots == [2, 3, 4]
    assert "<td>下午、11:30</td>" in shown
    assert refused.status_code == 422


def test_without_lunch_the_limits_offer_no_halves(sign_in, session, staff, event) -> None:
    event.lunch_starts_at = event.lunch_ends_at = None
    session.commit()

    assert "整个半天" not in page(sign_in(staff).get(f"/events/{event.public_id}/timetable/limits"))


def test_at_lunch_a_repair_still_has_the_whole_afternoon(session, staff, event, drafted) -> None:
    brief = read_repair_brief(
        session,
        event,
        published=queries.meetings_of_timetable(session, drafted),
        kind=TroubleKind.TABLE_LOST,
        trouble={"table": 1, "slots": [3]},
        now=at(13),
    )

    assert brief.instance.slot_groups == (frozenset({2, 3}),)
    assert [meeting.slot for meeting in brief.instance.meetings] == [0, 1, None]
