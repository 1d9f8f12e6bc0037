"""Verbs that change the registers: enterprises, their capabilities and their needs."""

from matchmaker.enterprises.queries.duplicates import FIND_DUPLICATES
from matchmaker.enterprises.services.capabilities import (
    CapabilityFacts,
    add_capability,
    edit_capability,
    publish_capability,
    withdraw_capability,
)
from matchmaker.enterprises.services.duplicates import find_duplicates, promise_search, search_duplicates
from matchmaker.enterprises.services.likeness import note_likeness
from matchmaker.enterprises.services.merging import end_merger, merge_duplicate
from matchmaker.enterprises.services.needs import (
    NeedFacts,
    add_need,
    approve_need,
    close_need,
    edit_need,
    publish_need,
    withdraw_need,
)
from matchmaker.enterprises.services.registering import (
    EnterpriseFacts,
    edit_enterprise,
    register_enterprise,
    take_step,
)

__all__ = [
    "FIND_DUPLICATES",
    "CapabilityFacts",
    "EnterpriseFacts",
    "NeedFacts",
    "add_capability",
    "add_need",
    "approve_need",
    "close_need",
    "edit_capability",
    "edit_enterprise",
    "edit_need",
    "end_merger",
    "find_duplicates",
    "merge_duplicate",
    "note_likeness",
    "promise_search",
    "publish_capability",
    "publish_need",
    "register_enterprise",
    "search_duplicates",
    "take_step",
    "withdraw_capability",
    "withdraw_need",
]
