"""The ways in which one firm's name is written wrong, short or otherwise, each kind by itself."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache

from benchmarks.naming.coining import CoinedFirm, characters, cities, prefectures, provinces, same_reading, same_sound
from matchmaker import reference
from matchmaker.enterprises.resolving.lexicon import PLACE, legal_pattern, reading, sound
from matchmaker.enterprises.resolving.parts import read_name

Slip = Callable[[str, CoinedFirm, random.Random], str]


def split(name: str) -> tuple[str, str]:
    found = legal_pattern().search(name)
    return (name[: found.start()], found[0]) if found and found.start() > 1 else (name, "")


def _put(text: str, place: int, piece: str, taken: int = 1) -> str:
    return text[:place] + piece + text[place + taken :]


def typo(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """A character of the same reading, one left out, two swapped, or one typed twice."""
    core, form = split(name)
    place, drawn = rng.randrange(max(1, len(core))), rng.random()
    if drawn < 0.5:
        for place in rng.sample(range(len(core)), len(core)):
            others = [each for each in same_reading().get(reading(core[place]), ()) if each != core[place]]
            if others:
                return _put(core, place, rng.choice(others)) + form
    if drawn < 0.75 and len(core) > 3:
        return _put(core, place, "") + form
    if drawn < 0.88 and len(core) > 2:
        place = rng.randrange(len(core) - 1)
        return _put(core, place, core[place + 1] + core[place], 2) + form
    return _put(core, place, core[place] * 2) + form


def accent(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """A character that only sounds much the same: 林 for 岭."""
    core, form = split(name)
    for place in rng.sample(range(len(core)), len(core)):
        others = [each for each in same_sound().get(sound(core[place]), ()) if reading(each) != reading(core[place])]
        if others:
            return _put(core, place, rng.choice(others)) + form
    return name


def misread(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """Any other character in a place or in the legal form, where it makes no word."""
    core, form = split(name)
    places = [place for place, kind in enumerate(read_name(core).kinds) if kind == PLACE]
    if places and len(read_name(core).kinds) == len(core) and rng.random() < 0.7:
        return _put(core, rng.choice(places), rng.choice(characters())) + form
    if len(form) >= 4:
        return core + _put(form, rng.randrange(len(form)), rng.choice(characters()))
    return typo(name, firm, rng)


def omit(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """The legal form, a character, a word of trade or the end left out."""
    core, form = split(name)
    drawn = rng.random()
    if drawn < 0.3:
        return core
    if drawn < 0.65 and len(core) > 3:
        return _put(core, rng.randrange(2, len(core)), "") + (form if rng.random() < 0.25 else "")
    if drawn < 0.85 and firm.trades:
        trade = rng.choice(firm.trades)
        core = core.replace(trade, "", 1) if len(core) - len(trade) >= 3 else core
        return core + (form if rng.random() < 0.2 else "")
    return core[: max(3, len(core) - rng.randrange(1, 4))]


def organisation(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """Another legal form, or 集团 more or less."""
    core, form = split(name)
    drawn = rng.random()
    if drawn < 0.6:
        forms = ("有限公司", "有限责任公司", "股份有限公司", "股份公司")
        return core + rng.choice([other for other in forms if other != form])
    if drawn >= 0.9:
        return core + "公司"
    if core.endswith("集团"):
        return core[:-2] + form
    return core + rng.choice(("集团", "(集团)", "集团", "控股")) + (form if rng.random() < 0.5 else "有限公司")


def bracket(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """The beginning put in brackets, somewhere; or brackets taken away."""
    core, form = split(name)
    if "(" in core:
        bare = core.replace("(", "").replace(")", "")
        return (bare if rng.random() < 0.5 else re.sub(r"\([^)]*\)?", "", core)) + form
    has_place = firm.place and core.startswith(firm.place)
    length = len(firm.place) if has_place and rng.random() < 0.6 else rng.choice((2, 2, 2, 3))
    if len(core) <= length:
        return name
    head, rest, drawn = core[:length], core[length:], rng.random()
    if drawn < 0.55:
        return f"{rest}({head}){form}"
    if drawn < 0.8:
        place = rng.randrange(1, len(rest) + 1)
        return f"{rest[:place]}({head}){rest[place:]}{form}"
    return f"({head}){rest}{form}" if drawn < 0.9 else f"{rest}（{head}）{form}"


def branch(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """A branch named behind the firm."""
    place, drawn = rng.choice(prefectures() + cities()), rng.random()
    if drawn < 0.55:
        return f"{name}{place}分公司"
    if drawn < 0.7:
        return f"{name}({place})分公司"
    if drawn < 0.85:
        return name + rng.choice(("第一", "第二", "第三", "第五")) + "分公司"
    return name + place + rng.choice(("办事处", "分厂", "营业部", "项目部", "经营部"))


@cache
def _to_traditional():
    from opencc import OpenCC  # noqa: PLC0415 -- slow import

    return OpenCC("s2t")


def traditional(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    return _to_traditional().convert(name)


def place(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """The place left out, with or without its suffix, or the province before it."""
    if not firm.place or not name.startswith(firm.place):
        return name
    rest, drawn = name[len(firm.place) :], rng.random()
    if drawn < 0.35 and firm.own:
        return rest
    if drawn < 0.7:
        if firm.place[-1] in "省市":
            return firm.place[:-1] + rest
        return firm.place + ("市" if firm.place in cities() or firm.place not in provinces() else "省") + rest
    if firm.place in prefectures():
        return rng.choice(("湖北", "湖北省")) + name
    return rest if firm.own else name


def punctuation(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    at, drawn = rng.randrange(1, max(2, len(name))), rng.random()
    if drawn < 0.3:
        return name[:at] + " " + name[at:]
    if drawn < 0.6:
        return name + rng.choice(("。", "，", "　", "."))
    return f"“{name}”" if drawn < 0.8 else name[:at] + rng.choice("·-、") + name[at:]


def department(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    return name + rng.choice(("采购部", "销售部", "(筹)", "武汉公司", "总部", "总公司"))


def short(name: str, firm: CoinedFirm, rng: random.Random) -> str:
    """A short name as exchanges and people make them: mostly the first four characters behind the place."""
    called = _short(firm, rng) or firm.own or firm.plain_place
    drawn = rng.random()
    if drawn < 0.08:
        return called[:3] + rng.choice(("A", "B", "A"))
    if drawn < 0.14:
        return rng.choice(("*ST", "ST", "S*ST")) + called.replace("股份", "")[:3]
    return called[:3] + rng.choice(("退", "-U", "-W")) if drawn < 0.16 else called


def _short(firm: CoinedFirm, rng: random.Random) -> str:  # noqa: PLR0911 -- one way of shortening each
    own, trades, home, drawn = firm.own, "".join(firm.trades), firm.plain_place, rng.random()
    rest = own + trades + firm.organisation.strip("()")
    first = own[:2] if len(own) != 3 or rng.random() < 0.5 else own
    soft = _soft_word(firm, rng)
    if len(rest) <= 4 and drawn < 0.85:
        return home + rest if home and len(rest) <= 2 and rng.random() < 0.7 else rest
    if drawn < 0.58:
        return (own if len(own) == 3 and rng.random() < 0.5 else rest[:4]) if own else (home + rest)[:4]
    if drawn < 0.75 and own:
        return own if len(own) > 2 and rng.random() < 0.5 else own[:2] + soft
    if drawn < 0.86 and home:
        return home + (own[:2] if own and rng.random() < 0.7 else rest[-2:])
    if drawn < 0.94 and firm.trades:
        last = firm.trades[-1]
        ends = last[:2] if rng.random() < 0.55 else firm.trades[0][0] + (last[0] if len(firm.trades) > 1 else last[-1])
        return (first or home) + ends
    if drawn < 0.96 and home:
        return home[0] + (own or trades)[:1] + soft
    letters = [one for one, name in reference.name_words().short_places.items() if name == home]
    if drawn < 0.98 and home:
        return (rng.choice(letters) if letters else home[0]) + (own or trades)[:2] + rng.choice(("", soft))
    return (own or home)[:1] + (trades or rest)[:1] + soft


def _soft_word(firm: CoinedFirm, rng: random.Random) -> str:
    words = ["股份"] * 7 + ["集团"] * (3 if "集团" in firm.organisation else 1)
    words += ["控股"] * 2 if "控股" in firm.organisation else []
    return rng.choice(words + (["科技"] if "科技" in firm.trades else []))


SLIPS: dict[str, Slip] = {
    "omit": omit, "short": short, "organisation": organisation, "typo": typo, "accent": accent, "misread": misread,
    "bracket": bracket, "place": place, "traditional": traditional, "punctuation": punctuation, "branch": branch,
    "department": department,
}  # fmt: skip


def stacked(name: str, firm: CoinedFirm, rng: random.Random, depth: int, kinds: Sequence[str]) -> str:
    """Several slips on top of each other."""
    picked = rng.sample([kind for kind in kinds if kind != "short"], min(depth, len(kinds) - ("short" in kinds)))
    if rng.random() < 0.5:
        picked.sort(key=list(SLIPS).index)
    for kind in picked:
        if len(split(name)[0]) > 2:
            name = SLIPS[kind](name, firm, rng) or name
    return name
