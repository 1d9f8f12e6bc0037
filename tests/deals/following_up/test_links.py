"""Answering by the link of a letter, without signing in."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.app import letter_writers
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.following_up.models import FollowUp, FollowUpAnswer, FollowUpLink
from matchmaker.deals.following_up.services import LETTER, open_link, prune_links, tell_firms
from matchmaker.deals.models import DealStage, DealStanding, Party
from matchmaker.notices.models import OutboxMessage


def words_of(answer, status=200):
    assert answer.status_code == status
    body = re.sub(r"(?s).*<main", "<main", answer.text)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def reader(session, make, deal):
    user = make.person_of(deal.buyer)
    user.email = "buyer@example.com"
    session.commit()
    return user


@pytest.fixture
def link(session, settings, deal, reader):
    """The address in the buyer's letter."""
    question = session.scalars(select(FollowUp).where(FollowUp.party == Party.BUYER)).one()
    token = open_link(
        session, follow_up=question, membership_id=reader.memberships[0].id, now=utcnow(), secret=settings.secret
    )
    session.commit()
    return f"/deals/follow-up/{token}"


def answers(session):
    session.expire_all()
    found = [(row.answer.value, row.by_link) for row in session.scalars(select(FollowUpAnswer))]
    session.commit()
    return found


def stage(session, deal):
    found = session.scalars(select(DealStanding.stage).where(DealStanding.deal_id == deal.id)).one()
    session.commit()
    return found


def test_opening_a_link_changes_nothing_and_tells_nobody_where_one_came_from(client, session, deal, link):
    page = client.get(link)

    assert f"代表{deal.buyer.name}答复，点一下即可，不必登录。" in words_of(page)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert answers(session) == []


def test_a_tap_answers_as_the_person_the_letter_was_sent_to(client, session, reader, link):
    answer = client.post(link, data={"answer": "talking"})

    assert (answer.status_code, answer.headers["Location"]) == (303, link)
    assert answers(session) == [("talking", True)]
    assert session.scalars(select(FollowUpAnswer)).one().user_id == reader.id
    assert "已答复：还在谈" in words_of(client.get(link))


def test_a_contract_is_registered_without_signing_in(client, session, deal, link):
    client.post(link, data={"answer": "signed", "amount": "2800", "number": "HT-7"})

    assert stage(session, deal) is DealStage.CONTRACT
    assert "合同HT-7，2,800万元" in words_of(client.get(link))


def test_calling_off_leaves_the_withdrawal_to_somebody_signed_in(client, session, deal, link):
    client.post(link, data={"reason": "price"})
    page = client.get(link)

    assert "登录并撤回这笔意向" in words_of(page)
    assert stage(session, deal) is DealStage.INTENT
    entrance = client.get(f"/deals/{deal.public_id}/withdraw?reason=x")
    assert entrance.headers["Location"].startswith("/sign-in?next=")


def test_a_double_tap_counts_once(client, session, link):
    key = {"form_key": "the-key-of-this-form"}
    tap = {"data": {"answer": "talking", **key}, "headers": {"Idempotency-Key": ""}}

    first, second = (client.post(link, **tap) for _time in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert answers(session) == [("talking", True)]


def test_a_link_needs_neither_cookie_nor_form_token_but_the_key_of_its_form(app, session, link):
    app.config["WTF_CSRF_ENABLED"] = True
    visitor = app.test_client()

    without = visitor.post(link, data={"answer": "talking"}, headers={"Idempotency-Key": ""})
    with_key = visitor.post(link, data={"answer": "talking"})

    assert (without.status_code, with_key.status_code) == (400, 303)
    assert answers(session) == [("talking", True)]


def test_an_ended_link_says_so_and_shows_the_way_in(client, session, deal, link):
    session.query(FollowUpLink).update({"expires_at": utcnow() - timedelta(seconds=1)})
    session.commit()

    assert "这个链接已失效" in words_of(client.get(link), 410)
    assert "这个链接已失效" in words_of(client.post(link, data={"answer": "talking"}), 410)
    assert answers(session) == []


def test_who_left_the_firm_answers_no_longer(client, session, reader, link):
    reader.memberships[0].ends_on = shanghai_day(utcnow()) - timedelta(days=1)
    session.commit()

    assert client.post(link, data={"answer": "talking"}).status_code == 410
    assert answers(session) == []


@pytest.mark.parametrize("spoil", [lambda t: t[:-2] + "xx", lambda t: t.partition(".")[0], lambda _t: "x"])
def test_a_token_nobody_was_sent_opens_nothing(client, session, link, spoil):
    token = spoil(link.rpartition("/")[2])

    assert client.get(f"/deals/follow-up/{token}").status_code == 404
    assert client.post(f"/deals/follow-up/{token}", data={"answer": "talking"}).status_code == 404
    assert answers(session) == []


def test_the_database_keeps_only_the_digest_of_a_token(session, link):
    token = link.rpartition("/")[2].partition(".")[0]

    assert len(token) == 32  # 192 bits
    assert token not in str(vars(session.scalars(select(FollowUpLink)).one()))


def test_links_of_long_ago_are_forgotten(session, link):
    assert prune_links(session, now=utcnow() + timedelta(days=459)) == 0
    assert prune_links(session, now=utcnow() + timedelta(days=461)) == 1


@pytest.fixture
def letter(session, settings, deal, reader, now):
    """Write the letter that waits for the buyer."""
    tell_firms(session, now=now, limit=9, has_mail=True)
    session.commit()
    payload = session.scalars(select(OutboxMessage.payload)).one()
    session.commit()
    settings.public_url = "https://example.com"

    def write():
        return letter_writers(settings)[LETTER](session, payload)

    return write


def test_a_letter_leads_to_a_page_that_answers(client, session, deal, letter):
    written = letter()
    session.commit()

    assert (written.to, written.subject) == ("buyer@example.com", f"供应链对接：意向 {deal.number} 进展如何？")
    address = re.search(r"https://example\.com(/deals/follow-up/\S+)", written.text)[1]
    assert address in html.unescape(written.html)
    client.post(address, data={"answer": "talking"})
    assert answers(session) == [("talking", True)]


def test_nothing_is_written_about_what_was_answered_meanwhile(client, session, link, letter):
    client.post(link, data={"answer": "talking"})
    session.expire_all()

    assert letter() is None
