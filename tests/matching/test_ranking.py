from __future__ import annotations

import json
from dataclasses import replace

import pytest

from matchmaker.matching import ranking
from matchmaker.matching.engine import DEFAULT_WEIGHTS, ENGINE_VERSION, Part, Weights
from matchmaker.matching.indexing import current_index
from matchmaker.matching.ranking import (
    ENGINES_OWN,
    BrokenRanking,
    current_ranking,
    is_sound,
    kept_versions,
    load_ranking,
    ranking_of,
    use_ranking,
    write_ranking,
)
from matchmaker.matching.trying import DEFAULT_TRIAL

HEAVY_CERTIFICATES = Weights({**DEFAULT_WEIGHTS.search, Part.CERTIFICATE: 60}, DEFAULT_WEIGHTS.partner)


@pytest.fixture
def learned(data_dir):
    """A ranking in which certificates weigh much, in use."""
    written = write_ranking(data_dir, weights=HEAVY_CERTIFICATES, trial=DEFAULT_TRIAL, learned={"at": "2026-03-02"})
    return use_ranking(data_dir, written.version)


def path_of(data_dir, version):
    return data_dir / ranking.FOLDER / f"{version}.json"


def test_without_a_ranking_lists_go_by_the_engines_own_weights(data_dir) -> None:
    assert current_ranking(data_dir) is ENGINES_OWN
    assert is_sound(data_dir)
    assert ENGINES_OWN.engine_version == ENGINE_VERSION


def test_a_ranking_put_into_use_is_read_as_it_was_written(data_dir, learned) -> None:
    assert current_ranking(data_dir) == learned
    assert learned.weights == HEAVY_CERTIFICATES
    assert learned.engine_version == f"{ENGINE_VERSION}+{learned.version}"
    assert ranking_of(data_dir, learned.engine_version) == learned


def test_the_same_ranking_written_twice_is_one_version(data_dir, learned) -> None:
    again = write_ranking(data_dir, weights=HEAVY_CERTIFICATES, trial=DEFAULT_TRIAL, learned={"at": "2026-03-02"})

    assert again == learned
    assert kept_versions(data_dir) == [learned.version]


def test_going_back_to_the_engines_own_keeps_what_was_learned(data_dir, learned) -> None:
    use_ranking(data_dir, "")

    assert current_ranking(data_dir) is ENGINES_OWN
    assert load_ranking(data_dir, learned.version) == learned


def test_a_tampered_ranking_is_never_served_and_the_doctor_can_tell(data_dir, learned) -> None:
    path = path_of(data_dir, learned.version)
    path.write_text(
        path.read_text(encoding="utf-8").replace('"certificate": 60', '"certificate": 61'), encoding="utf-8"
    )
    use_pointer_anew(data_dir, learned.version)

    assert current_ranking(data_dir) is ENGINES_OWN
    assert not is_sound(data_dir)
    with pytest.raises(BrokenRanking, match="not as it was written"):
        load_ranking(data_dir, learned.version)


def use_pointer_anew(data_dir, version):
    pointer = data_dir / ranking.FOLDER / ranking.POINTER
    pointer.unlink()
    pointer.write_text(json.dumps({"version": version}), encoding="utf-8")


@pytest.mark.parametrize("content", ["", "nothing", "[]", "{}", '{"version": 3}', '{"version": "../../etc/passwd"}'])
def test_a_pointer_that_names_nothing_means_the_engines_own(data_dir, learned, content) -> None:
    pointer = data_dir / ranking.FOLDER / ranking.POINTER
    pointer.unlink()
    pointer.write_text(content, encoding="utf-8")

    assert current_ranking(data_dir) is ENGINES_OWN
    assert not is_sound(data_dir)


def test_a_ranking_of_another_engine_is_never_served(data_dir, learned, monkeypatch) -> None:
    made_by = learned.engine_version
    monkeypatch.setattr(ranking, "ENGINE_VERSION", "9.9")

    with pytest.raises(BrokenRanking, match=f"learned from engine {ENGINE_VERSION}"):
        load_ranking(data_dir, learned.version)
    with pytest.raises(BrokenRanking, match="made by engine"):
        ranking_of(data_dir, made_by)


@pytest.mark.parametrize(
    "search",
    [
        {**DEFAULT_WEIGHTS.search, Part.WORDING: 0},
        {**DEFAULT_WEIGHTS.search, Part.WORDING: -5},
        {part: weight for part, weight in DEFAULT_WEIGHTS.search.items() if part is not Part.REGION},
        {**DEFAULT_WEIGHTS.search, Part.FLOW: 5},
    ],
)
def test_weights_that_are_not_the_engines_parts_or_not_positive_are_refused(data_dir, search) -> None:
    with pytest.raises(BrokenRanking, match="cannot be read"):
        write_ranking(data_dir, weights=Weights(search, DEFAULT_WEIGHTS.partner), trial=DEFAULT_TRIAL)


def test_every_process_asks_the_index_by_the_ranking_in_use(data_dir, market, publish) -> None:
    before = publish()
    written = write_ranking(data_dir, weights=HEAVY_CERTIFICATES, trial=DEFAULT_TRIAL)
    use_ranking(data_dir, written.version)

    after = current_index(data_dir)

    assert (before.ranking, after.ranking) == (ENGINES_OWN, written)
    assert after.index.tables is before.index.tables
    assert after.version == f"{before.version}+{written.version}"
    assert current_index(data_dir) is after
    use_ranking(data_dir, "")
    assert current_index(data_dir) is before


def test_trials_are_part_of_a_ranking(data_dir, learned) -> None:
    other = write_ranking(data_dir, weights=learned.weights, trial=replace(DEFAULT_TRIAL, places=0))

    assert other.version != learned.version
    assert other.trial.places == 0
