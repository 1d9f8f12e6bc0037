"""Signing in and out."""

from matchmaker.accounts.models import SignIn
from tests.making import PASSWORD


def test_a_person_signs_in_by_name_and_password(client, session, make) -> None:
    user = make.user()
    session.commit()

    answer = client.post("/sign-in", data={"sign_in_name": user.sign_in_name, "password": PASSWORD})

    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/").status_code == 200


def test_a_wrong_password_says_neither_which_part_was_wrong_nor_signs_in(client, session, make) -> None:
    user = make.user()
    session.commit()

    known = client.post("/sign-in", data={"sign_in_name": user.sign_in_name, "password": "wrong-password"})
    unknown = client.post("/sign-in", data={"sign_in_name": "nobody", "password": "wrong-password"})

    message = "账号或密码不对。请检查后重试；忘记密码请联系本单位管理员。"
    assert known.status_code == unknown.status_code == 422
    assert known.text.count(message) == unknown.text.count(message) == 1
    assert client.get("/").status_code == 302


def test_a_password_that_no_text_can_be_is_refused_and_not_a_failure(client) -> None:
    answer = client.post(
        "/sign-in", data={"sign_in_name": "\ud800".encode("utf-8", "surrogatepass"), "password": "x" * 9}
    )

    assert answer.status_code == 422


def test_a_signed_out_cookie_is_worthless(sign_in, session, make) -> None:
    browser = sign_in(make.user())
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]

    assert browser.post("/sign-out").status_code == 302

    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    assert browser.get("/").status_code == 302
    assert session.query(SignIn).one().ended_at is not None


def test_guessing_slows_down_after_eight_refusals(client, session, make) -> None:
    user = make.user()
    session.commit()
    for _attempt in range(8):
        client.post("/sign-in", data={"sign_in_name": user.sign_in_name, "password": "wrong-password"})

    answer = client.post("/sign-in", data={"sign_in_name": user.sign_in_name, "password": PASSWORD})

    assert "连续多次登录未通过" in answer.text
    assert client.get("/").status_code == 302


def test_a_sign_in_returns_only_to_our_own_pages(client, session, make) -> None:
    user = make.user()
    session.commit()

    answer = client.post(
        "/sign-in",
        data={"sign_in_name": user.sign_in_name, "password": PASSWORD, "next": "//elsewhere.example/"},
    )

    assert answer.location == "/"
