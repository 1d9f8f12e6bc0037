"""A small register that an index can be built of."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import matchmaker.enterprises.scopes
import matchmaker.matching.scopes  # noqa: F401 -- who sees what
from matchmaker.db import utcnow
from matchmaker.enterprises.models import Capability, Enterprise, Need
from matchmaker.matching.engine import ENGINE_VERSION, Index
from matchmaker.matching.indexing import FOLDER, Edition, Published, current_index, rebuild
from matchmaker.matching.queries.indexable import registers
from tests.making import Maker


class Market:
    """A mould maker, a rival, and a car maker that looks for a mould."""

    def __init__(self, make: Maker) -> None:
        segment = make.segment("auto.mould")
        self.maker: Enterprise = make.enterprise("襄阳试样模具有限公司", search_text="襄阳试样模具有限公司\nxysymj")
        self.rival: Enterprise = make.enterprise("武汉试样精模有限公司", region="420100")
        self.buyer: Enterprise = make.enterprise("十堰试样汽车有限公司", region="420300")
        self.mould: Capability = make.capability(
            self.maker,
            "铝合金压铸模",
            segment=segment,
            certificates=["IATF16949"],
            lead_days=60,
            spare=18,
            capacity_unit="套",
        )
        self.rival_mould: Capability = make.capability(self.rival, "压铸模具", segment=segment, lead_days=90)
        self.need: Need = make.need(
            self.buyer, "铝合金压铸模 12 套", segment=segment, quantity=12, unit="套", hard_conditions=["IATF 16949"]
        )


@pytest.fixture
def market(make: Maker, session: Session) -> Market:
    """Three firms with a capability, a rival capability and a need."""
    market = Market(make)
    session.commit()
    return market


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Where this test's application keeps its index, too."""
    return tmp_path / "data"


JUST_ONE = 2  # a version and the pointer to it
_built: dict[str, Published] = {}


@pytest.fixture
def indexed(session: Session) -> Callable[[], Published]:
    """An index of the registers as they are, in memory only; equal registers share one."""

    def build() -> Published:
        read = registers(session)
        content = repr(read)
        if content not in _built:
            version = hashlib.sha256(content.encode()).hexdigest()[:16]
            facts = {"built_at": utcnow().isoformat(), "firms": len(read.firms), "lines": len(read.lines)}
            edition = Edition(version, version, ENGINE_VERSION, **facts, last_change=0, change_count=0)
            _built[content] = Published(Index.build(read.firms, read.lines, read.knowledge), edition)
        return _built[content]

    return build


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Indexes that tests built, by their content."""
    return tmp_path_factory.mktemp("indexes")


@pytest.fixture
def publish(session: Session, data_dir: Path, shelf: Path) -> Callable[[], Published]:
    """Publish the index of the registers as they are and return it as it is served.

    What one test has built another takes over as files, so that only what differs is built.
    """

    def build() -> Published:
        root = data_dir / FOLDER
        built = shelf / hashlib.sha256(repr(registers(session)).encode()).hexdigest()
        if built.is_dir() and not root.exists():
            shutil.copytree(built, root, copy_function=os.link)
        else:
            rebuild(session, data_dir, lambda _done, _total, _message: True)
            if not built.is_dir() and len(list(root.iterdir())) == JUST_ONE:
                shutil.copytree(root, built, copy_function=os.link)
        session.commit()
        published = current_index(data_dir)
        assert published is not None
        return published

    return build
