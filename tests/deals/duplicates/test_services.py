"""A person decides which deals are one; the ledger keeps every decision, and the totals follow at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.audit import first_break
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import queries, refusals
from matchmaker.deals import services as deals
from matchmaker.deals.duplicates import services
from matchmaker.deals.duplicates.effects import effects_of
from matchmaker.deals.duplicates.models import DealLikeness, Judgement
from matchmaker.deals.duplicates.queries import find_cluster
from matchmaker.deals.duplicates.refusals import NothingToMerge
from matchmaker.deals.models import EntryType, Party
from matchmaker.deals.obstacles import open_steps
from matchmaker.deals.recounting import export_facts, recount
from matchmaker.events.models import EventState
from matchmaker.notices.models import Notice

TODAY = shanghai_day(utcnow())


def merge(session, deal, into, actor, reason="同一次握手"):
    return deals.merge_deal(session, deal=deal, into=into, actor=actor, reason=reason)


def net(session, programme) -> int:
    return recount(session, programme, TODAY).net


def test_a_merged_deal_counts_no_more_and_an_unmerged_one_again(session, programme, twice, official):
    first, second = twice
    before = net(session, programme)
    merge(session, second, first, official)
    merged = net(session, programme)
    deals.unmerge_deal(session, deal=second, actor=official, reason="是两笔")

    assert (before, merged, net(session, programme)) == (58_000_000, 30_000_000, 58_000_000)
    assert [(entry.type, entry.other, entry.note) for entry in second.entries[-2:]] == [
        (EntryType.MERGE, first, "同一次握手"),
        (EntryType.UNMERGE, first, "是两笔"),
    ]


def test_the_seals_hold_over_a_merger_and_tell_when_its_other_deal_is_exchanged(session, make, twice, official):
    first, second = twice
    entry = merge(session, second, first, official)
    assert first_break(queries.entry_links(session)) is None

    with session.no_autoflush:
        entry.other_id = make.deal().id
        assert first_break(queries.entry_links(session)) == entry.public_id


def test_the_file_of_facts_carries_the_link(session, programme, twice, official):
    first, second = twice
    merge(session, second, first, official)

    links = {deal["id"]: deal.get("duplicate_of") for deal in export_facts(session, programme)["deals"]}

    assert links == {first.public_id: None, second.public_id: first.public_id}


def test_the_effect_shown_is_the_effect_a_merger_has(session, programme, twice, official):
    first, second = twice
    (effect,) = effects_of(session, twice, TODAY, kept=twice)

    assert (effect.before, effect.after) == (58_000_000, {first.id: 30_000_000, second.id: 28_000_000})
    merge(session, first, second, official)
    assert net(session, programme) == effect.after[second.id]


def test_the_earliest_confirmed_is_proposed_and_else_the_earliest_declared(session, make, firms, official):
    silent, other = make.deal(**firms), make.deal(**firms)
    assert find_cluster(session, official, other).proposed is silent

    confirmed = make.deal(confirmed=True, **firms)

    assert find_cluster(session, official, silent).proposed is confirmed


def test_a_survivor_goes_on_into_another_with_what_stands_behind_it(session, programme, make, twice, official):
    first, second = twice
    third = make.deal(buyer=first.buyer, seller=first.seller, confirmed=True)
    merge(session, second, first, official)
    merge(session, first, third, official)
    assert (second.duplicate_of, first.duplicate_of, net(session, programme)) == (first, third, 30_000_000)

    deals.unmerge_deal(session, deal=first, actor=official, reason="是两笔")

    assert (second.duplicate_of, net(session, programme)) == (first, 60_000_000)


def test_a_circle_is_never_closed(session, twice, official):
    first, second = twice
    merge(session, second, first, official)

    with pytest.raises(refusals.SurvivorMerged, match=second.number):
        merge(session, first, second, official)
    with pytest.raises(refusals.MergedIntoItself):
        merge(session, first, first, official)
    with pytest.raises(refusals.DealMerged, match=first.number):
        merge(session, second, first, official)
    assert (first.duplicate_of, second.duplicate_of) == (None, first)


def test_only_deals_of_the_same_two_firms_are_merged_and_none_that_ended(session, make, twice, official):
    first, second = twice
    with pytest.raises(refusals.OtherParties):
        merge(session, make.deal(buyer=first.buyer), first, official)
    deals.withdraw_deal(session, deal=second, actor=make.person_of(second.buyer), reason="不做了")

    with pytest.raises(refusals.DealWithdrawn):
        merge(session, second, first, official)
    with pytest.raises(refusals.SurvivorWithdrawn):
        merge(session, first, second, official)
    assert (first.duplicate_of, second.duplicate_of) == (None, None)


def test_whoever_had_a_part_in_either_deal_or_sits_elsewhere_does_not_decide(session, make, firms, yesterday):
    recorder = make.office(region="420600")
    event = make.event(organiser=make.office(region="420300"), state=EventState.HELD, starts_at=yesterday)
    first = make.deal(event=event, **firms)
    second = make.deal(by=Party.OFFICE, actor=make.user(Role.OFFICIAL, office=recorder), **firms)
    refused = [
        (make.user(Role.OFFICIAL, office=recorder), refusals.MergerInvolved),
        (make.user(Role.OFFICIAL, office=event.organiser), refusals.MergerInvolved),
        (make.user(Role.OFFICIAL, office=make.office(region="420500")), refusals.OutOfRegion),
        (make.user(Role.ORGANISER), refusals.OutOfRegion),
        (make.user(Role.AUDITOR), refusals.OutOfRegion),
        (make.person_of(first.buyer), refusals.OutOfRegion),
    ]

    for person, refusal in refused:
        with pytest.raises(refusal):
            merge(session, second, first, person)
    merge(session, second, first, make.user(Role.COUNTY_OFFICER, office=make.office(region="420300")))
    for person, refusal in refused:
        with pytest.raises(refusal):
            deals.unmerge_deal(session, deal=second, actor=person, reason="是两笔")


def test_what_is_merged_goes_on_in_the_deal_that_stays(session, make, firms, official):
    kept, merged = make.deal(**firms), make.deal(**firms)
    merge(session, merged, kept, official)
    seller = make.person_of(firms["seller"])

    with pytest.raises(refusals.DealMerged, match=f"已并入 {kept.number}"):
        deals.confirm_deal(session, deal=merged, actor=seller)
    with pytest.raises(refusals.DealMerged):
        deals.amend_deal(session, deal=merged, actor=seller, amount=1)
    assert open_steps(merged, seller) == [EntryType.DISPUTE, EntryType.WITHDRAW]
    assert queries.awaiting(session, firms["seller"].id) == [kept]
    assert [line.count for line in queries.stage_summary(session, firms["seller"].id)] == [1]


def test_both_firms_are_told_of_a_merger_and_of_its_undoing(session, twice, official):
    first, second = twice
    session.query(Notice).delete()
    merge(session, second, first, official)
    deals.unmerge_deal(session, deal=second, actor=official, reason="是两笔")

    told = [(each.enterprise_id, each.title) for each in session.scalars(select(Notice).order_by(Notice.id))]
    words = (
        f"主管部门认定这笔意向与 {first.number} 是同一笔，并入后只计一次",
        f"主管部门解除了这笔意向与 {first.number} 的并入，重新单独计算",
    )
    assert told == [(firm, each) for each in words for firm in (second.buyer_id, second.seller_id)]


def test_a_cluster_is_merged_in_part_and_the_rest_still_waits(session, make, twice, official):
    first, second = twice
    third = make.deal(buyer=first.buyer, seller=first.seller)
    cluster = find_cluster(session, official, third)
    assert cluster.deals == (first, second, third)

    services.merge_cluster(
        session, cluster=cluster, survivor=first, merged=[first, second], actor=official, reason="同一次握手"
    )

    assert (second.duplicate_of, third.duplicate_of) == (first, None)
    assert find_cluster(session, official, first).deals == (first, third)
    with pytest.raises(NothingToMerge):
        services.merge_cluster(
            session, cluster=cluster, survivor=first, merged=[first], actor=official, reason="同一次握手"
        )


def test_deals_told_apart_leave_a_trace_and_come_back_when_asked_for(session, twice, official):
    first, _second = twice
    with pytest.raises(refusals.ReasonMissing):
        services.tell_apart(session, cluster=find_cluster(session, official, first), actor=official, reason=" ")
    services.tell_apart(session, cluster=find_cluster(session, official, first), actor=official, reason="两份合同")
    assert find_cluster(session, official, first).judgement is Judgement.DISTINCT

    services.reconsider(session, cluster=find_cluster(session, official, first), actor=official)

    assert session.scalars(select(DealLikeness.judgement)).all() == [Judgement.OPEN]
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("deals %"))).all()
    assert actions == ["deals distinct"] * 2 + ["deals open"] * 2


def test_an_office_sees_the_pairs_of_its_own_region_only(session, make, twice):
    first, _second = twice
    near = make.user(Role.OFFICIAL, office=make.office(region="420600"))
    elsewhere = make.user(Role.OFFICIAL, office=make.office(region="420500"))

    assert find_cluster(session, near, first) is not None
    for person in (elsewhere, make.user(Role.ORGANISER, office=near.office), make.person_of(first.buyer)):
        assert find_cluster(session, person, first) is None
