"""Other firms that look alike: another place, one other character, a sister in another trade, a cousin in name."""

from __future__ import annotations

import random

from benchmarks.naming.coining import RARER, USUAL, CoinedFirm, Coiner, characters, same_reading
from matchmaker.enterprises.resolving.lexicon import reading, sound

_KINDS = (
    "other_region", "other_region", "one_character", "one_character", "one_character", "sister", "sister",
    "other_name", "inserted", "other_trade", "new_head", "cousin", "cousin", "cousin",
)  # fmt: skip


def rival(firm: CoinedFirm, coiner: Coiner) -> tuple[str, CoinedFirm]:  # noqa: PLR0911 -- one kind each
    """A look-alike of a firm, and of which kind."""
    rng = coiner.rng
    kind = rng.choice(_KINDS)
    if kind == "other_region":
        return kind, firm.but(place=_other_place(firm, coiner), place_in_brackets=False)
    if kind == "sister":
        trades = tuple(coiner.trade() for _ in range(rng.choice((1, 1, 2))))
        form = rng.choice(("有限公司", "有限责任公司", firm.form))
        return kind, firm.but(trades=("置业",) if trades == firm.trades else trades, organisation="", form=form)
    if kind == "other_trade" and firm.trades:
        at = rng.randrange(len(firm.trades))
        return kind, firm.but(trades=(*firm.trades[:at], coiner.trade(), *firm.trades[at + 1 :]))
    if kind == "new_head":
        return kind, firm.but(place="", place_in_brackets=False, own=coiner.own())
    if kind == "one_character" and firm.own:
        return kind, _one_character(firm, rng)
    if kind == "inserted" and firm.own:
        behind = rng.random() < 0.5
        piece = rng.choice(USUAL + RARER if behind else "新大中华东金国")
        return kind, firm.but(own=firm.own + piece if behind else piece + firm.own)
    if kind == "cousin" and firm.own:
        return kind, _cousin(firm, coiner)
    return "other_name", firm.but(own="".join(rng.choice(characters()) for _ in range(2)))


def _other_place(firm: CoinedFirm, coiner: Coiner) -> str:
    place = coiner.place()
    if place.rstrip("省市") != firm.place.rstrip("省市"):
        return place
    return "荆州" if firm.place[:2] != "荆州" else "襄阳"


def _one_character(firm: CoinedFirm, rng: random.Random) -> CoinedFirm:
    if rng.random() < 0.15 and firm.trades:
        at = rng.randrange(len(firm.trades))
        word = firm.trades[at]
        place = rng.randrange(len(word))
        word = word[:place] + rng.choice(characters()) + word[place + 1 :]
        return firm.but(trades=(*firm.trades[:at], word, *firm.trades[at + 1 :]))
    place = rng.randrange(len(firm.own))
    other = rng.choice(characters() if rng.random() < 0.6 else USUAL)
    if sound(other) == sound(firm.own[place]):
        other = "鑫" if sound("鑫") != sound(firm.own[place]) else "泰"
    return firm.but(own=firm.own[:place] + other + firm.own[place + 1 :])


def _cousin(firm: CoinedFirm, coiner: Coiner) -> CoinedFirm:
    """A firm that shares one character or its sound, and perhaps the trade, but not the place."""
    rng = coiner.rng
    character, drawn = rng.choice(firm.own), rng.random()
    heard = same_reading().get(reading(character)) or tuple(USUAL)
    if drawn < 0.4:
        own = rng.choice(USUAL) + rng.choice(heard)
    elif drawn < 0.7:
        own = rng.choice(USUAL) + character
    elif drawn < 0.85:
        own = "".join(rng.choice(same_reading().get(reading(each)) or (each,)) for each in firm.own)
    else:
        own = character + rng.choice(USUAL)
    own = rng.choice(USUAL) + own if rng.random() < 0.3 else own
    own = own + "泰" if own == firm.own else own
    drawn = rng.random()
    place = "" if drawn < 0.5 else coiner.place() if drawn < 0.75 else firm.place
    if place == firm.place and list(map(sound, own)) == list(map(sound, firm.own)):
        place = _other_place(firm, coiner)
    trades = (firm.trades[:-1] or (coiner.trade(),)) if rng.random() < 0.4 and firm.trades else firm.trades
    return firm.but(own=own, place=place, place_in_brackets=False, trades=trades)
