from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from matchmaker.db import utcnow
from matchmaker.notices import services
from matchmaker.notices.delivering import MAIL, deliver_mail
from matchmaker.notices.letters import Letter
from matchmaker.notices.models import OutboxMessage
from matchmaker.notices.services import MOST_ATTEMPTS, pause_after, post
from matchmaker.settings import MailServer, Settings
from tests.notices.postbox import Postbox

SENDER = "湖北供应链对接 <notice@example.org>"
PUBLIC = "https://match.example.org"
SUBJECT = "供应链对接：“铝合金变速箱壳体压铸模 12 套，适配机台 1,250T”有 3 家新的供方、2 条新的需求"


@pytest.fixture
def postbox():
    box = Postbox()
    yield box
    box.close()


def at(port):
    return MailServer("127.0.0.1", port, "none", "", SecretStr(""), SENDER, PUBLIC)


def greeting(session, payload):
    return Letter(payload["to"], SUBJECT, "您好", "<p>您好</p>", f"{PUBLIC}/alerts/out/x")


@pytest.fixture
def waiting(session):
    """One letter in the outbox."""
    message = post(session, kind=MAIL, dedup="alerts:1:1-1", payload={"letter": "hello", "to": "buyer@example.com"})
    session.commit()
    return message


@pytest.fixture
def deliver(engine, postbox):
    def run(writer=greeting, *, port=None, out_of_time=lambda: False):
        server = at(port or postbox.port)
        return deliver_mail(engine, server=server, writers={"hello": writer}, out_of_time=out_of_time)

    return run


def die(*_args, **_values):
    raise KeyboardInterrupt


def reread(session, message):
    session.expire_all()
    return session.get_one(OutboxMessage, message.id)


def make_due(session, message):
    reread(session, message).not_before = utcnow() - timedelta(seconds=1)
    session.commit()


def test_a_letter_arrives_with_its_words_and_the_way_out(session, postbox, waiting, deliver):
    assert deliver() == 1

    [letter] = postbox.letters
    assert letter["To"] == "buyer@example.com"
    assert letter["From"].addresses[0].display_name == "湖北供应链对接"
    assert letter["Subject"] == SUBJECT
    assert letter["List-Unsubscribe"] == f"<{PUBLIC}/alerts/out/x>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_body(("plain",)).get_content().strip() == "您好"
    assert letter.get_body(("html",)).get_content().strip() == "<p>您好</p>"
    assert reread(session, waiting).delivered_at is not None


def test_a_letter_of_which_no_more_follow_carries_no_way_out(postbox, waiting, deliver):
    assert deliver(lambda _session, payload: Letter(payload["to"], SUBJECT, "您好", "<p>您好</p>")) == 1

    [letter] = postbox.letters
    assert (letter["List-Unsubscribe"], letter["List-Unsubscribe-Post"]) == (None, None)


def test_what_was_delivered_is_not_sent_again(postbox, waiting, deliver):
    deliver()

    assert deliver() == 0
    assert len(postbox.letters) == 1


def test_a_letter_sent_twice_after_a_crash_has_the_same_number(session, postbox, waiting, deliver, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(services, "mark_delivered", die)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert deliver() == 0  # its next attempt is not yet due
    make_due(session, waiting)

    assert deliver() == 1
    first, second = postbox.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@match.example.org>")


def test_a_letter_refused_for_now_is_tried_again_later_and_in_the_end_given_up(session, postbox, waiting, deliver):
    postbox.reply_to_recipient = "451 try later"
    for attempt in range(1, MOST_ATTEMPTS + 1):
        before = utcnow()
        assert deliver() == 0
        message = reread(session, waiting)
        assert message.attempts == attempt
        assert before + pause_after(attempt) <= message.not_before <= utcnow() + pause_after(attempt)
        make_due(session, waiting)

    assert reread(session, waiting).dropped_at is not None
    assert postbox.letters == []


def test_pauses_double_up_to_six_hours():
    assert [pause_after(attempts) for attempts in (1, 2, 3, 20)] == [
        timedelta(minutes=2),
        timedelta(minutes=4),
        timedelta(minutes=8),
        timedelta(hours=6),
    ]


def test_an_address_that_does_not_exist_is_not_tried_again(session, postbox, waiting, deliver):
    postbox.reply_to_recipient = "550 no such person"

    deliver()

    message = reread(session, waiting)
    assert (message.attempts, message.delivered_at) == (1, None)
    assert message.dropped_at is not None


def test_while_the_server_is_away_letters_wait_and_none_is_blamed(session, postbox, waiting, deliver):
    postbox.close()

    assert deliver() == 0

    message = reread(session, waiting)
    assert (message.attempts, message.dropped_at, message.delivered_at) == (0, None, None)


def test_a_server_that_hangs_up_ends_the_round_and_the_letter_is_sent_later(session, postbox, waiting, deliver):
    postbox.hangs_up = True
    assert deliver() == 0
    postbox.hangs_up = False
    make_due(session, waiting)

    assert deliver() == 1
    assert len(postbox.letters) == 1


def test_a_letter_with_nothing_left_to_say_is_dropped_unsent(session, postbox, waiting, deliver):
    deliver(lambda _session, _payload: None)

    assert reread(session, waiting).dropped_at is not None
    assert postbox.letters == []


def test_a_letter_that_cannot_be_written_holds_up_no_other_and_no_address_is_logged(
    session, postbox, waiting, deliver, caplog
):
    post(session, kind=MAIL, dedup="alerts:2:2-2", payload={"letter": "hello", "to": "maker@example.com"})
    session.commit()

    def write(session, payload):
        if payload["to"] == "buyer@example.com":
            raise ValueError("no words")
        return greeting(session, payload)

    with caplog.at_level(logging.INFO):
        assert deliver(write) == 1

    assert [letter["To"] for letter in postbox.letters] == ["maker@example.com"]
    assert "letter not written" in caplog.text
    assert "@example.com" not in caplog.text


def test_a_round_ends_when_its_time_is_over(session, postbox, waiting, deliver):
    assert deliver(out_of_time=lambda: True) == 0
    assert reread(session, waiting).attempts == 0


def test_messages_of_other_kinds_are_left_alone(session, postbox, deliver):
    other = post(session, kind="pigeon", dedup="p1", payload={})
    session.commit()

    assert deliver() == 0
    assert reread(session, other).attempts == 0


def settings(**values):
    return Settings(_env_file=None, demo=True, secret_key="x" * 40, **values)


def test_without_a_server_mail_is_not_set_up(tmp_path):
    assert settings(data_dir=tmp_path).mail is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"public_url": PUBLIC}, "MATCHMAKER_SMTP_FROM must be a mail address"),
        ({"smtp_from": SENDER}, "MATCHMAKER_PUBLIC_URL must be this site's address"),
    ],
)
def test_half_a_mail_server_is_refused_at_start(tmp_path, values, reason):
    with pytest.raises(ValidationError, match=reason):
        settings(data_dir=tmp_path, smtp_host="mail.example.org", **values)


def test_a_mail_server_is_read_from_the_settings(tmp_path):
    read = settings(data_dir=tmp_path, smtp_host="mail.example.org", smtp_from=SENDER, public_url=f"{PUBLIC}/").mail

    assert (read.host, read.port, read.encryption) == ("mail.example.org", 587, "starttls")
    assert (read.public_url, read.domain) == (PUBLIC, "match.example.org")
