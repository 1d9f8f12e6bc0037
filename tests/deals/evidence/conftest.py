"""What several tests of evidence stand on."""

from __future__ import annotations

import html
import io
import re

import pytest

from tests.deals.evidence.files import PDF


@pytest.fixture
def deal(session, make):
    """A deal both sides confirmed, with its event's office elsewhere."""
    deal = make.deal(buyer=make.enterprise("十堰车身有限公司", region="420300"), confirmed=True)
    session.commit()
    return deal


def words_of(page) -> str:
    """What a page says, without its blanks."""
    body = re.sub(r"(?s).*<main", "<main", page.text)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def file_of(content: bytes = PDF, name: str = "合同.pdf", declared: str | None = None):
    """A file as a form carries it."""
    return (io.BytesIO(content), name, declared) if declared else (io.BytesIO(content), name)
