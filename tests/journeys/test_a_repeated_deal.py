"""Two reports of one handshake, through the API: found, merged, let go again; the total follows to the yuan."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals.duplicates.queries import find_cluster
from matchmaker.deals.models import Deal
from matchmaker.progress.projection import follow


def test_the_net_falls_by_exactly_the_repeated_deal_and_comes_back(as_program, make, session) -> None:
    programme = make.programme(shanghai_day(utcnow()).year)
    buyer, seller = make.enterprise("十堰车身有限公司", region="420300"), make.enterprise("襄阳模具有限公司")
    by_buyer, by_seller = as_program(make.person_of(buyer)), as_program(make.person_of(seller))
    official = make.user(Role.OFFICIAL)
    office = as_program(official)

    def declare(program, side, partner, amount, **more):
        body = {"side": side, "partner_id": partner.public_id, "subject": "压铸模 12 套", "amount": amount, **more}
        return program.post("/api/v1/deals", json=body)

    def say(program, deal, verb, body=None, **headers):
        return program.post(f"/api/v1/deals/{deal}/{verb}", json=body or {}, headers=headers)

    def net() -> int:
        return office.get("/api/v1/progress").json["amount"]["value"]

    first = declare(by_buyer, "buyer", seller, 30_000_000).json["id"]
    offered = declare(by_seller, "seller", buyer, 29_500_000)
    assert (offered.status_code, offered.json["code"], offered.json["deal_id"]) == (409, "HandshakeReported", first)
    second = declare(by_seller, "seller", buyer, 29_500_000, is_another=True).json["id"]
    say(by_seller, first, "confirm")
    say(by_buyer, second, "confirm")
    follow(session, programme)
    session.commit()
    assert net() == 59_500_000

    cluster = find_cluster(session, official, _deal(session, second))
    assert [deal.public_id for deal in cluster.deals] == [first, second]
    assert cluster.proposed.public_id == first
    session.commit()  # reading ends, so that the next request may write

    read = office.get(f"/api/v1/deals/{second}")
    asked = {"into": first, "reason": "同一次握手"}
    key = {"Idempotency-Key": "merge-once-and-for-all", "If-Match": read.headers["ETag"]}
    merged, again = say(office, second, "merge", asked, **key), say(office, second, "merge", asked, **key)
    assert (merged.status_code, merged.data) == (200, again.data)
    assert (merged.json["duplicate_of"], merged.json["counted"]["reason"]) == (first, "duplicate")
    assert office.get(f"/api/v1/deals/{first}").json["duplicates"] == [second]
    assert merged.json["entries"][-1]["other"] == office.get(f"/api/v1/deals/{first}").json["number"]
    assert net() == 30_000_000
    follow(session, programme)
    session.commit()
    assert net() == 30_000_000

    stale = say(office, second, "unmerge", {"reason": "是两笔"}, **{"If-Match": read.headers["ETag"]})
    assert (stale.status_code, net()) == (412, 30_000_000)
    undone = say(office, second, "unmerge", {"reason": "是两笔"})
    assert (undone.status_code, undone.json["duplicate_of"]) == (200, None)
    assert [entry["type"] for entry in undone.json["entries"]] == ["declare", "confirm", "merge", "unmerge"]
    assert net() == 59_500_000


def test_only_an_office_merges_and_only_deals_it_sees(as_program, make, session) -> None:
    firms = {"buyer": make.enterprise(), "seller": make.enterprise()}
    first, second = make.deal(**firms), make.deal(**firms)
    elsewhere = make.user(Role.OFFICIAL, office=make.office(region="420500"))
    asked = {"into": first.public_id, "reason": "同一次握手"}

    def merge(user, body=asked):
        return as_program(user).post(f"/api/v1/deals/{second.public_id}/merge", json=body)

    refused = [merge(make.person_of(firms["buyer"])), merge(make.user(Role.AUDITOR)), merge(elsewhere)]
    unknown = merge(make.user(Role.OFFICIAL), asked | {"into": "0" * 20})

    assert [answer.status_code for answer in refused] == [403, 403, 404]
    assert (unknown.status_code, unknown.json["errors"][0]["path"]) == (422, "into")
    assert _deal(session, second.public_id).duplicate_of_id is None


def _deal(session, public_id):
    session.expire_all()
    return session.query(Deal).filter_by(public_id=public_id).one()
