"""A program signs in like a person and is shown out like one."""

from __future__ import annotations

from datetime import timedelta

from matchmaker.accounts.models import Role, SignIn, SignInAttempt
from matchmaker.db import utcnow
from tests.making import PASSWORD


def get_token(client, user, password: str = PASSWORD):
    return client.post("/api/v1/auth/token", json={"sign_in_name": user.sign_in_name, "password": password})


def test_a_name_and_password_are_changed_for_a_token_of_thirty_days(client, make, session) -> None:
    user = make.user(Role.OFFICIAL)
    session.commit()

    answer = get_token(client, user)

    assert answer.status_code == 201
    assert answer.json["role"] == "official"
    row = session.query(SignIn).one()
    assert (row.is_api, row.user_id) == (True, user.id)
    assert timedelta(days=29) < row.expires_at - utcnow() <= timedelta(days=30)
    assert answer.json["token"] not in (row.token_hash, "")


def test_the_token_speaks_for_its_person_until_it_is_given_back(client, make, session) -> None:
    firm = make.enterprise("襄阳宏远模具有限公司")
    user = make.user(enterprise=firm)
    session.commit()
    by_token = {"Authorization": f"Bearer {get_token(client, user).json['token']}"}

    known = client.get("/api/v1/me", headers=by_token)
    ended = client.delete("/api/v1/auth/token", headers=by_token)
    after = client.get("/api/v1/me", headers=by_token)

    assert {name: known.json[name] for name in ("id", "role", "enterprise_id", "office_id", "scope_name")} == {
        "id": user.public_id,
        "role": "enterprise",
        "enterprise_id": firm.public_id,
        "office_id": None,
        "scope_name": "襄阳宏远模具有限公司",
    }
    assert (ended.status_code, ended.data) == (204, b"")
    assert after.status_code == 401


def test_a_wrong_password_is_refused_and_remembered(client, make, session) -> None:
    user = make.user()
    session.commit()

    answer = get_token(client, user, "wrong")

    assert (answer.status_code, answer.json["code"]) == (401, "SignInRefused")
    assert session.query(SignIn).count() == 0
    assert session.query(SignInAttempt).count() == 2


def test_an_unknown_name_is_refused_in_the_same_words(client, make, session) -> None:
    user = make.user()
    session.commit()

    wrong = get_token(client, user, "wrong")
    unknown = client.post("/api/v1/auth/token", json={"sign_in_name": "nobody", "password": "wrong"})

    assert (wrong.status_code, wrong.json["detail"]) == (unknown.status_code, unknown.json["detail"])


def test_guessing_is_slowed_down(client, make, session) -> None:
    user = make.user()
    session.commit()
    for _ in range(8):
        get_token(client, user, "wrong")

    answer = get_token(client, user)

    assert (answer.status_code, answer.json["code"]) == (429, "TooManyAttempts")


def test_a_lone_surrogate_for_a_password_is_no_json(client) -> None:
    raw = b'{"sign_in_name": "a", "password": "\\ud800"}'

    answer = client.post("/api/v1/auth/token", data=raw, content_type="application/json")

    assert (answer.status_code, answer.json["code"]) == (400, "json_invalid")


def test_spaces_belong_to_a_password(client, make, session) -> None:
    user = make.user()
    session.commit()

    assert get_token(client, user, f" {PASSWORD}").status_code == 401


def test_a_token_that_was_never_handed_out_opens_nothing(client) -> None:
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer made-up"}).status_code == 401
