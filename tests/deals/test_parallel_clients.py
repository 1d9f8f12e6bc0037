"""Fifty clients declare, confirm, dispute, amend and withdraw the same deals at once: no yuan is lost or doubled."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts import queries as people
from matchmaker.accounts.models import Role
from matchmaker.accounts.services import open_sign_in_for
from matchmaker.audit import first_break
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import queries
from matchmaker.deals.models import Deal, DealEntry, EntryType
from matchmaker.deals.recounting import recount
from matchmaker.events.models import EventState
from matchmaker.programmes.models import Programme
from matchmaker.progress.projection import follow
from matchmaker.progress.projection.checking import differences, steady
from tests.deals.crowd import Ground, Program, Written, all_together, net_of, written
from tests.serving import served

CLIENTS, OFFICES, STEPS, SEED = 50, 4, 8, 2024
WORDS = {"declare", "confirm", "dispute", "resolve", "amend", "verify", "withdraw"}


@pytest.fixture
def ground(session, make):
    """Five firms of which every two have a deal, and an event at which they may have made another."""
    make.programme(shanghai_day(utcnow()).year)
    firms = [make.enterprise() for _ in range(5)]
    deals = [make.deal(buyer=one, seller=other) for one in firms for other in firms if one.id < other.id]
    event = make.event(starts_at=utcnow() - timedelta(days=1), state=EventState.HELD)
    session.commit()
    parties = {deal.public_id: (deal.buyer.public_id, deal.seller.public_id) for deal in deals}
    return Ground(parties, [firm.public_id for firm in firms], event.public_id), firms


@pytest.fixture
def programs(session, make, ground):
    """People of the five firms, and a few offices, each with a token."""
    _ground, firms = ground
    employers = [firms[number % len(firms)] for number in range(CLIENTS - OFFICES)]
    crowd = [(make.user(enterprise=firm), firm.public_id) for firm in employers]
    crowd += [(make.user(Role.OFFICIAL), None) for _ in range(OFFICES)]
    signed_in = [
        (open_sign_in_for(session, user=user, lasting=timedelta(days=1), is_api=True)[1], firm) for user, firm in crowd
    ]
    session.commit()
    return lambda address: [
        Program(address, token, firm, SEED + number) for number, (token, firm) in enumerate(signed_in)
    ]


def follow_until(engine, programme_id, done: threading.Event) -> None:
    """Keep the sums beside the ledger, as the worker does, while everybody writes."""
    while not done.wait(0.5):
        with Session(engine) as session, session.begin():
            follow(session, session.get_one(Programme, programme_id))


def entries_of(session) -> list[Written]:
    session.expire_all()
    rows = session.execute(select(Deal.public_id, DealEntry).join(DealEntry.deal).order_by(DealEntry.id))
    return [
        Written(deal, entry.number, entry.type.value, entry.party.value, entry.amount, entry.seal)
        for deal, entry in rows
    ]


def acknowledged_of(told) -> dict[str, Written]:
    """The entry of every key that was acknowledged; a key that was sent twice names one entry both times."""
    known: dict[str, Written] = {}
    for answer in told:
        if answer.status in (200, 201) and answer.verb != "read":
            assert known.setdefault(answer.key, written(answer)) == written(answer)
    return known


def consents_of(session) -> Counter[tuple[object, ...]]:
    """How often each side consented to each version of an amount."""
    said = select(DealEntry.deal_id, DealEntry.party, DealEntry.round)
    statement = said.where(DealEntry.type.in_([EntryType.DECLARE, EntryType.CONFIRM, EntryType.AMEND]))
    return Counter(map(tuple, session.execute(statement)))


def broken_chains(session) -> list[str]:
    """Which of the two records does not hold up to the head kept beside it."""
    chains = {queries.LEDGER: queries.entry_links, "audit_entry": people.audit_links}
    heads = {name: people.chain_head(session, name).seal for name in chains}
    return [name for name, links in chains.items() if first_break(links(session), head=heads[name]) is not None]


def test_fifty_clients_lose_and_double_nothing(session, engine, settings, make, ground, programs) -> None:
    today = shanghai_day(utcnow())
    programme = make.programme(today.year)
    before = entries_of(session)
    follow(session, programme)
    programme_id, done = programme.id, threading.Event()
    session.commit()
    worker = threading.Thread(target=follow_until, args=(engine, programme_id, done))

    with served(settings) as address:
        worker.start()
        crowd = programs(address)
        told = all_together(crowd, ground[0], steps=STEPS)
        shown = crowd[-1].ask("the-total", "read", "/api/v1/progress", None).body
        done.set()
        worker.join()

    assert {answer.status for answer in told} <= {200, 201, 403, 404, 409, 412, 422}
    assert "Traceback" not in (settings.data_dir / "server.log").read_text()
    acknowledged = acknowledged_of(told)
    assert {entry.type for entry in acknowledged.values()} == WORDS
    ledger = Counter(entries_of(session))
    assert ledger == Counter(before) + Counter(acknowledged.values())
    assert max(ledger.values()) == 1
    assert max(consents_of(session).values()) == 1
    assert broken_chains(session) == []
    expected = net_of([*before, *acknowledged.values()])
    assert expected > 0
    assert (recount(session, programme, today).net, shown["net"]["amount"]) == (expected, expected)
    session.rollback()
    with steady(engine) as reader:
        assert list(differences(reader, reader.get_one(Programme, programme_id))) == []
