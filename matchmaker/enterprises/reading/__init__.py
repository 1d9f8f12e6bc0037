"""What a text asks for besides the product itself: pure computation, no web, no database, no clock."""

from __future__ import annotations

from matchmaker.enterprises.reading.codes import certificate_key
from matchmaker.enterprises.reading.dates import days_of, due_on
from matchmaker.enterprises.reading.reader import LONGEST, read_terms
from matchmaker.enterprises.reading.remainder import product_phrases
from matchmaker.enterprises.reading.values import Kind, Role, Term

__all__ = [
    "LONGEST",
    "Kind",
    "Role",
    "Term",
    "certificate_key",
    "days_of",
    "due_on",
    "product_phrases",
    "read_terms",
]
