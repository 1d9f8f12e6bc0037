from __future__ import annotations

import pytest

from matchmaker.enterprises.models import CapabilityState
from matchmaker.enterprises.services.marking import mark_changed
from matchmaker.matching import overlaying, services
from matchmaker.matching.engine import BrokenIndex, Query
from matchmaker.matching.models import MatchSubject
from matchmaker.matching.overlaying import clear_overlays, load_layered, with_changes
from matchmaker.matching.questions import about_enterprise, about_need
from tests.matching.test_services import TODAY


@pytest.fixture
def newcomer(make, session, market, publish):
    """A line published after the index was built."""
    published = publish()
    line = make.capability(market.buyer, "数控落地镗床")
    mark_changed(session, line)
    session.commit()
    return published, line


def test_a_line_published_a_moment_ago_is_found_without_a_new_index(session, market, newcomer, data_dir):
    published, _line = newcomer

    latest = with_changes(session, published, data_dir)

    assert published.index.search(Query("数控落地镗床"), 5) == []
    assert [match.firm_id for match in latest.index.search(Query("数控落地镗床"), 5)] == [market.buyer.id]


def test_a_withdrawn_line_is_no_longer_found(session, market, newcomer, data_dir):
    published, line = newcomer
    with_changes(session, published, data_dir)
    line.state = CapabilityState.WITHDRAWN
    mark_changed(session, line)
    session.commit()

    assert with_changes(session, published, data_dir).index.search(Query("数控落地镗床"), 5) == []


def test_without_changes_the_index_is_used_as_it_is(session, market, publish, data_dir):
    published = publish()

    assert with_changes(session, published, data_dir) is published


def test_more_changes_than_can_be_laid_over_wait_for_the_new_index(session, newcomer, data_dir, monkeypatch):
    published, _line = newcomer
    monkeypatch.setattr(overlaying, "MOST_CHANGED", 0)

    assert with_changes(session, published, data_dir) is published


def test_a_list_with_changes_is_replayed_byte_for_byte(session, market, newcomer, data_dir):
    latest = with_changes(session, newcomer[0], data_dir)
    run = services.suggest(session, question=about_need(market.need, today=TODAY), published=latest)

    assert "." in run.index_version
    assert services.replay(session, run=run, data_dir=data_dir).is_equal


def test_an_overlay_that_was_edited_is_never_replayed(session, newcomer, data_dir):
    version = with_changes(session, newcomer[0], data_dir).edition.version
    path = next((data_dir / "index" / "overlays").glob("*.json"))
    path.write_text(path.read_text(encoding="utf-8").replace("数控", "普通"), encoding="utf-8")

    with pytest.raises(BrokenIndex):
        load_layered(data_dir, version)


def test_an_overlay_goes_with_the_index_it_lay_over(session, newcomer, data_dir):
    with_changes(session, newcomer[0], data_dir)
    kept = data_dir / "index" / "overlays" / "0123456789abcdef.0000000000000000.json"
    kept.write_text("{}", encoding="utf-8")

    clear_overlays(data_dir)

    assert not kept.exists()
    assert len(list(kept.parent.glob("*.json"))) == 1


def test_a_line_published_a_moment_ago_brings_partners_and_stands_in_the_lists_of_others(
    session, make, market, publish, data_dir
):
    published = publish()
    newcomer = make.enterprise("襄阳新来铸造有限公司")
    line = make.capability(newcomer, "铝合金压铸件", segment=make.segment("auto.cast"))
    mark_changed(session, newcomer)
    mark_changed(session, line)
    session.commit()

    latest = with_changes(session, published, data_dir).index

    buyers = [match.firm_id for match in latest.partners(newcomer.id, "downstream")]
    assert published.index.partners(newcomer.id, "downstream") == []
    assert buyers != []
    assert newcomer.id in [match.firm_id for match in latest.partners(buyers[0], "upstream")]


def test_partners_found_over_changes_are_replayed_byte_for_byte(session, market, newcomer, data_dir):
    latest = with_changes(session, newcomer[0], data_dir)
    question = about_enterprise(market.buyer, subject=MatchSubject.UPSTREAM)
    run = services.suggest(session, question=question, published=latest)

    assert services.replay(session, run=run, data_dir=data_dir).is_equal
