"""The verbs of events: plan them, register for them, record who came, close them out."""

from __future__ import annotations

from matchmaker.events.services.attending import CheckedIn, check_in, finish_event, undo_check_in
from matchmaker.events.services.closing import approve_closeout, return_closeout, submit_closeout
from matchmaker.events.services.planning import (
    EventFacts,
    approve_plan,
    cancel_event,
    move_event,
    plan_event,
    postpone_event,
    publish_event,
    return_plan,
    revise_event,
    submit_event,
)
from matchmaker.events.services.registering import (
    Decided,
    apply_to_event,
    approve_registration,
    approve_registrations,
    cancel_registration,
    confirm_registration,
    promote_waiting,
    put_on_waiting_list,
    refuse_registrations,
)

__all__ = [
    "CheckedIn",
    "Decided",
    "EventFacts",
    "apply_to_event",
    "approve_closeout",
    "approve_plan",
    "approve_registration",
    "approve_registrations",
    "cancel_event",
    "cancel_registration",
    "check_in",
    "confirm_registration",
    "finish_event",
    "move_event",
    "plan_event",
    "postpone_event",
    "promote_waiting",
    "publish_event",
    "put_on_waiting_list",
    "refuse_registrations",
    "return_closeout",
    "return_plan",
    "revise_event",
    "submit_closeout",
    "submit_event",
    "undo_check_in",
]
