from __future__ import annotations

import json
import logging

import pytest

from matchmaker.db import utcnow
from matchmaker.enterprises.models import (
    CapabilityState,
    EnterpriseState,
    LineChange,
    LineKind,
    NeedKind,
    NeedState,
    NeedVisibility,
)
from matchmaker.matching import indexing
from matchmaker.matching.engine import DEMAND, BrokenIndex, Query
from matchmaker.matching.indexing import current_edition, current_index, load_version
from matchmaker.matching.queries.indexable import line_number, line_of, registers


def names(matches, session, model):
    return [session.get(model, match.firm_id).name for match in matches]


def test_everything_published_enters_the_index_and_nothing_else(session, make, market):
    make.capability(market.maker, "草稿产品", state=CapabilityState.DRAFT)
    make.capability(make.enterprise(state=EnterpriseState.SUSPENDED), "停用企业的产品")
    make.need(market.buyer, "撤回的需求", state=NeedState.WITHDRAWN)
    make.need(market.buyer, "只给组织方看的需求", visibility=NeedVisibility.ORGANISERS)
    make.need(market.buyer, "流动资金贷款", kind=NeedKind.FINANCING)

    read = registers(session)

    assert sorted(line.text for line in read.lines) == ["压铸模具", "铝合金压铸模", "铝合金压铸模 12 套"]
    assert [firm.name for firm in read.firms] == [market.maker.name, market.rival.name, market.buyer.name]


def test_a_line_is_product_material_and_spec_with_its_terms(session, make, market):
    line = make.capability(
        market.maker, "压铸模", material="H13", spec="1250T", state=CapabilityState.VERIFIED, lead_days=7
    )

    read = registers(session)
    found = next(each for each in read.lines if each.id == line_number(LineKind.CAPABILITY, line.id))

    assert (found.text, found.days, found.segment_code, found.firm_id) == ("压铸模 H13 1250T", 7, None, market.maker.id)
    assert next(firm.trust for firm in read.firms if firm.id == market.maker.id) == 4


def test_capabilities_and_needs_never_share_a_number():
    numbered = [(LineKind.CAPABILITY, 7), (LineKind.NEED, 7), (LineKind.NEED, 1)]

    assert [line_of(line_number(*line)) for line in numbered] == numbered
    assert len({line_number(*line) for line in numbered}) == 3


def test_a_built_index_answers_and_its_version_names_its_content(market, publish, data_dir):
    published = publish()

    assert [match.firm_id for match in published.index.search(Query("铝合金压铸模"), 5)] == [
        market.maker.id,
        market.rival.id,
    ]
    assert [match.firm_id for match in published.index.search(Query("压铸模", sides=DEMAND), 5)] == [market.buyer.id]
    assert published.edition == current_edition(data_dir)
    assert publish().edition.version == published.edition.version


def test_another_process_sees_the_new_index_with_the_next_question(session, make, market, publish, data_dir):
    before = publish()
    assert current_index(data_dir) is before

    make.capability(make.enterprise("黄石试样压铸有限公司"), "铝合金压铸模")
    session.commit()
    after = publish()

    assert after is not before
    assert current_index(data_dir) is after
    assert after.edition.version != before.edition.version
    assert len(after.index.search(Query("铝合金压铸模"), 5)) == 3
    assert len(before.index.search(Query("铝合金压铸模"), 5)) == 2  # whoever still holds it is not disturbed


def test_the_pointer_is_replaced_whole_and_leaves_no_crumbs(market, publish, data_dir):
    publish()

    root = data_dir / "index"
    assert sorted(path.name for path in root.iterdir()) == sorted([current_edition(data_dir).version, "CURRENT"])


def test_a_tampered_index_is_refused_and_built_anew(market, publish, data_dir, caplog):
    published = publish()
    folder = data_dir / "index" / published.edition.version
    victim = min(folder.glob("*.npy"))
    content = bytearray(victim.read_bytes())
    content[-1] ^= 1
    victim.unlink()
    victim.write_bytes(content)
    (data_dir / "index" / "CURRENT").touch()

    with caplog.at_level(logging.CRITICAL):
        indexing._shelf._held.clear()
        assert current_index(data_dir) is None
    with pytest.raises(BrokenIndex):
        load_version(data_dir, published.edition.version)

    assert publish().edition.version == published.edition.version


def test_an_index_under_a_manifest_that_was_not_published_is_refused(market, publish, data_dir, caplog):
    published = publish()
    folder = data_dir / "index" / published.edition.version
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")

    with caplog.at_level(logging.CRITICAL):
        indexing._shelf._held.clear()
        assert current_index(data_dir) is None


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"version": "x"}'])
def test_an_unreadable_pointer_is_no_index(data_dir, content):
    (data_dir / "index").mkdir(parents=True)
    (data_dir / "index" / "CURRENT").write_text(content, encoding="utf-8")

    assert current_index(data_dir) is None


def test_no_index_yet_is_no_index(data_dir):
    assert current_index(data_dir) is None


def test_only_the_last_few_versions_are_kept(session, make, market, publish, data_dir):
    versions = []
    for number in range(indexing.KEPT_VERSIONS + 2):
        make.capability(market.maker, f"试样产品{number}号")
        session.commit()
        versions.append(publish().edition.version)

    kept = {path.name for path in (data_dir / "index").iterdir()} - {"CURRENT"}
    assert kept == set(versions[-indexing.KEPT_VERSIONS :])


def test_a_slower_build_of_older_registers_does_not_take_the_pointer_back(session, market, publish, data_dir):
    read = registers(session)
    old = publish()
    session.add(LineChange(kind=LineKind.NEED, line_id=market.need.id, at=utcnow()))
    market.need.text = "注塑模 3 套"
    session.commit()
    new = publish()

    indexing.publish(old.index, read, data_dir)

    assert current_edition(data_dir) == new.edition
