"""The way in, on a phone and on a desktop."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_a_person_signs_in_and_out(visit, make, session, viewport) -> None:
    user = make.user()
    session.commit()
    window = visit(user, viewport)

    window.page.wait_for_url(f"{window.address}/")
    assert window.page.locator("h1").count() == 1
    assert window.overflow() <= 0


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(visit, make, session) -> None:
    user = make.user()
    session.commit()
    window = visit()
    window.open("/sign-in")
    window.page.get_by_label("登录名").fill(user.sign_in_name)
    window.page.get_by_label("密码").fill("not-the-password")
    window.page.locator("main").get_by_role("button", name="登录", exact=True).click()

    window.page.get_by_text("账号或密码不对。请检查后重试").wait_for()
    assert window.page.get_by_label("登录名").input_value() == user.sign_in_name
    window.faults.clear()  # the browser logs the 422 itself
