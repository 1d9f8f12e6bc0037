"""To which segment each new line of a workbook would go: named by its author, proposed from its text, or none.

<data>/uploads/placings/<batch>.jsonl    a line each, in the order of the sheets, for the pages of the preview
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from matchmaker.chains.classifying import SegmentClassifier
from matchmaker.imports import filing
from matchmaker.imports.planning import New, Plans

CLEAR: Final = 0.7  # a segment proposed with less is left for a person to choose

Guesses = Mapping[str, tuple[str | None, float]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A new line with the code of its segment; confidence is None when the author named it."""

    sheet: str
    row: int
    text: str
    segment_code: str | None
    confidence: float | None

    @property
    def is_kept(self) -> bool:
        """Whether the line goes in with this segment, or without one."""
        return self.segment_code is not None and (self.confidence is None or self.confidence >= CLEAR)


def text_of(values: Mapping[str, Any]) -> str:
    """What a line is placed by: its product, or what is needed."""
    return str(values["product"] if "product" in values else values["text"])


def unplaced(plans: Plans) -> set[str]:
    """The texts of new lines whose author named no segment."""
    return {text_of(new.values) for _, new in plans.new_lines if "segment_code" not in new.values}


def guessed(classifier: SegmentClassifier, texts: Iterable[str]) -> dict[str, tuple[str | None, float]]:
    """The likeliest segment of each text with how likely it is, or (None, 0.0)."""
    ordered = sorted(texts)
    return dict(zip(ordered, classifier.assign(ordered), strict=True))


def clear(guesses: Guesses) -> dict[str, str | None]:
    """The segment of each text where one is clearly the likeliest."""
    return {text: code if sure >= CLEAR else None for text, (code, sure) in guesses.items()}


def placed(plans: Plans, guesses: Guesses) -> Iterator[Placed]:
    """Every new line with its segment."""
    for sheet, new in plans.new_lines:
        yield _placed(sheet, new, guesses)


def _placed(sheet: str, new: New, guesses: Guesses) -> Placed:
    text = text_of(new.values)
    if "segment_code" in new.values:
        return Placed(sheet, new.row, text, new.values["segment_code"], None)
    return Placed(sheet, new.row, text, *guesses[text])


def keep(data_dir: Path, public_id: str, lines: Iterable[Placed]) -> None:
    """Keep them for the preview of this batch."""
    with filing.moved_to(filing.placings_path(data_dir, public_id)) as target:
        for one in lines:
            told = [one.sheet, one.row, one.text, one.segment_code, one.confidence]
            target.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")


def kept(data_dir: Path, public_id: str, *, first: int, count: int) -> list[Placed]:
    """Some of them, from the place `first` on; none for a batch that was checked before they were kept."""
    try:
        with filing.placings_path(data_dir, public_id).open("rb") as file:
            return [Placed(*json.loads(line)) for line in islice(file, first, first + count)]
    except FileNotFoundError:
        return []
