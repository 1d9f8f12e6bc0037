"""What programs send is read by one reader, and refused in words with the place of each fault."""

from __future__ import annotations

import gzip
import json

import pytest

from matchmaker.deals.models import Deal, DealEntry
from matchmaker.web.api.reading import MOST_BYTES

PROBLEM = "application/problem+json"


@pytest.fixture
def firm(make):
    return make.enterprise("襄阳宏远模具有限公司")


@pytest.fixture
def program(as_program, make, firm):
    return as_program(make.user(enterprise=firm))


@pytest.fixture
def body(make, session) -> dict[str, object]:
    partner = make.enterprise()
    session.commit()
    return {"side": "seller", "partner_id": partner.public_id, "subject": "压铸模", "amount": 30_000_000}


def send(program, raw: bytes | str, content_type: str = "application/json", **headers: str):
    return program.post("/api/v1/deals", data=raw, content_type=content_type, headers=headers)


def test_a_well_formed_body_is_accepted(program, body) -> None:
    assert send(program, json.dumps(body)).status_code == 201


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[" * 3_000,
        b'{"a":' * 3_000,
        b'{"subject": "\\ud800"}',
        b'{"amount": ' + b"9" * 5_000 + b"}",
        b'{"subject": "\xff"}',
        b'\xef\xbb\xbf{"subject": "a"}',
        '{"subject": "a"}'.encode("utf-16"),
    ],
)
def test_what_is_no_json_is_refused_as_such(program, raw: bytes) -> None:
    answer = send(program, raw)

    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    assert answer.json["code"] == "json_invalid"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("amount", float("nan"), "int_type"),
        ("amount", float("inf"), "int_type"),
        ("amount", 1.0, "int_type"),
        ("amount", "30000000", "int_type"),
        ("amount", True, "int_type"),
        ("amount", 0, "greater_than"),
        ("amount", 10**15 + 1, "less_than_equal"),
        ("amount", 10**40, "less_than_equal"),
        ("amount", None, "int_type"),
        ("months", 1201, "less_than_equal"),
        ("subject", "压铸模\x00", "string_pattern_mismatch"),
        ("subject", "   ", "string_too_short"),
        ("subject", "模" * 201, "string_too_long"),
        ("side", "office", "literal_error"),
        ("kind", "gift", "enum"),
        ("partner_id", "1", "string_pattern_mismatch"),
        ("price", 1, "extra_forbidden"),
    ],
)
def test_a_fault_is_named_with_its_place(program, body, session, name: str, value: object, code: str) -> None:
    answer = send(program, json.dumps({**body, name: value}))

    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    assert [(fault["path"], fault["code"]) for fault in answer.json["errors"]] == [(name, code)]
    assert session.query(Deal).count() == 0


def test_faults_are_told_in_chinese_and_on_request_in_english(program, body) -> None:
    del body["amount"]

    chinese, english = send(program, json.dumps(body)), send(program, json.dumps(body), **{"Accept-Language": "en"})

    assert chinese.json["errors"][0]["message"] == "缺少此项。"
    assert english.json["errors"][0]["message"] == "Field required"


def test_a_name_said_twice_is_refused_for_nobody_knows_which_was_meant(program, body, session) -> None:
    raw = json.dumps(body)[:-1] + ', "amount": 300000000}'

    answer = send(program, raw)

    assert (answer.status_code, answer.json["code"]) == (400, "repeated_name")
    assert session.query(DealEntry).count() == 0


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_only_json_is_read(program, body, content_type: str) -> None:
    answer = send(program, json.dumps(body), content_type)

    assert (answer.status_code, answer.content_type) == (415, PROBLEM)


def test_a_body_is_bounded(program) -> None:
    answer = send(program, b'{"subject": "' + b"a" * MOST_BYTES + b'"}')

    assert (answer.status_code, answer.content_type) == (413, PROBLEM)


def test_an_unknown_word_in_the_address_is_refused(program) -> None:
    answer = program.get("/api/v1/deals?stages=intent")

    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "stages")


def test_a_post_without_a_key_is_refused_and_does_nothing(program, body, session) -> None:
    answer = send(program, json.dumps(body), **{"Idempotency-Key": ""})

    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    assert "Idempotency-Key" in answer.json["detail"]
    assert session.query(Deal).count() == 0


def test_the_same_key_gives_the_same_answer_and_one_deal(program, body, session) -> None:
    key = {"Idempotency-Key": "one-handshake-one-key"}

    first, second = send(program, json.dumps(body), **key), send(program, json.dumps(body), **key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert first.headers["Location"] == second.headers["Location"]
    assert (first.headers["ETag"], second.headers["ETag"]) == ('"1"', '"1"')
    assert second.headers["Idempotent-Replayed"] == "true"
    assert session.query(Deal).count() == 1


def test_the_same_key_for_another_body_is_a_conflict(program, body) -> None:
    key = {"Idempotency-Key": "one-handshake-one-key"}
    send(program, json.dumps(body), **key)

    assert send(program, json.dumps({**body, "amount": 1}), **key).status_code == 409


def test_a_visitor_is_told_to_sign_in(client) -> None:
    answer = client.get("/api/v1/deals")

    assert (answer.status_code, answer.content_type) == (401, PROBLEM)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_address_that_does_not_exist_is_a_problem_document_too(program) -> None:
    absent, wrong = program.get("/api/v1/nothing"), program.delete("/api/v1/deals")

    assert (absent.status_code, absent.content_type) == (404, PROBLEM)
    assert (wrong.status_code, wrong.content_type) == (405, PROBLEM)


def test_a_cookie_needs_the_token_of_its_page_to_write(app, sign_in, make, body) -> None:
    browser = sign_in(make.user())
    app.config["WTF_CSRF_ENABLED"] = True

    answer = browser.post("/api/v1/deals", json=body)

    assert (answer.status_code, answer.content_type) == (400, PROBLEM)


def test_a_version_marked_by_compression_is_still_that_version(program, body) -> None:
    reply = send(program, json.dumps(body), **{"Accept-Encoding": "gzip"})
    deal_id = json.loads(gzip.decompress(reply.data))["id"]
    read = program.get(f"/api/v1/deals/{deal_id}", headers={"Accept-Encoding": "gzip"})

    answer = program.post(
        f"/api/v1/deals/{deal_id}/amend", json={"amount": 29_000_000}, headers={"If-Match": read.headers["ETag"]}
    )

    assert read.headers["ETag"] == '"1:gzip"'
    assert answer.status_code == 200
