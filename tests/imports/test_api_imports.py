"""Workbooks in, as JSON: sent, checked, confirmed, in."""

from __future__ import annotations

import io

from sqlalchemy import func, select

from matchmaker.accounts.models import Role
from matchmaker.enterprises.models import Capability, Enterprise
from matchmaker.imports.models import ImportBatch
from tests.imports.books import book, firm, line


def send(program, content: bytes, name: str = "名单.xlsx", **headers: str):
    return program.post("/api/v1/imports", data={"workbook": (io.BytesIO(content), name)}, headers=headers)


def count(session, model) -> int:
    number = session.scalar(select(func.count(model.id)))
    session.commit()
    return number


def test_a_workbook_is_checked_confirmed_and_in(as_program, make, run_jobs, session) -> None:
    program = as_program(make.user(Role.OFFICIAL))

    sent = send(program, book(firms=[firm()], lines=[line()]))
    address = sent.headers["Location"]
    run_jobs()
    checked = program.get(address)
    before = count(session, Enterprise)
    confirmed = program.post(f"{address}/confirm", headers={"If-Match": checked.headers["ETag"]})
    run_jobs()
    done = program.get(address)

    assert (sent.status_code, sent.json["state"]) == (202, "uploaded")
    assert (checked.json["state"], checked.json["is_confirmable"], checked.json["fault_count"]) == ("checked", True, 0)
    assert (before, confirmed.status_code, done.json["state"]) == (0, 202, "in")
    assert program.get(f"/api/v1/jobs/{confirmed.json['job_id']}").json["state"] == "done"
    assert (count(session, Enterprise), count(session, Capability)) == (1, 1)


def test_a_faulty_workbook_names_its_rows_and_cannot_be_confirmed(as_program, make, run_jobs, session) -> None:
    program = as_program(make.user(Role.OFFICIAL))
    sent = send(program, book(firms=[firm(code="91420600MA4812345X")]))
    run_jobs()

    found = program.get(sent.headers["Location"])
    confirmed = program.post(f"{sent.headers['Location']}/confirm")

    assert (found.json["state"], found.json["fault_count"]) == ("refused", 1)
    assert {name: found.json["faults"][0][name] for name in ("sheet", "row")} == {"sheet": "企业", "row": 2}
    assert (confirmed.status_code, confirmed.json["code"]) == (409, "NotToBeImported")
    assert count(session, Enterprise) == 0


def test_the_same_key_sends_one_workbook(as_program, make, session) -> None:
    program, content = as_program(make.user(Role.OFFICIAL)), book(firms=[firm()])
    key = {"Idempotency-Key": "one-workbook-one-key"}

    first, second = send(program, content, **key), send(program, content, **key)

    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert count(session, ImportBatch) == 1


def test_what_is_no_workbook_is_refused_at_once(as_program, make, session) -> None:
    program = as_program(make.user(Role.OFFICIAL))

    other = send(program, b"%PDF-1.7 ", "名单.pdf")
    none = program.post("/api/v1/imports", data={})
    json = program.post("/api/v1/imports", json={"workbook": "x"})

    assert [each.status_code for each in (other, none, json)] == [422, 422, 422]
    assert {each.json["errors"][0]["path"] for each in (other, none, json)} == {"workbook"}
    assert count(session, ImportBatch) == 0


def test_the_workbook_of_others_is_absent(as_program, make) -> None:
    sent = send(as_program(make.user(Role.OFFICIAL)), book(firms=[firm()]))
    stranger = as_program(make.user())

    assert stranger.get(sent.headers["Location"]).status_code == 404
    assert stranger.post(f"{sent.headers['Location']}/confirm").status_code == 404
    assert stranger.get("/api/v1/imports").json["items"] == []


def test_an_auditor_sends_none(as_program, make) -> None:
    assert send(as_program(make.user(Role.AUDITOR)), book(firms=[firm()])).status_code == 403


def test_a_form_of_nameless_parts_or_of_two_files_is_read_like_any(as_program, make) -> None:
    program, content = as_program(make.user(Role.OFFICIAL)), book(firms=[firm()])
    parts = (b'x="1"', b'name="a"')
    nameless = (
        b"".join(b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n\r\n1\r\n" for part in parts) + b"--b--"
    )
    two = {"workbook": [(io.BytesIO(content), "甲.xlsx"), (io.BytesIO(content), "乙.xlsx")]}

    refused = program.post("/api/v1/imports", data=nameless, content_type="multipart/form-data; boundary=b")
    sent = program.post("/api/v1/imports", data=two)

    assert (refused.status_code, sent.status_code, sent.json["file_name"]) == (422, 202, "甲.xlsx")
