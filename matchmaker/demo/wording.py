"""What firms write: products in their own words, specifications with numbers, and the slips of a busy hand."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cache

from opencc import OpenCC

from matchmaker.demo.drawing import chance
from matchmaker.demo.families import SERVICE_CODES, Family, family_of, lore_of
from matchmaker.reference import ProductRow, SegmentRow

_TOKEN = re.compile(r"<([^<>]+)>")
_RANGE = re.compile(r"^(-?[\d.]+)-([\d.]+)/([\d.]+)$")

# Characters that input methods and tired eyes confuse.
_SLIPS = dict(
    zip(
        "制型模轴焊镀密铸胶炉泵缆釜晶膜涂磷钢齿纱剂板件箱饮装",
        "治形摸抽悍度蜜筑交卢崩览斧精模图鳞刚此沙济版建相饭状",
        strict=True,
    )
)
_UNITS = (("mm", "毫米"), ("μm", "um"), ("mm", "㎜"), ("℃", "度"), ("吨", "t"), ("m²", "平方米"), ("kW", "千瓦"))
_FULL_WIDTH = {ord(half): chr(ord(half) + 0xFEE0) for half in "0123456789ABCDEFGHKLMNPQRSTUVWXYZabcdefghkmnprstuvwz"}


def product_words(rng: random.Random, product: ProductRow) -> str:
    """The product's name or, about as often as people use one, another word for it."""
    return rng.choice(product.synonyms) if product.synonyms and chance(rng, 0.35) else product.name


def capability_words(rng: random.Random, segment: SegmentRow, product: ProductRow) -> str:
    """A supply line as its firm would write it."""
    word = product_words(rng, product)
    process = rng.choice(family_of(segment, product).processes)
    if chance(rng, 0.35) or process[:2] in word or word.endswith(process[-2:]):
        return noisy(rng, word)
    return noisy(rng, f"{word}{process}")


def material(rng: random.Random, segment: SegmentRow, product: ProductRow) -> str:
    """A material that goes with the product, often left empty."""
    lore = lore_of(product.name)
    if lore is None or not lore.materials or _is_service(segment, product) or chance(rng, 0.3):
        return ""
    return "、".join(rng.sample(lore.materials, k=min(len(lore.materials), rng.choice((1, 1, 2)))))


def spec(rng: random.Random, segment: SegmentRow, product: ProductRow) -> str:
    """A specification with numbers, in the manner of the product's family."""
    return noisy(rng, filled(rng, rng.choice(_templates(segment, product))))


def _templates(segment: SegmentRow, product: ProductRow) -> Sequence[str]:
    lore = None if _is_service(segment, product) else lore_of(product.name)
    return lore.specs if lore and lore.specs else family_of(segment, product).specs


def _is_service(segment: SegmentRow, product: ProductRow) -> bool:
    return family_of(segment, product).code in SERVICE_CODES


def filled(rng: random.Random, template: str) -> str:
    """The template with each `<low-high/step>` and `<a|b>` drawn."""
    return _TOKEN.sub(lambda found: _drawn(rng, found.group(1)), template)


def _drawn(rng: random.Random, token: str) -> str:
    parsed = _parsed(token)
    if parsed is None:
        return rng.choice(token.split("|"))
    low, steps, step, decimals = parsed
    return f"{low + step * rng.randint(0, steps):.{decimals}f}"


@cache
def _parsed(token: str) -> tuple[float, int, float, int] | None:
    found = _RANGE.match(token)
    if found is None:
        return None
    low, high, step = found.groups()
    decimals = max(len(part.partition(".")[2]) for part in (low, high, step))
    return float(low), int((float(high) - float(low)) / float(step) + 1e-9), float(step), decimals


def noisy(rng: random.Random, text: str) -> str:
    """The text as it may arrive: mostly clean, else mistyped, full-width, traditional, spaced or in other units."""
    if chance(rng, 0.84):
        return text
    return rng.choice(_NOISES)(rng, text)


def _mistyped(rng: random.Random, text: str) -> str:
    places = [position for position, letter in enumerate(text) if letter in _SLIPS]
    if not places:
        return _swapped(rng, text)
    place = rng.choice(places)
    return text[:place] + _SLIPS[text[place]] + text[place + 1 :]


def _swapped(rng: random.Random, text: str) -> str:
    place = rng.randrange(max(1, len(text) - 1))
    pair = text[place : place + 2]
    return text[:place] + pair[::-1] + text[place + 2 :] if pair.isalpha() and not pair.isascii() else text


def _full_width(_rng: random.Random, text: str) -> str:
    return text.translate(_FULL_WIDTH)


def _traditional(_rng: random.Random, text: str) -> str:
    return str(_converter().convert(text))


def _spaced(rng: random.Random, text: str) -> str:
    place = rng.randrange(1, max(2, len(text)))
    return f"{text[:place]} {text[place:]}"


def _other_units(rng: random.Random, text: str) -> str:
    written = [pair for pair in _UNITS if pair[0] in text]
    return text.replace(*rng.choice(written)) if written else text


_NOISES = (_mistyped, _mistyped, _full_width, _traditional, _spaced, _other_units)


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


def trades_of(rng: random.Random, segment: SegmentRow) -> Family:
    """The family whose trade words suit a firm of the segment."""
    return family_of(segment, rng.choice(segment.products))
