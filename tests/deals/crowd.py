"""Fifty programs that speak of the same deals over HTTP, and what each was told."""

from __future__ import annotations

import json
import random
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

_TIMEOUT = 300  # the work is bounded, not the time a crowded machine takes for it
VERBS = {"declare": 3, "confirm": 8, "dispute": 3, "resolve": 3, "amend": 4, "withdraw": 1, "read": 1}
OF_AN_OFFICE = {"declare": "read", "confirm": "verify", "amend": "verify", "dispute": "resolve", "withdraw": "read"}
# How one request is sent: once, again when it was answered, or twice at the same moment.
TIMES = {"once": 4, "again": 2, "at once": 2}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program was told for one sending of one key."""

    key: str
    verb: str
    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A write that was acknowledged: the entry it says it added."""

    deal: str
    number: int
    type: str
    party: str
    amount: int | None
    seal: str


def written(answer: Answer) -> Written:
    """The entry an acknowledgement speaks of: the last of the deal as it is told."""
    last = answer.body["entries"][-1]
    return Written(answer.body["id"], *(last[name] for name in ("number", "type", "party", "amount", "seal")))


@dataclass(slots=True)
class Ground:
    """The deals everybody speaks of, which grow while they do, with their two firms; and who may meet whom."""

    deals: dict[str, tuple[str, str]]
    firms: Sequence[str]
    event: str
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, answers: Sequence[Answer]) -> None:
        """Let everybody speak of what was just declared."""
        with self.lock:
            for answer in answers:
                if answer.status == 201:
                    self.deals[answer.body["id"]] = (answer.body["buyer"]["id"], answer.body["seller"]["id"])

    def one_of(self, draw: random.Random, firm: str | None) -> str:
        """A deal a firm has a part in, or now and then one of others; any for an office."""
        with self.lock:
            known = [deal for deal, firms in self.deals.items() if firm in firms]
            return draw.choice(known if known and draw.randrange(10) else list(self.deals))


@dataclass(frozen=True, slots=True)
class Program:
    """One client with the token of one person; what it does follows from its seed alone."""

    address: str
    token: str
    firm: str | None
    seed: int

    def work(self, ground: Ground, steps: int) -> list[Answer]:
        """Say so many things of the deals on the ground; every answer, each sending counted."""
        draw = random.Random(self.seed)
        told: list[Answer] = []
        for step in range(steps):
            verb = draw.choices(list(VERBS), list(VERBS.values()))[0]
            if self.firm is None:  # an office reads, verifies and ends disputes
                verb = OF_AN_OFFICE.get(verb, verb)
            path, body = self._request(ground, draw, verb)
            key = f"client-{self.seed:02d}-step-{step:03d}"
            answers = self._send(draw, key, verb, path, body)
            told += answers
            ground.add(answers)
        return told

    def _request(self, ground: Ground, draw: random.Random, verb: str) -> tuple[str, dict[str, Any] | None]:
        if verb == "declare":
            return "/api/v1/deals", self._declaration(ground, draw)
        deal = ground.one_of(draw, self.firm)
        if verb == "read":
            return "/api/v1/progress" if self.firm is None else f"/api/v1/deals/{deal}", None
        bodies: dict[str, dict[str, Any]] = {
            "dispute": {"reason": "数量不对"},
            "withdraw": {"reason": "改为另一型号"},
            "amend": {"amount": draw.randrange(1, 900) * 10_000 + 1},
        }
        return f"/api/v1/deals/{deal}/{verb}", bodies.get(verb, {})

    def _declaration(self, ground: Ground, draw: random.Random) -> dict[str, Any]:
        partner = draw.choice([firm for firm in ground.firms if firm != self.firm])
        body = {
            "side": draw.choice(["buyer", "seller"]),
            "partner_id": partner,
            "subject": "压铸模",
            "amount": draw.randrange(1, 900) * 10_000,
            "months": 9,
        }
        return body | ({"event_id": ground.event} if draw.randrange(2) else {})

    def _send(self, draw: random.Random, key: str, verb: str, path: str, body: dict[str, Any] | None) -> list[Answer]:
        times = draw.choices(list(TIMES), list(TIMES.values()))[0]
        if times == "at once":
            with ThreadPoolExecutor(2) as pool:
                return list(pool.map(lambda _sending: self.ask(key, verb, path, body), range(2)))
        return [self.ask(key, verb, path, body) for _sending in range(2 if times == "again" else 1)]

    def ask(self, key: str, verb: str, path: str, body: dict[str, Any] | None) -> Answer:
        """Send one request and read what is answered, whatever it is."""
        request = urllib.request.Request(
            f"{self.address}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
                return Answer(key, verb, answer.status, json.load(answer))
        except urllib.error.HTTPError as refused:
            return Answer(key, verb, refused.code, json.load(refused))


def all_together(programs: Sequence[Program], ground: Ground, *, steps: int) -> list[Answer]:
    """Let every program loose at the same moment; everything they were told."""
    gate = threading.Barrier(len(programs))

    def run(program: Program) -> list[Answer]:
        gate.wait()
        return program.work(ground, steps)

    with ThreadPoolExecutor(len(programs)) as pool:
        return [answer for told in pool.map(run, programs) for answer in told]


def net_of(entries: Sequence[Written]) -> int:
    """What deals come to by their entries alone, read by the rules of consent and by nothing of the program."""
    deals: dict[str, list[Written]] = {}
    for entry in entries:
        deals.setdefault(entry.deal, []).append(entry)
    return sum(_net_of_one(sorted(said, key=lambda entry: entry.number)) for said in deals.values())


def _net_of_one(said: Sequence[Written]) -> int:
    amounts: list[int] = []
    consents: list[set[str]] = []
    disputed = False
    for entry in said:
        if entry.type == "withdraw":
            return 0
        if entry.type in ("declare", "amend"):
            amounts.append(entry.amount or 0)
            consents.append({entry.party})
        elif entry.type == "confirm":
            consents[-1].add(entry.party)
        elif entry.type in ("dispute", "resolve"):
            disputed = entry.type == "dispute"
    agreed = [amount for amount, sides in zip(amounts, consents, strict=True) if sides == {"buyer", "seller"}]
    return 0 if disputed or not agreed else agreed[-1]
