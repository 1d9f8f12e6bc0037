from datetime import date

import pytest

from matchmaker.demo.province import build_province
from matchmaker.demo.records import Province

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def province() -> Province:
    """The full demonstration province, built once."""
    return build_province(7, TODAY)


@pytest.fixture(scope="session")
def hamlet() -> Province:
    """The smallest province there is, for what does not need many firms."""
    return build_province(7, TODAY, size=400)
