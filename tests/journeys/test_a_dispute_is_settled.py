"""A confirmed deal is disputed and counts no more, until the dispute is settled; through the API."""

from __future__ import annotations

from matchmaker.accounts.models import Role
from matchmaker.db import shanghai_day, utcnow


def test_a_disputed_deal_leaves_the_net_and_comes_back_with_the_amount_both_agree_on(as_program, make) -> None:
    make.programme(shanghai_day(utcnow()).year)
    buyer, seller = make.enterprise("十堰车身有限公司", region="420300"), make.enterprise("襄阳模具有限公司")
    by_buyer, by_seller = as_program(make.person_of(buyer)), as_program(make.person_of(seller))
    office = as_program(make.user(Role.OFFICIAL))
    body = {"side": "buyer", "partner_id": seller.public_id, "subject": "压铸模 12 套", "amount": 30_000_000}
    deal = by_buyer.post("/api/v1/deals", json=body).json["id"]

    def say(program, verb, body=None):
        return program.post(f"/api/v1/deals/{deal}/{verb}", json=body or {})

    def net() -> int:
        return office.get("/api/v1/progress").json["amount"]["value"]

    say(by_seller, "confirm")
    assert net() == 30_000_000

    disputed = say(by_seller, "dispute", {"reason": "少计一套"})
    refused = say(by_buyer, "confirm")
    assert (disputed.json["counted"]["reason"], disputed.json["assurance"], net()) == ("disputed", "V1", 0)
    assert refused.status_code == 409

    settled = say(by_seller, "resolve", {"note": "已核对送货单"})
    assert (settled.json["counted"]["reason"], net()) == ("counted", 30_000_000)
    say(by_buyer, "amend", {"amount": 32_500_000})
    assert net() == 30_000_000
    say(by_seller, "confirm")
    assert net() == 32_500_000
