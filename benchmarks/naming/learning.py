"""Coined registers asked with slips, measured pair by pair, and the small network that learns from the answers.

The candidates of a question and “none of them” share one chance (softmax); training makes the right one likelier.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.naming.coining import LISTED, CoinedFirm, Coiner, characters, prefectures
from benchmarks.naming.rivals import rival
from benchmarks.naming.slips import SLIPS, short, stacked
from matchmaker.enterprises.resolving.names import Names
from matchmaker.enterprises.resolving.parts import read_name

CANDIDATES = 16
_NEGATIVE_SLIPS = ("branch", "bracket", "traditional", "organisation", "omit", "punctuation", "typo")


@dataclass
class Questions:
    """Measured candidates of each question, which of them exist, the right one (-1 none, -2 not among them), kinds."""

    measured: np.ndarray
    present: np.ndarray
    right: np.ndarray
    kinds: np.ndarray

    def but(self, chosen: np.ndarray) -> Questions:
        return Questions(self.measured[chosen], self.present[chosen], self.right[chosen], self.kinds[chosen])


def together(parts: Sequence[Questions]) -> Questions:
    fields = ("measured", "present", "right", "kinds")
    return Questions(*(np.concatenate([getattr(part, field) for part in parts]) for field in fields))


def registered(rng: random.Random, size: int, style: str) -> tuple[Coiner, list[CoinedFirm]]:
    """A register with families and look-alikes in it."""
    coiner = Coiner(rng, style)
    firms = [coiner.firm() for _ in range(int(size * 0.85))]
    firms += [rival(firm, coiner)[1] for firm in rng.sample(firms, int(size * 0.08))]
    for firm in rng.sample(firms, int(size * 0.07)):
        own = "".join(rng.choice(characters()) for _ in range(2))
        firms.append(firm.but(place=rng.choice(prefectures()) + rng.choice(("", "市")), own=own))
    distinct = list({firm.name: firm for firm in firms}.values())
    rng.shuffle(distinct)
    return coiner, distinct


def asked(seed: int, size: int, style: str, count: int, kinds: Sequence[str]) -> Questions:
    """A register of coined firms, asked about its own firms, absent ones and look-alikes."""
    rng = random.Random(seed)
    coiner, firms = registered(rng, size, style)
    held, absent = firms[: int(len(firms) * 0.88)], firms[int(len(firms) * 0.88) :]
    cores = {read_name(firm.name).core for firm in held}
    questions = (_question(rng, coiner, held, absent, kinds) for _ in range(count))
    kept = [(kind, text, right) for kind, text, right in questions if _is_fair(text, right, cores)]
    return measured(Names.build((place, firm.name) for place, firm in enumerate(held)), kept)


def short_names(seed: int, size: int, count: int) -> Questions:
    """A register of listed firms asked by their short names."""
    rng = random.Random(seed)
    _, firms = registered(rng, size, LISTED)
    drawn = [rng.randrange(len(firms)) for _ in range(count)]
    texts = [("short", short(firms[place].name, firms[place], rng), place) for place in drawn]
    return measured(Names.build((place, firm.name) for place, firm in enumerate(firms)), texts)


def _is_fair(text: str, right: int, cores: set[str]) -> bool:
    core = read_name(text).core
    return bool(core) and (right >= 0 or core not in cores)


def _question(
    rng: random.Random, coiner: Coiner, held: list[CoinedFirm], absent: list[CoinedFirm], kinds: Sequence[str]
) -> tuple[str, str, int]:
    drawn = rng.random()
    if drawn < 0.46:
        return _about_held(rng, held, kinds)
    firm = rng.choice(absent)
    if drawn < 0.66:
        return "absent", firm.name, -1
    if drawn < 0.86:
        others = [kind for kind in kinds if kind != "short"]
        return "absent_slipped", stacked(firm.name, firm, rng, rng.choice((1, 1, 2, 3)), others), -1
    kind, other = rival(rng.choice(held), coiner)
    if rng.random() < 0.45:
        slips = [slip for slip in kinds if slip in _NEGATIVE_SLIPS]
        return kind, stacked(other.name, other, rng, rng.choice((1, 1, 2)), slips), -1
    return kind, other.name, -1


def _about_held(rng: random.Random, held: list[CoinedFirm], kinds: Sequence[str]) -> tuple[str, str, int]:
    place, drawn = rng.randrange(len(held)), rng.random()
    firm = held[place]
    if drawn < 0.66:
        kind = rng.choice([*kinds, *(["short"] * 3 if "short" in kinds else [])])
        return kind, SLIPS[kind](firm.name, firm, rng), place
    depth = 2 if drawn < 0.86 else 3
    return f"stack{depth}", stacked(firm.name, firm, rng, depth, kinds), place


def measured(names: Names, questions: Sequence[tuple[str, str, int]]) -> Questions:
    """Every question's candidates as the engine would find and measure them."""
    rows, rights = [], []
    for _, text, right in questions:
        parts = read_name(text)
        near = names.near(parts, CANDIDATES)
        rows.append(names.measured(parts, near))
        ids = [names.ids[place] for place in near]
        rights.append(ids.index(right) if right in ids else -1 if right < 0 else -2)
    width = len(next(row for row in rows if row)[0])
    numbers = np.zeros((len(rows), CANDIDATES, width), np.float32)
    present = np.zeros((len(rows), CANDIDATES), bool)
    for place, row in enumerate(rows):
        if row:
            numbers[place, : len(row)], present[place, : len(row)] = row, True
    return Questions(numbers, present, np.array(rights), np.array([kind for kind, _, _ in questions]))


@dataclass
class Network:
    """One hidden layer beside a direct line."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    direct: np.ndarray
    bias: np.ndarray

    @classmethod
    def drawn(cls, width: int, units: int, seed: int) -> Network:
        rng = np.random.default_rng(seed)
        hidden, output = rng.normal(0, 0.3, (width, units)), rng.normal(0, 0.3, units)
        return cls(hidden, np.zeros(units), output, rng.normal(0, 0.1, width), np.zeros(1))

    @property
    def numbers(self) -> list[np.ndarray]:
        return [self.hidden, self.hidden_bias, self.output, self.direct, self.bias]

    def weigh(self, measured: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        told = np.maximum(measured @ self.hidden + self.hidden_bias, 0)
        return told @ self.output + measured @ self.direct + self.bias[0], told


def chances(odds: np.ndarray, present: np.ndarray) -> np.ndarray:
    """The chance of each candidate, and of none in the last column."""
    whole = np.concatenate([np.where(present, odds, -1e9), np.zeros((len(odds), 1))], axis=1)
    powers = np.exp(whole - whole.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def learn(questions: Questions, *, units: int = 12, rounds: int = 8, decay: float = 3e-3, seed: int = 0) -> Network:
    """A network trained by Adam on questions whose right answer is among the candidates or none."""
    known = questions.but(questions.right >= -1)
    network = Network.drawn(known.measured.shape[2], units, seed)
    first = [np.zeros_like(each) for each in network.numbers]
    second = [np.zeros_like(each) for each in network.numbers]
    rng, batch, step = np.random.default_rng(seed), 128, 0
    steps = rounds * (len(known.right) // batch)
    for _ in range(rounds):
        order = rng.permutation(len(known.right))
        for start in range(0, len(order) - batch + 1, batch):
            gradients = _gradients(network, known.but(order[start : start + batch]), decay)
            step += 1
            rate = 3e-3 * min(1, step / 100) * (1 - 0.95 * step / steps)
            for place, slope in enumerate(gradients):
                first[place] += 0.1 * (slope - first[place])
                second[place] += 0.001 * (slope * slope - second[place])
                mean, spread = first[place] / (1 - 0.9**step), np.sqrt(second[place] / (1 - 0.999**step))
                network.numbers[place][...] -= rate * mean / (spread + 1e-8)
    return network


def _gradients(network: Network, questions: Questions, decay: float) -> list[np.ndarray]:
    odds, told = network.weigh(questions.measured)
    missed = chances(odds, questions.present)
    rows = np.arange(len(missed))
    missed[rows, np.where(questions.right < 0, missed.shape[1] - 1, questions.right)] -= 1
    slope = missed[:, :-1] * questions.present / len(rows)
    into = slope[..., None] * network.output * (told > 0)
    return [
        np.einsum("nkf,nkh->fh", questions.measured, into) + decay * network.hidden,
        into.sum((0, 1)),
        np.einsum("nkh,nk->h", told, slope) + decay * network.output,
        np.einsum("nkf,nk->f", questions.measured, slope) + decay * network.direct,
        np.array([slope.sum()]),
    ]


def mean_of(networks: Sequence[Network]) -> Network:
    """One network that answers what several answer on average."""
    share = len(networks)
    return Network(
        np.concatenate([each.hidden for each in networks], axis=1),
        np.concatenate([each.hidden_bias for each in networks]),
        np.concatenate([each.output for each in networks]) / share,
        np.mean([each.direct for each in networks], axis=0),
        np.mean([each.bias for each in networks], axis=0),
    )
