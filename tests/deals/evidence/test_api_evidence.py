"""The files of a deal as JSON: sent once, listed, fetched, and absent for others."""

from __future__ import annotations

import hashlib
import io

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.models import Role
from matchmaker.deals.evidence.models import EvidenceFile
from tests.deals.evidence.conftest import file_of
from tests.deals.evidence.files import PDF, archive, png


def send(program, deal, *, content=PDF, name="合同.pdf", declared=None, headers=None, **parts):
    data = {"file": file_of(content, name, declared), **parts}
    return program.post(f"/api/v1/deals/{deal.public_id}/evidence", data=data, headers=headers or {})


def count(session) -> int:
    number = session.scalar(select(func.count(EvidenceFile.id)))
    session.commit()
    return number


def test_a_program_sends_lists_and_fetches_a_file(as_program, make, deal) -> None:
    seller, buyer = as_program(make.person_of(deal.seller)), as_program(make.person_of(deal.buyer))

    sent = send(seller, deal, purpose="contract", note="正本", entry="2")
    listed = buyer.get(f"/api/v1/deals/{deal.public_id}/evidence").json
    got = buyer.get(sent.headers["Location"])

    assert sent.status_code == 201
    assert listed == {"items": [sent.json], "next": None}
    shown = {name: sent.json[name] for name in ("purpose", "name", "media_type", "size", "note", "party", "entry")}
    assert shown == {
        "purpose": "contract", "name": "合同.pdf", "media_type": "application/pdf", "size": len(PDF),
        "note": "正本", "party": "seller", "entry": 2,
    }  # fmt: skip
    assert sent.json["digest"] == hashlib.sha256(PDF).hexdigest()
    assert (got.data, got.headers["ETag"]) == (PDF, f'"{sent.json["digest"]}"')
    assert got.headers["Content-Disposition"].startswith("attachment;")


def test_the_same_key_sends_one_file_and_other_content_under_it_is_refused(as_program, make, session, deal) -> None:
    program, key = as_program(make.person_of(deal.seller)), {"Idempotency-Key": "one-file-one-key"}

    first, second = send(program, deal, headers=key), send(program, deal, headers=key)
    other = send(program, deal, content=png(), name="章.png", headers=key)

    assert (first.status_code, second.status_code, first.data) == (201, 201, second.data)
    assert (other.status_code, count(session)) == (409, 1)


@pytest.mark.parametrize(
    ("content", "name", "declared", "status", "code"),
    [
        (b"<html>", "合同.pdf", "application/pdf", 415, "KindNotKept"),
        (archive(), "合同.pdf", "application/pdf", 415, "KindNotKept"),
        (PDF + archive(), "合同.pdf", "application/pdf", 415, "HidesMore"),
        (PDF, "合同.png", "application/pdf", 415, "EndingDiffers"),
        (PDF, "合同.pdf", "image/png", 415, "TypeDiffers"),
        (b"", "合同.pdf", "application/pdf", 422, "FileEmpty"),
        (png()[:30], "章.png", "image/png", 422, "FileDamaged"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_under_its_rule(
    as_program, make, session, deal, content, name, declared, status, code
) -> None:
    answer = send(as_program(make.person_of(deal.seller)), deal, content=content, name=name, declared=declared)

    assert (answer.status_code, answer.json["code"], count(session)) == (status, code, 0)


def test_a_request_that_says_too_little_or_too_much_names_the_place(as_program, make, session, deal) -> None:
    program, address = as_program(make.person_of(deal.seller)), f"/api/v1/deals/{deal.public_id}/evidence"

    answers = [
        program.post(address, data={}),
        program.post(address, json={"file": "x"}),
        send(program, deal, purpose="gift"),
        send(program, deal, purpose="paper"),
        send(program, deal, entry="9"),
        send(program, deal, size="9"),
    ]

    assert [each.status_code for each in answers] == [422] * 6
    places = [each.json["errors"][0]["path"] for each in answers]
    assert places == ["file", "file", "purpose", "purpose", "entry", "size"]
    assert count(session) == 0


def test_the_evidence_of_others_is_as_absent_as_none_at_all(as_program, make, deal) -> None:
    sent = send(as_program(make.person_of(deal.seller)), deal)
    stranger = as_program(make.user())

    assert stranger.get(sent.headers["Location"]).status_code == 404
    assert stranger.get(f"/api/v1/deals/{deal.public_id}/evidence").status_code == 404
    assert send(stranger, deal).status_code == 404
    unknown = f"/api/v1/deals/{deal.public_id}/evidence/{'0' * 20}"
    assert as_program(make.person_of(deal.seller)).get(unknown).status_code == 404


def test_roles_that_may_never_attach_are_refused_and_those_that_read_see_the_list(as_program, make, deal) -> None:
    send(as_program(make.person_of(deal.seller)), deal)
    auditor, admin = as_program(make.user(Role.AUDITOR)), as_program(make.user(Role.ADMINISTRATOR))

    assert (send(auditor, deal).status_code, send(admin, deal).status_code) == (403, 403)
    assert len(auditor.get(f"/api/v1/deals/{deal.public_id}/evidence").json["items"]) == 1
    assert admin.get(f"/api/v1/deals/{deal.public_id}/evidence").status_code == 403


def test_what_was_taken_from_view_has_no_name_and_no_bytes(as_program, sign_in, make, deal) -> None:
    seller, sent = make.person_of(deal.seller), None
    sent = send(as_program(seller), deal, name="别家的报价.pdf")
    sign_in(seller).post(f"/deals/{deal.public_id}/evidence/{sent.json['id']}/withdraw", data={"reason": "传错"})

    listed = as_program(make.person_of(deal.buyer)).get(f"/api/v1/deals/{deal.public_id}/evidence").json["items"]

    assert [(each["name"], each["is_taken_down"]) for each in listed] == [("", True)]
    assert as_program(make.person_of(deal.buyer)).get(sent.headers["Location"]).status_code == 404
    assert as_program(make.user(Role.AUDITOR)).get(sent.headers["Location"]).data == PDF


def test_the_document_says_what_the_form_carries(client) -> None:
    paths = client.get("/api/v1/openapi.json").json["paths"]

    form = paths["/api/v1/deals/{deal_id}/evidence"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]

    assert form["required"] == ["file"]
    assert sorted(form["properties"]) == ["entry", "file", "note", "purpose"]


def test_a_body_over_the_limit_of_a_request_is_refused(app, as_program, make, session, deal) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    program = as_program(make.person_of(deal.seller))

    answer = program.post(
        f"/api/v1/deals/{deal.public_id}/evidence", data={"file": (io.BytesIO(PDF + bytes(2_000)), "合同.pdf")}
    )

    assert (answer.status_code, count(session)) == (413, 0)
