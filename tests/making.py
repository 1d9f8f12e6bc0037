"""Builders of rows with sensible defaults."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Membership, Office, OfficeLevel, Role, User
from matchmaker.chains.models import Segment
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.models import Deal, DealEntry, DealKind, DealStanding, EntryType, Party
from matchmaker.deals.standing import project
from matchmaker.enterprises.models import (
    Capability,
    CapabilityState,
    Enterprise,
    EnterpriseState,
    Identity,
    Need,
    NeedState,
)
from matchmaker.events.models import (
    SEATED,
    CheckIn,
    EventState,
    MatchmakingEvent,
    Registration,
    RegistrationState,
    Side,
)
from matchmaker.programmes.models import PlanPoint, Programme
from matchmaker.regions.models import Region

# The password of every made person, hashed once: Argon2 is slow on purpose.
PASSWORD = "opening-2026"
PASSWORD_HASH = "$argon2id$v=19$m=19456,t=2,p=1$njii6q5QYkaq5cBvbSyu0w$fTtwJwSGWWaiGeCtQNEQC0MWYjeCsvdnajY5h10IcQg"


class Maker:
    """Makes rows and flushes them; numbers keep unique columns apart."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numbers = itertools.count(1)

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def region(self, code: str = "420600") -> Region:
        """A region of the reference data; 襄阳 unless told."""
        return self.session.scalars(select(Region).where(Region.code == code)).one()

    def segment(self, code: str = "auto.cast") -> Segment:
        """A segment of the reference data."""
        return self.session.scalars(select(Segment).where(Segment.code == code)).one()

    def enterprise(self, name: str | None = None, *, region: str = "420600", **values: Any) -> Enterprise:
        """A listed enterprise with a sample code."""
        number = next(self._numbers)
        name = name or f"襄阳试样{number}有限公司"
        defaults = {
            "identity": Identity.SAMPLE,
            "credit_code": f"DEMO{number:014d}",
            "state": EnterpriseState.VERIFIED,
            "search_text": name,
        }
        return self._add(Enterprise(name=name, region=self.region(region), **(defaults | values)))

    def capability(self, enterprise: Enterprise | None = None, product: str = "压铸模", **values: Any) -> Capability:
        """A published capability."""
        defaults = {"state": CapabilityState.STATED, "segment": None}
        return self._add(Capability(enterprise=enterprise or self.enterprise(), product=product, **(defaults | values)))

    def need(self, enterprise: Enterprise | None = None, text: str = "压铸模 12 套", **values: Any) -> Need:
        """A published need."""
        defaults = {"state": NeedState.PUBLISHED}
        return self._add(Need(enterprise=enterprise or self.enterprise(), text=text, **(defaults | values)))

    def office(self, name: str | None = None, *, region: str = "420000", level: OfficeLevel | None = None) -> Office:
        """An office; provincial unless told."""
        level = level or (OfficeLevel.PROVINCE if region == "420000" else OfficeLevel.PREFECTURE)
        return self._add(Office(name=name or f"试样局{next(self._numbers)}", level=level, region=self.region(region)))

    def user(
        self, role: Role = Role.ENTERPRISE, *, enterprise: Enterprise | None = None, office: Office | None = None
    ) -> User:
        """A person with one membership in the role."""
        if role is Role.ENTERPRISE:
            enterprise = enterprise or self.enterprise()
        else:
            office = office or self.office()
        user = User(sign_in_name=f"user{next(self._numbers)}", name="试用者", password_hash=PASSWORD_HASH)
        user.memberships.append(
            Membership(
                role=role,
                enterprise_id=enterprise.id if enterprise else None,
                office=office,
                starts_on=date(2020, 1, 1),
            )
        )
        self._add(user)
        user.acting_as = user.memberships[0]
        return user

    def programme(self, year: int = 2026, **values: Any) -> Programme:
        """The year's programme with an even plan."""
        known = self.session.scalar(select(Programme).where(Programme.year == year))
        if known is not None:
            return known
        defaults = {
            "name": f"{year} 年度“十百万”计划",
            "event_target": 100,
            "enterprise_target": 10_000,
            "amount_target": 200_000_000_000,
            "plan": [PlanPoint(month=month, share=round(month * 10_000 / 12)) for month in range(1, 13)],
        }
        return self._add(Programme(year=year, **(defaults | values)))

    def event(self, *, organiser: Office | None = None, region: str = "420600", **values: Any) -> MatchmakingEvent:
        """An event open for registration, a week ahead."""
        starts_at = values.pop("starts_at", utcnow() + timedelta(days=7))
        defaults = {
            "title": "压铸模专场",
            "venue": "会展中心",
            "starts_at": starts_at,
            "held_on": shanghai_day(starts_at),
            "state": EventState.OPEN,
            "programme": values.pop("programme", None) or self.programme(),
        }
        return self._add(
            MatchmakingEvent(
                organiser=organiser or self.office(region="420600"), region=self.region(region), **(defaults | values)
            )
        )

    def registration(self, event: MatchmakingEvent, enterprise: Enterprise, **values: Any) -> Registration:
        """An approved registration unless told; with a seat where its state has one."""
        defaults = {"side": Side.SELLER, "state": RegistrationState.APPROVED}
        registration = self._add(Registration(event=event, enterprise=enterprise, **(defaults | values)))
        event.taken += registration.state in SEATED
        self.session.flush()
        return registration

    def check_in(self, event: MatchmakingEvent, enterprise: Enterprise, side: Side = Side.SELLER) -> CheckIn:
        """A check-in now."""
        return self._add(CheckIn(event=event, enterprise=enterprise, side=side, at=utcnow()))

    def person_of(self, enterprise: Enterprise) -> User:
        """Somebody who acts for this enterprise, the same each time."""
        known = self.session.scalar(select(User).join(Membership).where(Membership.enterprise_id == enterprise.id))
        if known is None:
            return self.user(enterprise=enterprise)
        known.acting_as = known.memberships[0]
        return known

    def deal(
        self,
        *,
        buyer: Enterprise | None = None,
        seller: Enterprise | None = None,
        by: Party = Party.BUYER,
        confirmed: bool = False,
        **values: Any,
    ) -> Deal:
        """A declared purchase of three thousand 万元, confirmed by the other side when told."""
        buyer, seller = buyer or self.enterprise(), seller or self.enterprise()
        sides = {Party.BUYER: buyer, Party.SELLER: seller}
        defaults = {"kind": DealKind.PURCHASE, "subject": "压铸模 12 套", "amount": 30_000_000, "months": 9}
        actor = values.pop("actor", None) or self.person_of(sides.pop(by))
        deal = deals.declare_deal(self.session, buyer=buyer, seller=seller, by=by, actor=actor, **(defaults | values))
        for side in sides.values() if confirmed else ():
            deals.confirm_deal(self.session, deal=deal, actor=self.person_of(side), unit_checked=True)
        return deal

    def recorded_deal(self, *said: tuple[Any, ...], **values: Any) -> Deal:
        """A deal with these dated entries: (type, party, moment), and an amount where one is due.

        The rounds are numbered from the amendments; a declaration without an amount is of three thousand 万元.
        """
        number, rounds = next(self._numbers), itertools.accumulate(word == "amend" for word, *_rest in said)
        defaults = {"kind": DealKind.PURCHASE, "subject": "压铸模 12 套", "number": f"YX-T-{number:05d}", "months": 9}
        parties = {side: values.pop(side, None) or self.enterprise() for side in ("buyer", "seller")}
        deal = self._add(Deal(**(defaults | parties | values)))
        for position, ((word, party, at, *amount), version) in enumerate(zip(said, rounds, strict=True), 1):
            due = amount[0] if amount else 30_000_000 if word == "declare" else None
            entry = {"number": position, "type": EntryType(word), "party": Party(party), "round": version + 1}
            self._add(DealEntry(deal=deal, at=self.moment(at), amount=due, seal="", **entry))
        deal.standing = DealStanding(deal_id=deal.id, **asdict(project(deal.entries, rate=deal.rate)))
        self.session.flush()
        return deal

    def moment(self, text: str) -> datetime:
        """A moment written as UTC."""
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
