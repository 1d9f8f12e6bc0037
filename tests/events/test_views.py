from __future__ import annotations

import io

from openpyxl import load_workbook
from sqlalchemy import select

from matchmaker.accounts.models import OfficeLevel, Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.events.models import CheckIn, EventState, MatchmakingEvent, Registration, RegistrationState, Side


def page(answer):
    return answer.get_data(as_text=True)


def fresh(session):
    """Read everything anew and hold no lock on the database, as another request would find it."""
    session.commit()
    for row in list(session):
        session.refresh(row)
    session.commit()


def read(session, statement):
    """Rows as they are now; the reading is over when they are returned."""
    fresh(session)
    rows = session.scalars(statement).all()
    session.commit()
    return rows


def form_of(**values):
    defaults = {
        "title": "十堰轻量化专场",
        "chain": "auto",
        "region": "420600",
        "venue": "二号厅",
        "held_on": "2026-06-18",
        "starts_at": "09:30",
        "slot_minutes": "20",
        "slot_count": "6",
        "table_count": "4",
        "capacity": "40",
        "own_matching": "y",
    }
    return defaults | values


def organiser(make, region="420600"):
    make.programme(2026)
    return make.user(Role.ORGANISER, office=make.office(region=region))


def staff_of(make, event):
    return make.user(Role.ORGANISER, office=event.organiser)


def today_event(make, **values):
    return make.event(starts_at=utcnow(), held_on=shanghai_day(utcnow()), **values)


def test_a_visitor_reads_published_events_only(client, session, make):
    make.event(title="开放的专场")
    make.event(title="筹备中的专场", state=EventState.PREPARING)
    session.commit()

    text = page(client.get("/events"))

    assert "开放的专场" in text
    assert "筹备中的专场" not in text
    assert "符合条件 <b>1</b> 场" in text


def test_an_unpublished_event_is_no_page_for_a_firm_and_one_for_its_region(sign_in, make):
    event = make.event(state=EventState.PREPARING)
    firm, neighbour = make.user(), make.user(Role.OFFICIAL, office=make.office(region="420300"))
    own = make.user(Role.OFFICIAL, office=make.office(region="420600"))

    statuses = [sign_in(user).get(f"/events/{event.public_id}").status_code for user in (firm, neighbour, own)]

    assert statuses == [404, 404, 200]


def test_the_calendar_is_filtered_by_what_stands_in_the_address(client, session, make):
    make.event(title="襄阳专场", chain=make.segment("auto.cast").chain)
    make.event(title="十堰专场", region="420300", organiser=make.office(region="420300"))
    session.commit()

    by_chain = page(client.get("/events?chain=auto"))
    by_region = page(client.get("/events?region=420300"))
    by_text = page(client.get("/events?q=襄阳"))

    assert [("襄阳专场" in each, "十堰专场" in each) for each in (by_chain, by_region, by_text)] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_an_event_called_off_stays_readable_for_those_who_registered(sign_in, make):
    event = make.event(state=EventState.CANCELLED)
    registered, other = make.user(), make.user()
    make.registration(event, make.session.get_one(type(make.enterprise()), registered.enterprise_id))

    statuses = [sign_in(user).get(f"/events/{event.public_id}").status_code for user in (registered, other)]

    assert statuses == [200, 404]


def test_an_organiser_plans_submits_and_publishes_and_the_prefecture_above_agrees(sign_in, session, make):
    make.programme(2026)
    office = make.office(region="420602", level=OfficeLevel.COUNTY)
    browser = sign_in(make.user(Role.ORGANISER, office=office))
    above = sign_in(make.user(Role.OFFICIAL, office=make.office(region="420600")))

    made = browser.post("/events/new", data=form_of(region="420602"))
    event = read(session, select(MatchmakingEvent))[0]
    steps = [
        browser.post(f"/events/{event.public_id}/steps/submit", data={"seen_version": "1"}).status_code,
        above.post(f"/events/{event.public_id}/approve-plan", data={"seen_version": "2"}).status_code,
        browser.post(f"/events/{event.public_id}/steps/publish", data={"seen_version": "3"}).status_code,
    ]

    fresh(session)
    assert made.location == f"/events/{event.public_id}"
    assert steps == [302, 302, 302]
    assert (event.state, event.title, event.chain.code) == (EventState.OPEN, "十堰轻量化专场", "auto")


def test_a_form_with_errors_is_shown_again_with_its_input(sign_in, session, make):
    browser = sign_in(organiser(make))

    answer = browser.post("/events/new", data=form_of(held_on="2031-02-01", venue="老会场"))

    assert answer.status_code == 422
    assert "2031 年还没有年度计划" in page(answer)
    assert 'value="老会场"' in page(answer)
    assert read(session, select(MatchmakingEvent)) == []


def test_a_stale_edit_keeps_the_text_and_changes_nothing(sign_in, session, make):
    event = make.event()
    browser = sign_in(staff_of(make, event))
    session.commit()

    answer = browser.post(f"/events/{event.public_id}/edit", data=form_of(title="旧页上的改名", seen_version="9"))

    fresh(session)
    assert answer.status_code == 422
    assert ("旧页上的改名" in page(answer), event.title) == (True, "压铸模专场")


def test_an_edit_is_kept(sign_in, session, make):
    event = make.event()
    browser = sign_in(staff_of(make, event))

    form = page(browser.get(f"/events/{event.public_id}/edit"))
    answer = browser.post(f"/events/{event.public_id}/edit", data=form_of(title="改过的专场", seen_version="1"))

    fresh(session)
    assert 'value="压铸模专场"' in form
    assert (answer.status_code, event.title, event.version) == (302, "改过的专场", 2)


def test_only_the_organising_office_leads_its_event_on(sign_in, session, make):
    event = make.event()
    neighbour, official = organiser(make), make.user(Role.OFFICIAL, office=event.organiser)
    path = f"/events/{event.public_id}/steps/close-registration"

    statuses = [sign_in(user).post(path).status_code for user in (neighbour, official, make.user())]

    assert statuses == [403, 403, 403]
    fresh(session)
    assert event.state is EventState.OPEN


def test_cancelling_asks_for_a_reason_first(sign_in, session, make):
    event = make.event()
    browser = sign_in(staff_of(make, event))
    session.commit()

    empty = browser.post(f"/events/{event.public_id}/cancel", data={"reason": "", "seen_version": "1"})
    done = browser.post(f"/events/{event.public_id}/cancel", data={"reason": "场地停用", "seen_version": "1"})

    fresh(session)
    assert (empty.status_code, done.status_code, event.state) == (422, 302, EventState.CANCELLED)


def test_a_firm_applies_confirms_and_gives_up_its_place(sign_in, session, make):
    event, person = make.event(), make.user()
    browser = sign_in(person)

    browser.post(f"/events/{event.public_id}/apply", data={"side": "seller", "note": "两人到场"})
    registration = read(session, select(Registration))[0]
    shown = page(browser.get(f"/events/{event.public_id}"))
    registration.state, event.taken = RegistrationState.APPROVED, 1
    session.commit()
    browser.post(f"/events/registrations/{registration.public_id}/confirm")
    fresh(session)
    confirmed = registration.state
    browser.post(f"/events/registrations/{registration.public_id}/cancel")

    fresh(session)
    assert "已报名，等待承办单位审核" in shown
    assert (registration.side, registration.note) == (Side.SELLER, "两人到场")
    assert (confirmed, registration.state, event.taken) == (
        RegistrationState.CONFIRMED,
        RegistrationState.CANCELLED,
        0,
    )


def test_a_second_application_says_so_on_the_same_page(sign_in, session, make):
    event, person = make.event(), make.user()
    browser = sign_in(person)
    browser.post(f"/events/{event.public_id}/apply", data={"side": "seller"})

    again = browser.post(f"/events/{event.public_id}/apply", data={"side": "buyer"})

    assert again.status_code == 422
    assert "贵公司已报名本场，目前为“已申请”。" in page(again)
    assert len(read(session, select(Registration))) == 1


def test_another_firms_registration_is_absent(sign_in, make):
    event = make.event()
    registration = make.registration(event, make.enterprise())
    browser = sign_in(make.user())

    answers = [browser.post(f"/events/registrations/{registration.public_id}/{verb}") for verb in ("confirm", "cancel")]

    assert [each.status_code for each in answers] == [404, 404]


def test_the_queue_is_closed_to_firms_and_to_offices_elsewhere(sign_in, make):
    event = make.event()
    secret = make.enterprise("保密精铸有限公司")
    make.registration(event, secret, state=RegistrationState.APPLIED)
    firm, elsewhere = make.user(), organiser(make, "420300")
    paths = [f"/events/{event.public_id}/registrations", f"/events/{event.public_id}/registrations.xlsx"]

    answers = [sign_in(user).get(path) for user in (firm, elsewhere) for path in paths]

    assert [each.status_code for each in answers] == [403, 403, 404, 404]
    assert not any("保密精铸" in page(each) for each in answers)


def test_registrations_are_approved_one_by_one_or_all_at_once(sign_in, session, make):
    event = make.event(capacity=2)
    line = [make.registration(event, make.enterprise(), state=RegistrationState.APPLIED) for _ in range(3)]
    browser = sign_in(staff_of(make, event))
    path = f"/events/{event.public_id}/registrations"

    browser.post(path, data={"decision": "approve", "chosen": line[2].public_id})
    fresh(session)
    first = [each.state.value for each in line]
    answer = browser.post(path, data={"decision": "approve", "all": "1"}, follow_redirects=True)

    fresh(session)
    assert first == ["applied", "applied", "approved"]
    assert [each.state.value for each in line] == ["approved", "waiting", "approved"]
    assert "已通过 1 家，名额已满，1 家在候补" in page(answer)


def test_refusing_without_a_reason_is_asked_again(sign_in, session, make):
    event = make.event()
    registration = make.registration(event, make.enterprise(), state=RegistrationState.APPLIED)
    browser = sign_in(staff_of(make, event))
    path, chosen = f"/events/{event.public_id}/registrations", {"decision": "refuse", "chosen": registration.public_id}

    empty = browser.post(path, data=chosen)
    done = browser.post(path, data=chosen | {"reason": "不属本链"})

    fresh(session)
    assert (empty.status_code, done.status_code) == (422, 302)
    assert "请写明原因，对方会看到。" in page(empty)
    assert (registration.state, registration.reason) == (RegistrationState.REFUSED, "不属本链")


def test_a_registration_of_another_event_is_not_decided_here(sign_in, session, make):
    event, other = make.event(), make.event(organiser=make.office(region="420300"), region="420300")
    foreign = make.registration(other, make.enterprise(), state=RegistrationState.APPLIED)
    browser = sign_in(staff_of(make, event))

    browser.post(f"/events/{event.public_id}/registrations", data={"decision": "approve", "chosen": foreign.public_id})

    fresh(session)
    assert foreign.state is RegistrationState.APPLIED


def test_the_list_is_exported_with_full_codes_and_without_live_formulas(sign_in, make):
    event = make.event()
    registration = make.registration(event, make.enterprise("=1+1有限公司"), side=Side.BUYER)

    answer = sign_in(staff_of(make, event)).get(f"/events/{event.public_id}/registrations.xlsx")

    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert rows[0][:3] == ("序号", "企业名称", "统一社会信用代码")
    assert rows[1][1:6] == ("'=1+1有限公司", registration.enterprise.credit_code, "襄阳市", "买方", "通过")


def test_one_tap_checks_a_firm_in_and_one_more_takes_it_back(sign_in, session, make):
    event = today_event(make, state=EventState.TIMETABLED)
    registration = make.registration(event, make.enterprise("恒昌模具有限公司"))
    browser = sign_in(staff_of(make, event))
    path = f"/events/{event.public_id}/check-in"

    door = page(browser.post(path, data={"registration": registration.public_id}, follow_redirects=True))
    again = page(browser.post(path, data={"registration": registration.public_id}, follow_redirects=True))
    fresh(session)
    state = event.state
    browser.post(f"{path}/{registration.public_id}/undo")

    fresh(session)
    assert "已到 1 家，未到 0 家。" in door
    assert "没有重复记录" in again
    assert (state, registration.state) == (EventState.RUNNING, RegistrationState.APPROVED)
    assert read(session, select(CheckIn)) == []


def test_the_door_finds_a_firm_by_its_name_and_refuses_before_the_day(sign_in, session, make):
    event = make.event()
    found = make.registration(event, make.enterprise("恒昌模具有限公司"))
    make.registration(event, make.enterprise("汉水密封有限公司"))
    browser = sign_in(staff_of(make, event))
    path = f"/events/{event.public_id}/check-in"

    text = page(browser.get(f"{path}?q=恒昌"))
    early = page(browser.post(path, data={"registration": found.public_id}, follow_redirects=True))

    assert ("恒昌模具" in text, "汉水密封" in text) == (True, False)
    assert "签到在活动当天" in early
    assert read(session, select(CheckIn)) == []


def test_a_close_out_is_submitted_here_and_approved_elsewhere(sign_in, session, make):
    event = today_event(make, state=EventState.RUNNING)
    came = make.enterprise()
    make.registration(event, came, state=RegistrationState.CHECKED_IN, side=Side.BUYER)
    make.registration(event, make.enterprise())
    make.check_in(event, came, Side.BUYER)
    own, other = staff_of(make, event), make.user(Role.OFFICIAL, office=make.office())
    browser, path = sign_in(own), f"/events/{event.public_id}/close-out"

    browser.post(f"/events/{event.public_id}/finish", data={"seen_version": str(event.version)})
    fresh(session)
    report = page(browser.get(path))
    browser.post(path, data={"text": "到场企业反应良好", "seen_version": str(event.version)})
    fresh(session)
    refused = browser.post(f"{path}/approve", data={"seen_version": str(event.version)}).status_code
    approved = sign_in(other).post(f"{path}/approve", data={"seen_version": str(event.version)}).status_code

    fresh(session)
    assert "未达到计数条件" in report
    assert (refused, approved) == (403, 302)
    assert (event.state, event.closeout, event.approving_office) == (
        EventState.APPROVED,
        "到场企业反应良好",
        other.office,
    )


def test_a_close_out_returned_with_a_reason_can_be_submitted_again(sign_in, session, make):
    event = make.event(state=EventState.CLOSING, closeout="到场 12 家")
    official = sign_in(make.user(Role.OFFICIAL, office=make.office()))
    path = f"/events/{event.public_id}/close-out"

    official.post(f"{path}/return", data={"reason": "缺签到表", "seen_version": "1"})
    fresh(session)
    shown = page(sign_in(staff_of(make, event)).get(path))

    assert event.state is EventState.HELD
    assert "到场 12 家" in shown


def test_a_step_sent_twice_is_taken_once(sign_in, session, make):
    event = make.event(state=EventState.PREPARING)
    browser = sign_in(staff_of(make, event))
    path, key = f"/events/{event.public_id}/steps/publish", {"Idempotency-Key": "publish-once-0001"}

    answers = [browser.post(path, data={"seen_version": "1"}, headers=key).status_code for _ in range(2)]

    fresh(session)
    assert (answers, event.state, event.version) == ([302, 302], EventState.OPEN, 2)
