"""The projection of a deal's entries, against what verbs keep and against the counting function."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.accounts.models import Role
from matchmaker.deals import counting
from matchmaker.deals import services as deals
from matchmaker.deals.models import Assurance, Deal, DealEntry, DealKind, DealStage, EntryType, Party
from matchmaker.deals.standing import Standing, project
from matchmaker.errors import RuleViolation

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
SIDES = [Party.BUYER, Party.SELLER]


def entry(number, type_, party, *, round_=1, amount=None):
    return DealEntry(
        number=number, type=type_, party=party, round=round_, amount=amount, at=START + timedelta(hours=number)
    )


def agreed(amount=1_000):
    return [
        entry(1, EntryType.DECLARE, Party.BUYER, amount=amount),
        entry(2, EntryType.CONFIRM, Party.SELLER),
    ]


def test_the_amount_in_force_is_the_last_both_consented_to():
    proposed = [*agreed(), entry(3, EntryType.AMEND, Party.SELLER, round_=2, amount=900)]
    accepted = [*proposed, entry(4, EntryType.CONFIRM, Party.BUYER, round_=2)]

    assert [project(entries).amount for entries in (agreed(), proposed, accepted)] == [1_000, 1_000, 900]


def test_before_both_consent_the_first_amount_stands():
    entries = [agreed()[0], entry(2, EntryType.AMEND, Party.SELLER, round_=2, amount=700)]

    standing = project(entries)
    assert (standing.amount, standing.assurance, standing.round) == (1_000, Assurance.DECLARED, 2)
    assert (standing.buyer_consents, standing.seller_consents) == (False, True)


def test_nothing_written_after_a_withdrawal_is_read():
    entries = [
        *agreed(),
        entry(3, EntryType.WITHDRAW, Party.BUYER),
        entry(4, EntryType.DISPUTE, Party.SELLER),
        entry(5, EntryType.AMEND, Party.SELLER, round_=2, amount=1),
    ]

    standing = project(entries)
    assert (standing.stage, standing.is_disputed, standing.round) == (DealStage.WITHDRAWN, False, 1)
    assert standing.changed_at == START + timedelta(hours=3)


def test_entries_are_read_by_number_however_they_come():
    assert project(reversed(agreed())) == project(agreed())


def test_a_merge_leaves_the_standing_as_it_is():
    merged = [*agreed(), entry(3, EntryType.MERGE, Party.OFFICE), entry(4, EntryType.UNMERGE, Party.OFFICE)]

    assert project(merged).assurance is Assurance.CONFIRMED


VERBS = st.tuples(
    st.sampled_from(["confirm", "dispute", "resolve", "amend", "withdraw", "verify", "contract", "deliver"]),
    st.sampled_from(["buyer", "seller", "office"]),
    st.integers(1, 3_000_000_000),
)


def people(session):
    """A buyer, a seller and a provincial official, not stored anywhere else."""
    from tests.making import Maker

    make = Maker(session)
    return make, make.user(), make.user(), make.user(Role.OFFICIAL)


def carry_out(session, deal, verb, actor, amount):
    match verb:
        case "confirm":
            deals.confirm_deal(session, deal=deal, actor=actor, unit_checked=True)
        case "dispute":
            deals.dispute_deal(session, deal=deal, actor=actor, reason="有出入")
        case "resolve":
            deals.resolve_dispute(session, deal=deal, actor=actor)
        case "amend":
            deals.amend_deal(session, deal=deal, actor=actor, amount=amount, unit_checked=True)
        case "withdraw":
            deals.withdraw_deal(session, deal=deal, actor=actor, reason="取消")
        case "verify":
            deals.verify_deal(session, deal=deal, actor=actor)
        case "contract":
            deals.record_contract(session, deal=deal, actor=actor, amount=amount, number="HT-1")
        case "deliver":
            deals.record_delivery(session, deal=deal, actor=actor, amount=amount)


def as_facts(deal: Deal) -> counting.Facts:
    """The deal as the offline count would read it."""
    entries = [
        counting.EntryFacts(
            counting.EntryType(each.type.value),
            counting.By(each.party.value),
            each.at,
            each.amount if each.type is EntryType.AMEND else None,
        )
        for each in deal.entries
    ]
    firms = [
        counting.EnterpriseFacts(firm.credit_code, firm.name, "420600", counting.EnterpriseKind.ENTERPRISE)
        for firm in (deal.buyer, deal.seller)
    ]
    facts = counting.DealFacts(
        id="D",
        buyer=deal.buyer.credit_code,
        seller=deal.seller.credit_code,
        kind=counting.DealKind.PURCHASE,
        amount=deal.entries[0].amount,
        months=deal.months,
        entries=entries,
        currency=deal.currency,
        rate=None if deal.rate is None else Decimal(deal.rate),
    )
    return counting.Facts(enterprises=firms, events=[], deals=[facts])


def consents_spelled_out(deal: Deal, party: Party) -> bool:
    """COUNTING's sentence on the newest version, read naively from the last declare or amend on."""
    consenting = False
    for each in deal.entries:
        if each.type is EntryType.AMEND:
            consenting = each.party is party
        elif each.type in (EntryType.DECLARE, EntryType.CONFIRM) and each.party is party:
            consenting = True
    return consenting


def check(deal: Deal) -> None:
    kept = Standing(**{field.name: getattr(deal.standing, field.name) for field in fields(Standing)})
    assert kept == project(deal.entries, rate=deal.rate)
    assert [each.number for each in deal.entries] == list(range(1, len(deal.entries) + 1))
    answer = counting.count(as_facts(deal), date(2099, 12, 31)).deals["D"]
    assert answer.full_amount == kept.amount
    assert answer.assurance == {Assurance.DECLARED: 0, Assurance.CONFIRMED: 1, Assurance.VERIFIED: 2}[kept.assurance]
    assert (answer.reason is counting.DealReason.WITHDRAWN) <= (kept.stage is DealStage.WITHDRAWN)
    assert (answer.reason is counting.DealReason.DISPUTED) <= kept.is_disputed
    assert kept.buyer_consents == consents_spelled_out(deal, Party.BUYER)
    assert kept.seller_consents == consents_spelled_out(deal, Party.SELLER)


def test_whatever_is_said_the_kept_standing_is_the_projection_and_the_count_agrees(session, make):
    buyer, seller, official = make.user(), make.user(), make.user(Role.OFFICIAL)
    actors = {"buyer": buyer, "seller": seller, "office": official}
    parties = [session.get_one(type(make.enterprise()), user.enterprise_id) for user in (buyer, seller)]

    @settings(max_examples=40, deadline=None)
    @given(st.sampled_from(["buyer", "seller", "office"]), st.booleans(), st.lists(VERBS, max_size=9))
    def hold(by, is_foreign, verbs):
        deal = deals.declare_deal(
            session, buyer=parties[0], seller=parties[1], kind=DealKind.PURCHASE, subject="压铸模", months=12,
            amount=3_000, by=Party(by), actor=actors[by],
            currency="USD" if is_foreign else "CNY", rate="7.0123" if is_foreign else None,
                is_another=True,
        )  # fmt: skip
        check(deal)
        for verb, speaker, amount in verbs:
            before = len(deal.entries)
            try:
                carry_out(session, deal, verb, actors[speaker], amount)
            except RuleViolation:
                assert len(deal.entries) == before
            else:
                assert len(deal.entries) == before + 1
            check(deal)

    hold()
