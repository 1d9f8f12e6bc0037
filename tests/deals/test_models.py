"""What the database itself refuses of deals and their entries, whatever the program says."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from matchmaker.db import utcnow
from matchmaker.deals.models import Deal, DealEntry, DealKind, EntryType, Party


def entry(deal, **values):
    known = {"number": 9, "type": EntryType.CONFIRM, "party": Party.SELLER, "round": 1, "at": utcnow(), "seal": "x"}
    return DealEntry(deal_id=deal.id, **(known | values))


@pytest.mark.parametrize(
    "statement",
    [
        update(DealEntry).values(amount=1),
        update(DealEntry).values(note="改过"),
        delete(DealEntry),
        text("UPDATE deal_entry SET seal = 'x'"),
        text("DELETE FROM deal_entry"),
    ],
)
def test_an_entry_is_never_changed_nor_deleted(session, make, statement):
    deal = make.deal()
    session.commit()

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(statement)
    session.rollback()
    assert deal.entries[0].amount == 30_000_000


@pytest.mark.parametrize(
    "values",
    [
        {"type": EntryType.CONFIRM, "party": Party.BUYER},  # its declaration was its consent to round 1
        {"type": EntryType.DECLARE, "party": Party.BUYER, "amount": 5},
        {"type": EntryType.CONFIRM, "party": Party.OFFICE},
        {"type": EntryType.VERIFY, "party": Party.SELLER},
        {"type": EntryType.AMEND, "amount": None, "round": 2},
        {"type": EntryType.CONTRACT, "amount": None},
        {"type": EntryType.AMEND, "amount": 0, "round": 2},
        {"type": EntryType.DELIVER, "amount": -5},
        {"round": 0},
        {"number": 1},
    ],
)
def test_an_entry_that_breaks_the_ledger_is_refused(session, make, values):
    deal = make.deal()
    session.commit()

    session.add(entry(deal, **values))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_same_side_may_consent_to_the_next_round(session, make):
    deal = make.deal()

    session.add(entry(deal, type=EntryType.CONFIRM, party=Party.BUYER, round=2))
    session.flush()


@pytest.mark.parametrize(
    "values",
    [
        {"months": 0},
        {"months": 1201},
        {"amount_high": -1},
        {"former_amount": 1},
        {"is_renewal": False, "former_amount": 0},
        {"is_renewal": True, "former_amount": -1},
        {"is_renewal": True, "former_amount": 10**15 + 1},
        {"currency": "USD", "rate": None},
        {"currency": "CNY", "rate": "7.1"},
    ],
)
def test_a_deal_with_impossible_terms_is_refused(session, make, values):
    parties = {"buyer": make.enterprise(), "seller": make.enterprise()}
    session.commit()

    session.add(Deal(number="YX-1", subject="压铸模", kind=DealKind.PURCHASE, **(parties | values)))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_firm_cannot_stand_on_both_sides(session, make):
    firm = make.enterprise()

    session.add(Deal(number="YX-1", subject="压铸模", buyer=firm, seller=firm))
    with pytest.raises(IntegrityError):
        session.flush()


def test_two_deals_never_share_a_number(session, make):
    first = make.deal()

    session.add(Deal(number=first.number, subject="压铸模", buyer=first.buyer, seller=first.seller))
    with pytest.raises(IntegrityError):
        session.flush()
