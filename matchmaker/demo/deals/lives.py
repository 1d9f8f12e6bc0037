"""A deal's life as dated statements: declared, confirmed or disputed, verified, contracted, delivered, withdrawn."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from matchmaker.demo.calendar import Calendar, moment
from matchmaker.demo.drawing import Wheel, around, chance, rounded
from matchmaker.demo.records import DemoEntry, EntryType, Party, Side

_DECLARERS: Wheel[Party] = Wheel.of({"buyer": 44.0, "seller": 46.0, "office": 10.0})
_OTHER: dict[Party, Side] = {"buyer": "seller", "seller": "buyer", "office": "buyer"}
_SIDES: tuple[Side, Side] = ("buyer", "seller")
_WITHDRAWALS = ("需求取消", "条件未谈拢", "改由他方供货")
_DISPUTES = ("金额不符", "交期未定", "标的有误")
_CONFIRMED = 0.87
_VERIFIED = 0.74
_CONTRACTED = 0.36
_DELIVERED = 0.45
_WITHDRAWN = 0.03
_DISPUTED = 0.02
_AMENDED = 0.04


@dataclass(slots=True)
class Life:
    """Statements in the order they are made; what would lie ahead of today is not made."""

    rng: random.Random
    calendar: Calendar
    at: datetime
    amount: int
    round: int = 1
    entries: list[DemoEntry] = field(default_factory=list)

    def wait(self, median_days: float) -> None:
        """Let some days pass, sometimes many."""
        minutes = max(1, int(around(self.rng, median_days, 0.9) * 1440))
        self.at = _in_the_daytime(self.rng, self.at + timedelta(minutes=minutes))

    def say(self, type_: EntryType, by: Party, amount: int | None = None, note: str = "") -> bool:
        """Add a statement, unless its moment has not come; answers whether it was made."""
        if self.at > moment(self.calendar.last, 23, 59, 59):
            return False
        self.entries.append(DemoEntry(type_, by, self.at, self.round, amount, note))
        return True


def _in_the_daytime(rng: random.Random, at: datetime) -> datetime:
    """The same day between nine and six by the Shanghai clock, but never before the moment itself."""
    day = (at + timedelta(hours=8)).date()
    return max(at, moment(day, rng.randint(9, 17), rng.randint(0, 59), rng.randint(0, 59)))


def live(rng: random.Random, calendar: Calendar, declared_at: datetime, amount: int) -> tuple[DemoEntry, ...]:
    """One ordinary life of a deal of that amount, as far as it has come by today."""
    life = Life(rng, calendar, declared_at, amount)
    declarer = _DECLARERS.draw(rng)
    life.say("declare", declarer, amount)
    if chance(rng, _CONFIRMED) and _confirmed(life, declarer):
        _after_confirmation(life)
    elif chance(rng, 0.06):
        life.wait(20)
        life.say("withdraw", declarer, note="对方长期未答复")
    return tuple(life.entries)


def _confirmed(life: Life, declarer: Party) -> bool:
    """The other side consents, or both do where an office declared; a slow few take months."""
    life.wait(35 if chance(life.rng, 0.06) else 3)
    agreed = life.say("confirm", _OTHER[declarer])
    if declarer == "office":
        life.wait(2)
        agreed = agreed and life.say("confirm", "seller")
    return agreed


def _after_confirmation(life: Life) -> None:
    rng = life.rng
    if chance(rng, _DISPUTED):
        _disputed(life)
    if chance(rng, _AMENDED):
        _amended(life)
    if chance(rng, _VERIFIED):
        life.wait(9)
        life.say("verify", "office")
    if chance(rng, _WITHDRAWN):
        life.wait(45)
        life.say("withdraw", rng.choice(_SIDES), note=rng.choice(("需求取消", "条件未谈拢", "改由他方供货")))
    elif chance(rng, _CONTRACTED):
        _contracted(life)


def _disputed(life: Life) -> None:
    life.wait(4)
    life.say("dispute", life.rng.choice(_SIDES), note=life.rng.choice(("金额不符", "交期未定", "标的有误")))
    if chance(life.rng, 0.5):
        life.wait(8)
        life.say("resolve", "office", note="双方已当面核对")


def _amended(life: Life) -> None:
    """One side states another amount; it takes effect when the other agrees."""
    rng = life.rng
    life.wait(6)
    life.round += 1
    side: Side = rng.choice(_SIDES)
    amount = max(1, rounded(life.amount * rng.choice((70, 80, 90, 110, 120)) // 100, 3))
    if life.say("amend", side, amount, "数量调整") and chance(rng, 0.8):
        life.wait(2)
        if life.say("confirm", _OTHER[side]):
            life.amount = amount


def _contracted(life: Life) -> None:
    rng = life.rng
    life.wait(28)
    amount = max(1, rounded(life.amount * rng.randint(85, 100) // 100, 3))
    if life.say("contract", rng.choice(_SIDES), amount) and chance(rng, _DELIVERED):
        life.wait(40)
        part = max(1, rounded(amount * rng.randint(25, 100) // 100, 3))
        if life.say("deliver", "seller", part) and part < amount and chance(rng, 0.3):
            life.wait(25)
            life.say("deliver", "seller", amount - part)
