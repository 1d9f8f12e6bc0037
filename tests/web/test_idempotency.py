"""A write happens once, however often it is sent."""

from __future__ import annotations

import pytest
from flask import Blueprint, jsonify, request

from matchmaker.accounts.models import Office, OfficeLevel
from matchmaker.web.database import get_session
from matchmaker.web.idempotency import remember
from matchmaker.web.policies import policy, signed_in

KEY = {"Idempotency-Key": "the-same-key-twice"}


@pytest.fixture
def counting_app(app, make):
    region_id = make.region("420000").id
    bp = Blueprint("trial", __name__)

    @bp.post("/trial")
    @policy(signed_in)
    def open_office():
        session = get_session()
        office = Office(name=request.form["name"], level=OfficeLevel.PROVINCE, region_id=region_id)
        session.add(office)
        answer = remember(jsonify(public_id=office.public_id))
        session.commit()
        return answer

    @bp.post("/forgetful")
    @policy(signed_in)
    def forget_to_remember():
        session = get_session()
        session.add(Office(name="忘记", level=OfficeLevel.PROVINCE, region_id=region_id))
        session.commit()
        return "done"

    app.register_blueprint(bp)
    return app


def offices(session, name: str) -> int:
    session.expire_all()
    return session.query(Office).filter_by(name=name).count()


def test_the_same_key_gives_the_same_answer_and_one_row(counting_app, sign_in, session, make) -> None:
    browser = sign_in(make.user())

    first = browser.post("/trial", data={"name": "甲"}, headers=KEY)
    second = browser.post("/trial", data={"name": "甲"}, headers=KEY)

    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert offices(session, "甲") == 1


def test_the_same_key_with_other_content_is_refused(counting_app, sign_in, session, make) -> None:
    browser = sign_in(make.user())
    browser.post("/trial", data={"name": "甲"}, headers=KEY)

    assert browser.post("/trial", data={"name": "乙"}, headers=KEY).status_code == 409
    assert offices(session, "乙") == 0


def test_two_people_may_use_the_same_key(counting_app, sign_in, session, make) -> None:
    sign_in(make.user()).post("/trial", data={"name": "甲"}, headers=KEY)
    sign_in(make.user()).post("/trial", data={"name": "乙"}, headers=KEY)

    assert (offices(session, "甲"), offices(session, "乙")) == (1, 1)


def test_a_write_without_a_key_is_refused(counting_app, sign_in, session, make) -> None:
    browser = sign_in(make.user())

    assert browser.post("/trial", data={"name": "甲"}, headers={"Idempotency-Key": ""}).status_code == 400
    assert offices(session, "甲") == 0


def test_a_failed_write_leaves_its_key_free(counting_app, sign_in, session, make) -> None:
    browser = sign_in(make.user())
    make.office("甲")
    session.commit()

    assert browser.post("/trial", data={"name": "甲"}, headers=KEY).status_code == 409
    assert browser.post("/trial", data={"name": "乙"}, headers=KEY).status_code == 200


def test_a_view_that_commits_without_keeping_its_answer_is_noticed(counting_app, sign_in, make) -> None:
    counting_app.config["PROPAGATE_EXCEPTIONS"] = True
    browser = sign_in(make.user())

    assert browser.post("/forgetful", headers=KEY).status_code == 500
