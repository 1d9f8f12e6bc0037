from sqlalchemy import select

from matchmaker import reference
from matchmaker.chains.models import ReferenceRelease
from matchmaker.chains.services import load_reference


def releases(session):
    return dict(session.execute(select(ReferenceRelease.version, ReferenceRelease.digest)).all())


def test_another_edition_of_the_reference_data_stands_beside_the_one_before(session, monkeypatch):
    load_reference(session)
    before = releases(session)
    monkeypatch.setattr(reference, "REFERENCE_VERSION", "next")

    assert load_reference(session)
    assert releases(session) == before | {"next": reference.digest()}
    assert not load_reference(session)


def test_an_edition_that_changed_under_its_name_is_loaded_again(session):
    load_reference(session)
    session.get(ReferenceRelease, reference.REFERENCE_VERSION).digest = "0" * 64
    session.flush()

    assert load_reference(session)
    assert releases(session)[reference.REFERENCE_VERSION] == reference.digest()
