"""Where mail goes: nowhere before the reader of an address has confirmed it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.accounts.mailing.letters import write_letter
from matchmaker.accounts.mailing.links import find_by_token, token_for
from matchmaker.accounts.mailing.queries import Standing, find_confirmation, standing_of
from matchmaker.accounts.mailing.refusals import (
    AskedJustNow,
    AskedTooOften,
    MailNotSetUp,
    NotAnAddress,
    NothingToConfirm,
)
from matchmaker.accounts.mailing.services import ask_again, cancel_change, confirm, set_mail_address, stop_mail
from matchmaker.accounts.mailing.wording import masked
from matchmaker.accounts.models import AuditEntry, MailConfirmation, User
from matchmaker.db import utcnow
from matchmaker.notices.models import OutboxMessage
from tests.racing import at_once

NEW, OLD = "buyer@example.com", "former@example.com"
PUBLIC = "https://match.example.org"
SECRET = "x" * 40
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def user(make):
    return make.user()


@pytest.fixture
def now():
    return utcnow()


@pytest.fixture
def ask(session, user, now):
    """Type an address so long after the first time."""

    def type_in(address=NEW, after=timedelta(0)):
        asked = set_mail_address(session, user=user, address=address, has_mail=True, now=now + after)
        session.flush()
        return asked

    return type_in


def letters(session):
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def deeds(session):
    return [
        (entry.action, entry.detail)
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        if entry.action != "sign in"
    ]


def test_an_address_typed_waits_and_one_letter_asks_its_reader(session, user, ask):
    asked = ask()

    assert (user.email, user.email_asked) == (None, NEW)
    [letter] = letters(session)
    assert (letter.kind, letter.dedup) == ("mail", f"mail-confirmation:{asked.public_id}")
    assert letter.payload == {"letter": "mail-confirmation", "confirmation": asked.public_id}


def test_the_address_counts_once_confirmed(session, user, ask, now):
    asked = ask()

    assert confirm(session, confirmation=asked, now=now + DAY) is Standing.CONFIRMED
    assert (user.email, user.email_asked, asked.confirmed_at) == (NEW, None, now + DAY)


def test_confirming_twice_is_confirming_once(session, user, ask, now):
    asked = ask()
    confirm(session, confirmation=asked, now=now)

    assert confirm(session, confirmation=asked, now=now + DAY) is Standing.CONFIRMED
    assert asked.confirmed_at == now
    assert [action for action, _detail in deeds(session)] == ["ask to confirm mail address", "set mail address"]


def test_mail_goes_to_the_former_address_until_the_new_one_is_confirmed(session, user, ask, now):
    user.email = OLD
    asked = ask()

    assert (user.email, user.email_asked) == (OLD, NEW)
    confirm(session, confirmation=asked, now=now)
    assert (user.email, user.email_asked) == (NEW, None)


def test_an_empty_address_stops_mail_at_once_and_voids_what_waits(session, user, ask, now):
    user.email = OLD
    asked = ask()

    assert ask("") is None
    assert (user.email, user.email_asked) == (None, None)
    assert confirm(session, confirmation=asked, now=now) is Standing.SUPERSEDED
    assert user.email is None
    assert deeds(session)[-1] == ("set mail address", {"is_set": False})


def test_the_address_in_use_typed_again_drops_the_change_that_waits(session, user, ask, now):
    user.email = OLD
    asked = ask()

    assert ask(OLD) is None
    assert (user.email, user.email_asked) == (OLD, None)
    assert standing_of(asked, now=now) is Standing.SUPERSEDED
    assert len(letters(session)) == 1


def test_another_address_voids_the_link_of_the_one_before(session, user, ask, now):
    first, second = ask("tpyo@example.com"), ask()

    assert confirm(session, confirmation=first, now=now) is Standing.SUPERSEDED
    assert user.email is None
    assert confirm(session, confirmation=second, now=now) is Standing.CONFIRMED
    assert user.email == NEW


def test_a_change_given_up_leaves_mail_where_it_went(session, user, ask, now):
    user.email = OLD
    asked = ask()

    cancel_change(session, user=user, now=now)

    assert (user.email, user.email_asked) == (OLD, None)
    assert confirm(session, confirmation=asked, now=now) is Standing.SUPERSEDED
    assert user.email == OLD


def test_a_link_ends_after_three_days_to_the_second(session, user, ask, now):
    asked = ask()

    assert standing_of(asked, now=now + 3 * DAY - timedelta(seconds=1)) is Standing.WAITING
    assert confirm(session, confirmation=asked, now=now + 3 * DAY) is Standing.EXPIRED
    assert user.email is None


def test_a_link_used_says_so_when_the_address_has_changed_since(session, user, ask, now):
    asked = ask()
    confirm(session, confirmation=asked, now=now)
    ask("")

    assert confirm(session, confirmation=asked, now=now) is Standing.USED
    assert user.email is None


def test_a_link_of_somebody_who_left_confirms_nothing(session, user, ask, now):
    asked = ask()
    user.left_at = now

    assert confirm(session, confirmation=asked, now=now) is Standing.SUPERSEDED
    assert user.email is None


def test_confirming_starts_mail_again_that_was_stopped(session, user, ask, now):
    user.email = OLD
    stop_mail(session, user=user)
    asked = ask()
    assert user.mail_stopped_at is not None

    confirm(session, confirmation=asked, now=now)
    assert user.mail_stopped_at is None


# How often


def test_the_letter_is_sent_again_after_ten_minutes_and_both_links_work(session, user, ask, now):
    first = ask()
    with pytest.raises(AskedJustNow):
        ask_again(session, user=user, has_mail=True, now=now + 10 * MINUTE - timedelta(seconds=1))

    second = ask_again(session, user=user, has_mail=True, now=now + 10 * MINUTE)

    assert [letter.dedup for letter in letters(session)] == [
        f"mail-confirmation:{first.public_id}",
        f"mail-confirmation:{second.public_id}",
    ]
    assert confirm(session, confirmation=first, now=now + DAY) is Standing.CONFIRMED
    assert standing_of(second, now=now + DAY) is Standing.CONFIRMED


def test_giving_up_and_typing_the_same_again_is_no_way_round_the_pause(session, user, ask, now):
    ask()
    cancel_change(session, user=user, now=now)

    with pytest.raises(AskedJustNow):
        ask(after=9 * MINUTE)
    assert len(letters(session)) == 1


def test_a_mistyped_address_is_corrected_at_once(session, ask):
    ask("tpyo@example.com")
    ask(after=MINUTE)

    assert len(letters(session)) == 2


def test_five_letters_a_day_whatever_the_addresses(session, user, ask):
    for number in range(5):
        ask(f"buyer{number}@example.com", after=number * MINUTE)

    with pytest.raises(AskedTooOften):
        ask("buyer5@example.com", after=DAY - timedelta(seconds=1))
    assert user.email_asked == "buyer4@example.com"
    ask("buyer5@example.com", after=DAY)
    assert len(letters(session)) == 6


def test_one_person_who_asks_often_keeps_nobody_else_from_asking(session, make, ask, now):
    for number in range(5):
        ask(f"buyer{number}@example.com")

    other = make.user()
    assert set_mail_address(session, user=other, address=NEW, has_mail=True, now=now) is not None


def test_links_of_long_ago_are_forgotten_when_their_person_asks_again(session, ask):
    ask()
    last = ask(after=91 * DAY)

    assert session.scalars(select(MailConfirmation)).all() == [last]


def test_without_a_mail_server_nobody_is_asked_but_an_address_can_be_removed(session, user, now):
    user.email = OLD
    with pytest.raises(MailNotSetUp):
        set_mail_address(session, user=user, address=NEW, has_mail=False, now=now)
    with pytest.raises(MailNotSetUp):
        ask_again(session, user=user, has_mail=False, now=now)

    set_mail_address(session, user=user, address="", has_mail=False, now=now)
    assert (user.email, letters(session)) == (None, [])


def test_nothing_is_sent_again_when_nothing_waits(session, user, now):
    with pytest.raises(NothingToConfirm):
        ask_again(session, user=user, has_mail=True, now=now)


def test_what_is_no_address_changes_nothing(session, user, ask):
    user.email = OLD
    with pytest.raises(NotAnAddress):
        ask("buyer@example")

    assert (user.email, user.email_asked) == (OLD, None)


# At the same moment


def test_eight_who_ask_again_at_once_send_one_letter(session, engine, user, ask, now):
    ask()
    session.commit()

    def again(own):
        return ask_again(own, user=own.get_one(User, user.id), has_mail=True, now=now + 10 * MINUTE).user_id

    results = at_once(engine, [again] * 8)

    assert sorted(results, key=str) == [user.id, *["AskedJustNow"] * 7]
    assert len(letters(session)) == 2


def test_eight_who_press_the_button_at_once_confirm_once(session, engine, user, ask, now):
    public_id = ask().public_id
    session.commit()

    def press(own):
        return confirm(own, confirmation=find_confirmation(own, public_id), now=now)

    assert at_once(engine, [press] * 8) == [Standing.CONFIRMED] * 8
    session.expire_all()
    assert user.email == NEW
    assert [action for action, _detail in deeds(session)] == ["ask to confirm mail address", "set mail address"]


def test_confirming_and_giving_up_at_once_end_in_one_of_the_two(session, engine, user, ask, now):
    public_id = ask().public_id
    session.commit()

    def press(own):
        return confirm(own, confirmation=find_confirmation(own, public_id), now=now)

    def give_up(own):
        return cancel_change(own, user=own.get_one(User, user.id), now=now)

    pressed, gave_up = at_once(engine, [press, give_up])

    session.expire_all()
    assert (pressed, gave_up, user.email, user.email_asked) in [
        (Standing.CONFIRMED, None, NEW, None),
        (Standing.SUPERSEDED, None, None, None),
    ]


# What is kept, and what is said


def test_neither_the_record_nor_the_outbox_nor_a_confirmation_holds_an_address_or_a_link(session, user, ask, now):
    asked = ask()
    token = token_for(asked, secret=SECRET)
    confirm(session, confirmation=asked, now=now)
    ask("")
    session.flush()

    kept = [*deeds(session), *[letter.payload for letter in letters(session)], asked.address_hash]
    assert "buyer" not in str(kept)
    assert token.partition(".")[2] not in str(kept)  # without its signature a link opens nothing


def test_the_database_refuses_a_confirmation_both_given_and_given_up(session, ask, now):
    asked = ask()
    asked.confirmed_at = asked.ended_at = now

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_link_is_bound_to_its_person_and_its_address(session, make, ask, now):
    asked = ask()
    session.commit()
    token = token_for(asked, secret=SECRET)
    assert find_by_token(session, token=token, secret=SECRET) is asked
    assert find_by_token(session, token=token, secret="y" * 40) is None

    kept = asked.user_id
    asked.user_id = make.user().id
    assert find_by_token(session, token=token, secret=SECRET) is None

    asked.user_id, asked.address_hash = kept, "0" * 64
    assert find_by_token(session, token=token, secret=SECRET) is None


def test_the_letter_goes_to_the_address_that_waits_and_says_what_to_do(session, user, ask):
    user.email = OLD
    asked = ask()
    payload = letters(session)[0].payload

    letter = write_letter(session, payload, secret=SECRET, public_url=PUBLIC)

    assert (letter.to, letter.subject, letter.stop_url) == (NEW, "供应链对接：请确认这个邮箱", "")
    for words in (letter.text, letter.html):
        assert f"{PUBLIC}/alerts/mail/confirm/{token_for(asked, secret=SECRET)}" in words
        assert "不是您填写的，不必理会" in words
        assert user.name not in words
    assert write_letter(session, payload, secret=SECRET, public_url=PUBLIC) == letter


def test_no_letter_is_written_once_there_is_nothing_to_confirm(session, user, ask, now):
    ask()
    [waiting] = letters(session)
    cancel_change(session, user=user, now=now)

    assert write_letter(session, waiting.payload, secret=SECRET, public_url=PUBLIC) is None


def test_no_letter_is_written_whose_link_has_ended(session, ask):
    ask(after=-3 * DAY)
    [waiting] = letters(session)

    assert write_letter(session, waiting.payload, secret=SECRET, public_url=PUBLIC) is None


@pytest.mark.parametrize(
    ("address", "shown"), [("buyer@example.com", "b***@example.com"), ("b@example.com", "***@example.com")]
)
def test_a_link_shows_just_enough_of_an_address(address, shown):
    assert masked(address) == shown
