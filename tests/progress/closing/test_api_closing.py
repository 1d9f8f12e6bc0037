"""The months that close as JSON: the pages' own services, with versions and refusals a program can read."""

from __future__ import annotations

import hashlib

import pytest

from matchmaker.accounts.models import Role
from tests.progress.closing.conftest import YI

BASE = "/api/v1/progress"


@pytest.fixture
def programs(as_program, officials, year):
    return [as_program(each) for each in officials]


@pytest.fixture
def publish(programs, year):
    def run():
        path = f"{BASE}/months/{year.frozen}"
        assert programs[0].post(f"{path}/close").status_code == 200
        answer = programs[1].post(f"{path}/freeze")
        assert answer.status_code == 200
        return answer

    return run


def test_a_month_goes_from_open_to_frozen_by_two_persons(programs, year, agreed, session):
    agreed(3 * YI)
    session.commit()
    path = f"{BASE}/months/{year.frozen}"

    shown = programs[0].get(path)
    proposed = programs[0].post(f"{path}/close", headers={"If-Match": shown.headers["ETag"]})
    alone = programs[0].post(f"{path}/freeze", headers={"If-Match": proposed.headers["ETag"]})
    frozen = programs[1].post(f"{path}/freeze", headers={"If-Match": proposed.headers["ETag"]})

    assert [each.json["state"] for each in (shown, proposed, frozen)] == ["open", "closing", "frozen"]
    assert (alone.status_code, alone.json["code"]) == (403, "SamePerson")
    assert frozen.json["published"] == {"on_time": 3 * YI, "late": 0, "withdrawn": 0, "net": 3 * YI}
    assert (frozen.json["checklist"], frozen.json["previous_digest"]) == (None, "0" * 64)
    again = programs[1].post(f"{path}/freeze")
    assert (again.status_code, again.json["code"]) == (409, "MonthFrozen")


def test_a_step_on_an_older_version_is_refused(programs, year):
    path = f"{BASE}/months/{year.frozen}"
    seen = programs[1].get(path).headers["ETag"]
    programs[0].post(f"{path}/close")

    refused = programs[1].post(f"{path}/freeze", headers={"If-Match": seen})

    assert (refused.status_code, refused.json["code"]) == (412, "stale")


def test_the_same_key_freezes_once_and_gets_the_same_answer(programs, year):
    path = f"{BASE}/months/{year.frozen}"
    programs[0].post(f"{path}/close")

    first, second = (programs[1].post(f"{path}/freeze", headers={"Idempotency-Key": "freeze-1"}) for _ in range(2))

    assert (first.status_code, first.json) == (200, second.json)
    assert second.headers["Idempotent-Replayed"] == "true"


def test_the_checklist_says_what_waits(programs, year, make, session):
    make.deal(event=year.event, amount=2 * YI, unit_checked=True)
    session.commit()

    found = programs[0].get(f"{BASE}/months/{year.frozen}").json

    waiting = {each["what"]: (each["count"], each["amount"]) for each in found["checklist"]}
    assert waiting == {
        "unconfirmed": (1, 2 * YI),
        "disputed": (0, 0),
        "held": (0, 0),
        "unapproved": (0, None),
        "without_guests": (1, None),
        "late_check_ins": (0, None),
    }


def test_a_proposal_can_be_taken_back(programs, year):
    path = f"{BASE}/months/{year.frozen}"
    programs[0].post(f"{path}/close")

    assert programs[1].post(f"{path}/take-back").json["state"] == "open"
    refused = programs[1].post(f"{path}/freeze")
    assert (refused.status_code, refused.json["code"]) == (409, "NotClosing")


def test_a_late_confirmation_and_a_withdrawal_after_the_freeze(programs, publish, year, agreed, make, say, session):
    deal, late = agreed(3 * YI), make.deal(event=year.event, amount=YI, unit_checked=True)
    session.commit()
    files = publish().json["files"]
    path = f"{BASE}/months/{year.frozen}"
    before = [programs[0].get(f"{path}/files/{file['id']}").data for file in files]
    say("confirm_deal", late, side="seller", unit_checked=True)
    say("withdraw_deal", deal, reason="取消")

    frozen, following = programs[0].get(path).json, programs[0].get(f"{BASE}/months/{year.open}").json
    after = [programs[0].get(f"{path}/files/{file['id']}") for file in files]
    triangle = programs[0].get(f"{BASE}/triangle").json

    assert [each.data for each in after] == before
    assert [hashlib.sha256(each.data).hexdigest() for each in after] == [file["digest"] for file in files]
    assert frozen["published"]["net"] == frozen["now"]["net"] == 3 * YI  # the open month takes the withdrawal (R17)
    assert following["now"] == {"on_time": 0, "late": YI, "withdrawn": 3 * YI, "net": -2 * YI}
    assert following["reckoning"] == {
        "published": 3 * YI,
        "corrected": 0,
        "corrected_deals": 0,
        "on_time": 0,
        "late": YI,
        "withdrawn_before": -3 * YI,
        "withdrawn_before_deals": 1,
        "ended": 0,
        "cumulative": YI,
    }
    assert [column["key"] for column in triangle["columns"]] == [year.frozen, "today"]
    assert triangle["rows"] == [
        {
            "month": year.frozen,
            "cells": [
                {"column": year.frozen, "amount": 3 * YI, "change": None},
                {"column": "today", "amount": 3 * YI, "change": 0},
            ],
        },
        {"month": year.open, "cells": [None, {"column": "today", "amount": -2 * YI, "change": None}]},
    ]
    assert triangle["sums"] == [3 * YI, YI]


def test_the_months_are_listed_with_what_was_published(programs, publish, year, agreed, session):
    agreed(3 * YI)
    session.commit()
    digest = publish().json["digest"]

    found = programs[0].get(f"{BASE}/months").json

    assert found["statement"] == "部门工作统计"
    assert [(each["month"], each["state"], each["digest"]) for each in found["months"]] == [
        (year.frozen, "frozen", digest),
        (year.open, "open", None),
    ]


def test_only_those_who_see_the_province_take_the_whole_result(programs, publish, year, as_program, make, agreed):
    agreed(3 * YI)
    files = {file["media_type"]: file["id"] for file in publish().json["files"]}
    prefecture = as_program(make.user(Role.OFFICIAL, office=make.office(region="420300")))
    path = f"{BASE}/months/{year.frozen}"

    assert len(files) == 3
    assert len(prefecture.get(path).json["files"]) == 2
    assert prefecture.get(f"{path}/files/{files['application/json']}").status_code == 404
    assert prefecture.get(f"{path}/files/{files['text/csv']}").status_code == 200
    refused = prefecture.post(f"{BASE}/months/{year.open}/close")
    assert (refused.status_code, refused.json["code"]) == (403, "NotAllowed")
    assert as_program(make.user(Role.AUDITOR)).post(f"{path}/close").status_code == 403
    assert as_program(make.user()).get(path).status_code == 403
    assert programs[0].get(f"{BASE}/months/1999-01").status_code == 404


def test_a_damaged_file_is_refused(programs, publish, year, agreed, settings):
    agreed()
    file = publish().json["files"][0]
    (settings.data_dir / "issued" / file["digest"]).unlink()

    refused = programs[0].get(f"{BASE}/months/{year.frozen}/files/{file['id']}")

    assert (refused.status_code, refused.json["code"]) == (503, "IssuedFileDamaged")
