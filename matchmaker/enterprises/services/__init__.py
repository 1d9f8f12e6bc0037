"""Verbs that change the registers: enterprises, their capabilities and their needs."""

from matchmaker.enterprises.services.capabilities import (
    CapabilityFacts,
    add_capability,
    edit_capability,
    publish_capability,
    withdraw_capability,
)
from matchmaker.enterprises.services.likeness import note_likeness
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
    "note_likeness",
    "publish_capability",
    "publish_need",
    "register_enterprise",
    "take_step",
    "withdraw_capability",
    "withdraw_need",
]
