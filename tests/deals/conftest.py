"""What several tests of deals stand on."""

from __future__ import annotations

import pytest

from tests.deals.worked_example import write_worked_example


@pytest.fixture
def worked_example(session, make):
    """The seven records of the counting rules, and the investment beside them."""
    return write_worked_example(session, make)
