"""The machinery every part of the JSON API shares: reading, refusing, answering, describing itself.

A part of the API is a blueprint of views, each under `@operation(…)`; pages and JSON call
the same services, and what a view does not say here it cannot do.
"""

from __future__ import annotations

from matchmaker.web.api.answering import answer, answer_slice, nothing
from matchmaker.web.api.operations import operation
from matchmaker.web.api.refusing import refuse_input
from matchmaker.web.api.values import (
    Answer,
    Body,
    Day,
    Id,
    Line,
    Moment,
    Money,
    Page,
    Paged,
    Quantity,
    Query,
    Shown,
    Text,
)
from matchmaker.web.api.versions import expect_match

__all__ = [
    "Answer",
    "Body",
    "Day",
    "Id",
    "Line",
    "Moment",
    "Money",
    "Page",
    "Paged",
    "Quantity",
    "Query",
    "Shown",
    "Text",
    "answer",
    "answer_slice",
    "expect_match",
    "nothing",
    "operation",
    "refuse_input",
]
