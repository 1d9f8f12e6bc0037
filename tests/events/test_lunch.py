"""An organiser sets a lunch break, or is told why it cannot lie there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from matchmaker.events import services
from matchmaker.events.models import EventState, MatchmakingEvent
from matchmaker.events.refusals import LunchMisplaced, TimetableIsOut
from tests.events.test_views import form_of, organiser, page, read, staff_of


def facts_of(event: MatchmakingEvent, **changed) -> services.EventFacts:
    names = [name for name in services.EventFacts.__dataclass_fields__ if name not in changed]
    return services.EventFacts(**{name: getattr(event, name) for name in names}, **changed)


def test_slots_are_laid_around_the_lunch_break_an_organiser_sets(sign_in, session, make) -> None:
    member = organiser(make)
    staff = sign_in(member)

    answer = staff.post("/events/new", data=form_of(lunch_starts_at="10:30", lunch_ends_at="13:00"))
    (event,) = read(session, MatchmakingEvent.__table__.select().with_only_columns(MatchmakingEvent.public_id))
    shown, edited = page(staff.get(f"/events/{event}")), page(staff.get(f"/events/{event}/edit"))

    assert answer.status_code == 302
    assert "4 张桌 × 6 个时段，每次 20 分钟·午休 10:30–13:00" in shown
    assert 'value="10:30"' in edited
    assert 'value="13:00"' in edited


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        ("12:00", "", "午休结束：开始和结束要都填，或都不填。"),
        ("10:30", "10:00", "午休结束：午休结束要晚于午休开始。"),
        ("09:40", "13:00", "午休开始：午休之前一个时段都排不下，请晚些开始午休，或提早首个时段。"),
        ("17:00", "18:00", "午休开始：全部时段在午休之前就排完了，不需要午休：请清空这两栏，或增加时段数。"),
        ("10:30", "23:30", "午休结束：最后一个时段要到次日才结束，请缩短午休或减少时段数。"),
    ],
)
def test_a_lunch_break_that_fits_nowhere_is_refused_at_its_field(sign_in, session, make, begins, ends, said) -> None:
    staff = sign_in(organiser(make))

    answer = staff.post("/events/new", data=form_of(lunch_starts_at=begins, lunch_ends_at=ends))

    assert answer.status_code == 422
    assert said in page(answer)
    assert read(session, MatchmakingEvent.__table__.select()) == []


def test_a_lunch_break_is_taken_away_by_emptying_both_boxes(sign_in, session, make) -> None:
    event = make.event(
        state=EventState.PREPARING,
        lunch_starts_at=datetime(2026, 6, 18, 4, tzinfo=UTC),
        lunch_ends_at=datetime(2026, 6, 18, 5, tzinfo=UTC),
    )
    make.programme(2026)
    staff, version = sign_in(staff_of(make, event)), str(event.version)
    session.commit()

    staff.post(f"/events/{event.public_id}/edit", data=form_of(seen_version=version, title=event.title))

    session.refresh(event)
    assert (event.lunch_starts_at, event.lunch_ends_at) == (None, None)


def test_a_service_refuses_a_lunch_break_that_leaves_no_afternoon(session, make) -> None:
    event, user = make.event(slot_count=2), make.user()
    begins = event.starts_at.replace(hour=1, minute=0)
    facts = replace(facts_of(event), starts_at=begins)

    with pytest.raises(LunchMisplaced):
        services.revise_event(
            session,
            event=event,
            facts=replace(facts, lunch_starts_at=begins.replace(hour=4), lunch_ends_at=begins.replace(hour=5)),
            actor=user,
        )


def test_lunch_stays_where_it_is_while_the_timetable_built_around_it_is_out(session, make) -> None:
    event, user = make.event(state=EventState.TIMETABLED), make.user()
    facts = facts_of(event)
    begins = event.starts_at + 3 * facts.day.length

    with pytest.raises(TimetableIsOut):
        services.revise_event(
            session,
            event=event,
            facts=replace(facts, lunch_starts_at=begins, lunch_ends_at=begins + facts.day.length),
            actor=user,
        )


@pytest.mark.parametrize(
    "change", ["lunch_starts_at = starts_at", "lunch_starts_at = starts_at, lunch_ends_at = starts_at"]
)
def test_the_database_keeps_no_half_and_no_empty_lunch_break(session, make, change) -> None:
    make.event()

    with pytest.raises(DatabaseError):
        session.execute(text(f"UPDATE matchmaking_event SET {change}"))
