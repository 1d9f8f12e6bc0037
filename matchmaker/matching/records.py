"""Evidence as it is kept: the very values the engine computed, as JSON and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from matchmaker.matching.engine import ChainStep, Evidence, Gap, LinePair, Missing, Part, PartScore
from matchmaker.matching.trying import Placed


def evidence_record(evidence: Evidence) -> dict[str, Any]:
    """The evidence of one match as plain JSON values."""
    record: dict[str, Any] = json.loads(json.dumps(asdict(evidence), ensure_ascii=False))
    return record


def evidence_of(record: dict[str, Any]) -> Evidence:
    """The evidence a record was made from."""
    return Evidence(
        parts=tuple(_part(each) for each in record["parts"]),
        pairs=tuple(LinePair(**(each | {"words": tuple(each["words"])})) for each in record["pairs"]),
        path=tuple(ChainStep(**each) for each in record["path"]),
        missing=tuple(Missing(Gap(each["gap"]), each["asked"]) for each in record["missing"]),
    )


def _part(record: dict[str, Any]) -> PartScore:
    return PartScore(**(record | {"part": Part(record["part"]), "words": tuple(record["words"])}))


def place_record(firm_id: int, score: int, evidence: dict[str, Any], *, is_trial: bool) -> dict[str, Any]:
    """One place of a list as plain JSON values."""
    return {"firm": firm_id, "score": score, "evidence": evidence} | ({"trial": True} if is_trial else {})


def list_record(placed: list[Placed]) -> list[dict[str, Any]]:
    """A whole list as plain JSON values; two equal lists give equal records."""
    return [
        place_record(one.match.firm_id, one.match.score, evidence_record(one.match.evidence), is_trial=one.is_trial)
        for one in placed
    ]
