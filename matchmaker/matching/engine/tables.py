"""The arrays an index consists of; nothing else of it is ever written or shared."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from matchmaker.matching.engine.store import Rows, Texts

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Tables:
    """Texts, lines, firms and what is known about products, each numbered from 0.

    A text is a distinct bare product name; several lines may carry it, and texts known only from
    the product graph carry none.
    """

    text: Texts
    written: Texts  # lines as their firms wrote them
    tags: Texts  # distinct lists of specifications, certificates and units, joined by line feeds
    sound: Texts  # every syllable that occurs, so that pinyin can be cut
    segment_code: Texts
    group_name: Texts

    grams: Rows  # feature → texts, by weight
    profile: Rows  # feature → firms, by weight in what they offer
    rarity: Any
    profile_rarity: Any

    text_lines: Rows
    text_sides: Any  # bits of the sides whose lines carry the text

    line_id: Any
    line_firm: Any
    line_side: Any
    line_text: Any
    line_written: Any
    line_segment: Any
    line_sure: Any
    line_share: Any
    line_specifications: Any
    line_certificates: Any
    line_region: Any
    line_quantity: Any
    line_unit: Any
    line_days: Any

    firm_id: Any
    firm_region: Any
    firm_trust: Any
    firm_certificates: Any  # tag of all certificates a firm states
    firm_lines: Rows
    firm_segments: Rows  # segments a firm offers in, by share of its lines
    segment_firms: Rows
    firm_groups: Rows
    trade: Any  # groups by groups: how much the first usually buys from the second, 0 to 1

    text_worth: Any  # how much a line of this text says of what its firm makes: little if 废料销售 or 其他业务
    heads: Rows  # text → shorter texts it is a kind of by name, of which flows are known
    flow_from: Rows  # product → what it is made from: 1 is known, less is how likely
    flow_into: Rows
    item_lines: Rows  # what flows over a link of the chains → lines that name it, by how nearly
    makers: Rows  # product → lines of those who make it, the best of each firm, by how surely

    def arrays(self) -> dict[str, Any]:
        """Every array under a name of its own, as it is written to disk."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, (Rows, Texts)):
                found |= {f"{field.name}.{part.name}": getattr(value, part.name) for part in fields(value)}
            else:
                found[field.name] = value
        return found

    @classmethod
    def from_arrays(cls, arrays: dict[str, Any]) -> Tables:
        """The tables whose arrays these are; raises KeyError when one is absent."""
        kinds = get_type_hints(cls)
        values: dict[str, Any] = {}
        for field in fields(cls):
            kind = kinds[field.name]
            if kind in (Rows, Texts):
                values[field.name] = kind(*(arrays[f"{field.name}.{part.name}"] for part in fields(kind)))
            else:
                values[field.name] = arrays[field.name]
        return cls(**values)
