"""Whatever is said of deals, in whatever order it arrives, the projection adds up what a full recount adds up."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.accounts.models import Role
from matchmaker.db import make_engine, shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.models import Deal, DealEntry, DealKind, EntryType, Party
from matchmaker.deals.recounting import recounted
from matchmaker.enterprises.services import merging
from matchmaker.errors import RuleViolation
from matchmaker.events.models import EventState
from matchmaker.programmes.models import Period, PeriodState
from matchmaker.progress.cli import recount_command
from matchmaker.progress.models import ProjectedSum, Projection
from matchmaker.progress.projection import find_sheet, follow, reading, sheet_for, sheet_of
from matchmaker.progress.projection.checking import differences, steady
from matchmaker.progress.projection.following import rebuild
from matchmaker.progress.slices import OF_RENEWALS, Basis
from matchmaker.progress.watching import check_and_mend
from tests.deals.worked_example import write_worked_example
from tests.making import Maker

AMOUNTS = st.sampled_from([1, 3, 10**6 + 1, 3 * 10**8, 10**9])
PICK = st.integers(0, 99)


class Ledger(RuleBasedStateMachine):
    """Five firms, three events and everything that can happen between them; undone after each run."""

    engine = None

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        self.make = Maker(self.session)
        self.today = shanghai_day(utcnow())
        self.programme = self.make.programme(self.today.year, hold_revenue_multiple=3)
        places = ("420600", "420607", "420100", "410000", "420300")
        self.firms = [self.make.enterprise(region=place) for place in places]
        self.people = [self.make.user(enterprise=firm) for firm in self.firms]
        self.official = self.make.user(Role.OFFICIAL)
        starts = utcnow() - timedelta(days=40)
        self.events = [
            self.make.event(starts_at=starts, state=EventState.HELD, programme=self.programme, region=place)
            for place in ("420600", "420100", "420300")
        ]
        self.deals: list[Deal] = []
        self.session.commit()

    @initialize(amount=AMOUNTS, confirmed=st.integers(0, 3))
    def begin_with_a_few(self, amount, confirmed) -> None:
        """A projection and deals that count in it, so that whatever follows has something to change."""
        for number in range(4):
            self.declare(number, number + 1, None if number == 1 else 0, amount, 12, DealKind.PURCHASE, by_buyer=True)
        for number in range(confirmed):
            self.say(number, by_buyer=False, verb="confirm", amount=amount)
        self.bring_up(crash=False)

    def teardown(self) -> None:
        self.session.close()
        self.outer.rollback()
        self.connection.close()

    def attempt(self, verb, **values) -> None:
        """What a request does: all of it, or nothing with a reason."""
        with suppress(RuleViolation):
            verb(self.session, **values)
        self.session.commit()

    @rule(
        buyer=PICK,
        seller=PICK,
        event=st.none() | PICK,
        amount=AMOUNTS,
        months=st.sampled_from([12, 36]),
        kind=st.sampled_from([DealKind.PURCHASE, DealKind.PURCHASE, DealKind.CREDIT]),
        by_buyer=st.booleans(),
        former=st.sampled_from([None, None, "unknown", 0, 10**6, 2 * 10**8]),
    )
    def declare(self, buyer, seller, event, amount, months, kind, by_buyer, former=None) -> None:
        buyer, seller = buyer % 5, seller % 5
        before = len(self.deals)
        with suppress(RuleViolation):
            self.deals.append(
                deals.declare_deal(
                    self.session,
                    buyer=self.firms[buyer],
                    seller=self.firms[seller],
                    kind=kind,
                    subject="压铸模",
                    amount=amount,
                    months=months,
                    by=Party.BUYER if by_buyer else Party.SELLER,
                    actor=self.people[buyer if by_buyer else seller],
                    event=None if event is None else self.events[event % 3],
                    unit_checked=True,
                    is_another=True,
                    is_renewal=former is not None,
                    former_amount=0 if former == "unknown" else former,
                )
            )
            if former == "unknown":  # as those declared before it was asked
                self.deals[-1].former_amount = None
        self.session.commit()
        assert len(self.deals) <= before + 1

    @rule(
        which=PICK,
        by_buyer=st.booleans(),
        verb=st.sampled_from(
            ["confirm", "confirm", "confirm", "dispute", "resolve", "amend", "withdraw", "contract", "deliver"]
        ),
        amount=AMOUNTS,
    )
    def say(self, which, by_buyer, verb, amount) -> None:
        if not self.deals:
            return
        deal = self.deals[which % len(self.deals)]
        actor = self.people[self.firms.index(deal.buyer if by_buyer else deal.seller)]
        values = {
            "confirm": {"unit_checked": True},
            "dispute": {"reason": "金额不符"},
            "resolve": {},
            "amend": {"amount": amount, "unit_checked": True},
            "withdraw": {"reason": "不做了"},
            "contract": {"amount": amount, "number": "HT-1"},
            "deliver": {"amount": amount},
        }[verb]
        verbs = {
            "confirm": deals.confirm_deal,
            "dispute": deals.dispute_deal,
            "resolve": deals.resolve_dispute,
            "amend": deals.amend_deal,
            "withdraw": deals.withdraw_deal,
            "contract": deals.record_contract,
            "deliver": deals.record_delivery,
        }
        self.attempt(verbs[verb], deal=deal, actor=actor, **values)

    @rule(which=PICK)
    def verify(self, which) -> None:
        if self.deals:
            self.attempt(deals.verify_deal, deal=self.deals[which % len(self.deals)], actor=self.official)

    @rule(
        which=PICK,
        days=st.integers(0, 60),
        by_buyer=st.booleans(),
        what=st.sampled_from([EntryType.DISPUTE, EntryType.RESOLVE, EntryType.WITHDRAW]),
    )
    def arrive_late(self, which, days, by_buyer, what) -> None:
        """An entry with an earlier moment than those already there."""
        if not self.deals:
            return
        deal = self.deals[which % len(self.deals)]
        party = Party.BUYER if by_buyer else Party.SELLER
        entry = DealEntry(
            deal=deal,
            number=deal.entries[-1].number + 1,
            type=what,
            party=party,
            round=1,
            seal="",
            at=utcnow() - timedelta(days=days),
        )
        self.session.add(entry)
        self.session.commit()

    @rule(which=PICK, of=PICK)
    def merge(self, which, of) -> None:
        """What an officer decides: one deal goes behind another, whatever stands behind it already."""
        if self.deals:
            deal, into = self.deals[which % len(self.deals)], self.deals[of % len(self.deals)]
            self.attempt(deals.merge_deal, deal=deal, into=into, actor=self.official, reason="同一次握手")

    @rule(which=PICK)
    def merge_within_a_pair(self, which) -> None:
        """Deals between the same two firms, which random picks seldom are."""
        if not self.deals:
            return
        deal = self.deals[which % len(self.deals)]
        firms = {deal.buyer_id, deal.seller_id}
        for into in self.deals:
            if into is not deal and {into.buyer_id, into.seller_id} == firms:
                self.attempt(deals.merge_deal, deal=deal, into=into, actor=self.official, reason="同一次握手")
                return

    @rule(which=PICK)
    def unmerge(self, which) -> None:
        merged = [deal for deal in self.deals if deal.duplicate_of_id is not None]
        if merged:
            deal = merged[which % len(merged)]
            self.attempt(deals.unmerge_deal, deal=deal, actor=self.official, reason="是两笔")

    @rule(
        which=PICK,
        revenue=st.none() | AMOUNTS,
        place=st.sampled_from(["420600", "420100", "410000"]),
        parent=st.none() | PICK,
    )
    def edit_firm(self, which, revenue, place, parent) -> None:
        firm = self.firms[which % 5]
        firm.last_year_revenue, firm.region = revenue, self.make.region(place)
        firm.parent_code = None if parent is None else self.firms[parent % 5].credit_code
        self.session.commit()

    @rule(which=PICK, into=PICK, ends=st.booleans())
    def merge_firms(self, which, into, ends) -> None:
        """One firm turns out to be another, or not to be after all."""
        verb = merging.end_merger if ends else merging.merge_duplicate
        duplicate, survivor = self.firms[which % 5], self.firms[into % 5]
        self.attempt(verb, duplicate=duplicate, survivor=survivor, actor=self.official)

    @rule(which=PICK, days=st.integers(-60, 3))
    def move_event(self, which, days) -> None:
        self.events[which % 3].held_on = self.today + timedelta(days=days)
        self.session.commit()

    @rule(back=st.integers(0, 2))
    def freeze(self, back) -> None:
        month = f"{self.today.year}-{max(1, self.today.month - back):02d}"
        if self.session.scalar(select(Period).where(Period.programme_id == self.programme.id, Period.month == month)):
            return
        self.session.add(
            Period(programme_id=self.programme.id, month=month, state=PeriodState.FROZEN, frozen_at=utcnow())
        )
        self.session.commit()

    @rule()
    def a_day_passes(self) -> None:
        if (self.today + timedelta(days=1)).year == self.programme.year:
            self.today += timedelta(days=1)

    @rule(crash=st.booleans())
    def bring_up(self, crash) -> None:
        follow(self.session, self.programme, today=self.today)
        if crash:
            self.session.rollback()
        else:
            self.session.commit()
            assert follow(self.session, self.programme, today=self.today) <= self.edited_lately()

    def edited_lately(self) -> int:
        """Firms edited within the hour are looked at once more, which changes nothing."""
        return 2 * len(self.deals)

    @invariant()
    def the_projection_adds_up_to_the_recount(self) -> None:
        kept = self.session.scalar(select(Projection).where(Projection.is_live.is_(True)))
        if kept is None:
            return
        found = find_sheet(self.session, self.programme, self.today)
        recount = recounted(self.session, self.programme, self.today)
        counted = sheet_of(recount)

        assert found is not None
        assert (found.sums, found.largest) == (counted.sums, counted.largest)
        assert found.net == recount.count.net
        assert sum(found.of(part).amount for part in OF_RENEWALS) == found.net
        assert sum(found.by_place(Basis.SHARED).values()) == sum(found.by_place(Basis.ORGANISER).values()) == found.net
        assert len(recount.count.deals) == len(self.deals)
        assert list(differences(self.session, self.programme, today=self.today)) == []


def test_no_sequence_of_entries_parts_the_projection_from_the_recount(template) -> None:
    Ledger.engine = make_engine(template, pooled=False)
    run_state_machine_as_test(Ledger, settings=settings(max_examples=25, stateful_step_count=30, deadline=None))


@pytest.fixture
def projected(session, make):
    """The worked example, projected."""
    programme = write_worked_example(session, make)
    rebuild(session, programme)
    session.commit()
    return programme


@pytest.fixture
def scene(session, make):
    """A projected deal that counts, at an event, between a firm with a parent and another; some like it."""
    today = shanghai_day(utcnow())
    programme = make.programme(today.year)
    held = utcnow() - timedelta(days=2)
    event = make.event(starts_at=held, state=EventState.HELD, programme=programme)
    holding = make.enterprise(credit_code="DEMOHOLDING0000001")
    buyer = make.enterprise(parent_code=holding.credit_code)
    seller = make.enterprise(region="420100")
    said = (("declare", "buyer", f"{today - timedelta(days=1)}T01:00"), ("confirm", "seller", f"{today}T00:00"))
    deal = make.recorded_deal(*said, buyer=buyer, seller=seller, event=event)
    twin = make.recorded_deal(*said)
    between = {"buyer": make.enterprise(), "seller": make.enterprise()}
    again = make.recorded_deal(*said, buyer=buyer, seller=seller)
    copy = make.recorded_deal(*said, **between)
    copy.duplicate_of = make.recorded_deal(*said, **between)
    follow(session, programme)
    session.commit()
    return SimpleNamespace(
        session=session, make=make, programme=programme, event=event, holding=holding, buyer=buyer, seller=seller,
        deal=deal, twin=twin, again=again, copy=copy,
    )  # fmt: skip


def _assign(row, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _say(deal, what: EntryType) -> None:
    entry = {"number": 3, "type": what, "party": Party.OFFICE, "round": 1, "seal": "", "at": utcnow()}
    deal.entries.append(DealEntry(**entry))


def _merge(at, deal, into) -> None:
    deals.merge_deal(at.session, deal=deal, into=into, actor=at.make.user(Role.OFFICIAL), reason="同一次握手")


def _unmerge(at, deal) -> None:
    deals.unmerge_deal(at.session, deal=deal, actor=at.make.user(Role.OFFICIAL), reason="是两笔")


def _repeat(deal, other) -> None:
    deal.duplicate_of = other
    _say(deal, EntryType.MERGE)


CHANGES = {
    "an entry": lambda at: _say(at.deal, EntryType.DISPUTE),
    "a link to a duplicate": lambda at: _repeat(at.twin, at.deal),
    "a deal merged into another": lambda at: _merge(at, at.again, at.deal),
    "a deal merged no longer": lambda at: _unmerge(at, at.copy),
    "a firm's place": lambda at: _assign(at.seller, region=at.make.region("410000")),
    "a firm's revenue": lambda at: _assign(at.buyer, last_year_revenue=0),
    "a parent's parent": lambda at: _assign(at.holding, parent_code=at.seller.credit_code),
    "a firm that turns out to be the other": lambda at: merging.merge_duplicate(
        at.make.session, duplicate=at.buyer, survivor=at.seller, actor=at.make.user(Role.OFFICIAL)
    ),
    "a firm above that turns out to be the other": lambda at: merging.merge_duplicate(
        at.make.session, duplicate=at.holding, survivor=at.seller, actor=at.make.user(Role.OFFICIAL)
    ),
    "an event put off": lambda at: _assign(at.event, held_on=shanghai_day(utcnow()) + timedelta(days=1)),
    "an event given away": lambda at: _assign(at.event, organiser=at.make.office(region="420300")),
    "an event moved to another programme": lambda at: _assign(at.event, programme=at.make.programme(2025)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_that_bears_on_a_deal_is_laid_over_and_followed(session, scene, name) -> None:
    today = shanghai_day(utcnow())
    before = find_sheet(session, scene.programme, today).sums
    CHANGES[name](scene)
    session.commit()
    recounted_sums = sheet_of(recounted(session, scene.programme, today)).sums

    assert recounted_sums != before
    assert find_sheet(session, scene.programme, today).sums == recounted_sums
    follow(session, scene.programme)
    session.commit()
    assert find_sheet(session, scene.programme, today).sums == recounted_sums


def test_a_deal_of_an_event_ahead_is_judged_when_its_day_comes(session, scene) -> None:
    today = shanghai_day(utcnow())
    tomorrow = today + timedelta(days=1)
    scene.event.held_on = tomorrow
    session.commit()
    follow(session, scene.programme)
    session.commit()

    assert find_sheet(session, scene.programme, today).net == 90_000_000
    assert find_sheet(session, scene.programme, tomorrow).net == 120_000_000


def test_rules_that_changed_are_left_to_the_recount_until_followed(session, scene) -> None:
    today = shanghai_day(utcnow())
    scene.programme.hold_amount = 1
    session.commit()

    assert find_sheet(session, scene.programme, today) is None
    assert sheet_for(session, scene.programme, today).net == 0
    follow(session, scene.programme)
    assert find_sheet(session, scene.programme, today).net == 0


def test_an_altered_sum_is_found_and_named(session, engine, projected) -> None:
    today = shanghai_day(utcnow())
    session.execute(update(ProjectedSum).where(ProjectedSum.key == "kind:purchase").values(amount=1))
    session.commit()

    with steady(engine) as reader:
        found = list(differences(reader, projected, today=today))

    assert found[0] == f"{today}: kind:purchase is Sum(amount=1, deals=3), recounted Sum(amount=580000000, deals=3)"


def test_the_nightly_check_mends_what_it_found(session, engine, projected) -> None:
    session.execute(update(ProjectedSum).where(ProjectedSum.key == "kind:purchase").values(amount=1))
    session.commit()

    assert check_and_mend(engine) == 2  # today's, and that of the end of last month
    assert check_and_mend(engine) == 0


def test_the_command_compares_and_makes_anew(session, projected, database_url, monkeypatch) -> None:
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_SECRET_KEY", "x" * 40)
    session.execute(update(ProjectedSum).where(ProjectedSum.key == "kind:purchase").values(amount=1))
    session.commit()

    altered = CliRunner().invoke(recount_command, ["--check"])
    made = CliRunner().invoke(recount_command, [])
    after = CliRunner().invoke(recount_command, ["--check"])

    assert altered.exit_code == 1
    assert "kind:purchase is Sum(amount=1, deals=3)" in altered.output
    assert (made.exit_code, after.exit_code, after.output) == (0, 0, "every projection equals the recount\n")


def test_more_than_a_request_can_judge_is_left_to_the_recount(session, projected, monkeypatch, make) -> None:
    monkeypatch.setattr(reading, "MOST_LAID_OVER", 0)
    make.recorded_deal(("declare", "buyer", "2026-03-10T02:00"), ("confirm", "seller", "2026-03-12T02:00"))
    session.commit()
    today = shanghai_day(utcnow())

    assert find_sheet(session, projected, today) is None
    assert sheet_for(session, projected, today).net == 610_000_000


def test_the_days_of_the_overview_stay_the_same_however_they_are_made(session, projected, sign_in, make) -> None:
    official = make.user(Role.OFFICIAL)
    session.commit()
    browser = sign_in(official)
    projected_page = browser.get("/progress?year=2026").get_data(as_text=True)
    session.execute(text("DELETE FROM projected_deal"))
    session.execute(text("DELETE FROM projected_sum"))
    session.execute(text("DELETE FROM projection"))
    session.commit()

    assert numbers_of(browser.get("/progress?year=2026").get_data(as_text=True)) == numbers_of(projected_page)


def numbers_of(page: str) -> str:
    """A page's main part, without the moment it was made."""
    main = page[page.index("<main") : page.index("<footer")]
    return "".join(line for line in main.splitlines() if "截至" not in line)


def test_two_who_bring_it_up_at_once_cannot_both_commit(session, engine, projected, make) -> None:
    make.recorded_deal(("declare", "buyer", "2026-03-10T02:00"), ("confirm", "seller", "2026-03-12T02:00"))
    session.commit()
    reading = engine.execution_options(begin="DEFERRED")
    with Session(reading) as one, Session(reading) as two:
        known = [each.scalars(select(Projection)).all() for each in (one, two)]
        follow(one, projected)
        one.commit()
        with pytest.raises((StaleDataError, DatabaseError)):
            follow(two, projected)

    assert [len(each) for each in known] == [2, 2]
    assert find_sheet(session, projected, shanghai_day(utcnow())).net == 580_000_000 + 30_000_000
