"""The page a confirmation letter leads to, which works without signing in."""

from __future__ import annotations

import html
import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from matchmaker.accounts.mailing.links import token_for
from matchmaker.accounts.mailing.services import set_mail_address
from matchmaker.accounts.models import AuditEntry, MailConfirmation, User
from matchmaker.db import utcnow

ADDRESS = "buyer@example.com"


def words_of(answer, status=200):
    assert answer.status_code == status
    body = re.sub(r"(?s).*(<main.*)</main>.*", r"\1", answer.text)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def user(make):
    return make.user()


@pytest.fixture
def link(session, settings, user):
    asked = set_mail_address(session, user=user, address=ADDRESS, has_mail=True, now=utcnow())
    session.commit()
    return f"/alerts/mail/confirm/{token_for(asked, secret=settings.secret)}"


def addresses(session):
    session.rollback()
    found = session.execute(select(User.email, User.email_asked)).one()
    session.commit()
    return tuple(found)


def set_again(session, user, address):
    session.rollback()
    session.expire_all()
    set_mail_address(session, user=user, address=address, has_mail=True, now=utcnow())
    session.commit()


def test_opening_the_link_changes_nothing_shows_little_and_tells_nobody_where_one_came_from(client, session, link):
    page = client.get(link)

    assert "确认用这个邮箱收提醒？" in words_of(page)
    assert "b***@example.com" in page.text
    assert ADDRESS not in page.text
    assert page.text.count('type="submit"') - page.text.count('name="locale"') - page.text.count('name="theme"') == 1
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert addresses(session) == (None, ADDRESS)


def test_the_button_confirms_and_pressed_again_it_says_the_same(client, session, link):
    first, second = client.post(link), client.post(link)

    assert "邮箱已确认" in words_of(first)
    assert words_of(second) == words_of(first)
    assert "邮箱已确认" in words_of(client.get(link))
    assert addresses(session) == (ADDRESS, None)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "set mail address")).one()
    assert entry.detail == {"is_set": True, "by_link": True}


def test_the_button_needs_neither_cookie_nor_form_token(app, session, link):
    app.config["WTF_CSRF_ENABLED"] = True

    assert app.test_client().post(link, headers={"Idempotency-Key": ""}).status_code == 200
    assert addresses(session) == (ADDRESS, None)


def test_an_expired_link_says_how_to_get_another(client, session, link):
    session.execute(update(MailConfirmation).values(expires_at=utcnow() - timedelta(seconds=1)))
    session.commit()

    for answer in (client.get(link), client.post(link)):
        assert "这个链接已过期" in words_of(answer, 410)
        assert "按“再发一次”" in words_of(answer, 410)
        assert "example.com" not in answer.text
    assert addresses(session) == (None, ADDRESS)


def test_a_link_of_an_address_changed_meanwhile_points_to_the_newest_letter(client, session, user, link):
    set_again(session, user, "other@example.com")

    for answer in (client.get(link), client.post(link)):
        assert "这个链接已经作废" in words_of(answer, 410)
        assert "请点最新一封确认邮件里的链接" in words_of(answer, 410)
        assert "example.com" not in answer.text
    assert addresses(session) == (None, "other@example.com")


def test_a_used_link_of_an_address_since_removed_does_not_bring_it_back(client, session, user, link):
    client.post(link)
    set_again(session, user, "")

    for answer in (client.get(link), client.post(link)):
        assert "这个链接已经用过" in words_of(answer, 410)
    assert addresses(session) == (None, None)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-2] + ("xx" if token[-2:] != "xx" else "yy"),
        lambda token: ("0" if token[0] != "0" else "1") + token[1:],
        lambda token: token.partition(".")[0],
        lambda token: token.partition(".")[0] + ".",
        lambda _token: "x",
        lambda _token: "%00",
        lambda _token: "１" * 20 + "." + "a" * 43,
    ],
)
def test_an_altered_link_says_how_to_open_the_right_one(client, session, link, spoil):
    altered = f"/alerts/mail/confirm/{spoil(link.rpartition('/')[2])}"

    for answer in (client.get(altered), client.post(altered)):
        assert "这个链接不完整，或被改动过" in words_of(answer, 404)
        assert "example.com" not in answer.text
    assert addresses(session) == (None, ADDRESS)


def test_nothing_logged_holds_the_address_or_the_link(client, session, user, link, caplog):
    token = link.rpartition("/")[2]
    with caplog.at_level(logging.DEBUG):
        client.get(link)
        client.post(link)
        client.post(link[:-2])

    logged = [str(vars(each)) for each in caplog.records if each.name.startswith("matchmaker")]
    assert any("accounts.confirm_mail" in each for each in logged)
    assert not any(ADDRESS in each or token in each for each in logged)
