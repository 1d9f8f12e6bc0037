"""The demo's deals on sealed paper are recorded as officers record them."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.deals.evidence import storing
from matchmaker.deals.evidence.kinds import FileKind, look_at
from matchmaker.deals.evidence.models import EvidenceFile
from matchmaker.deals.models import Assurance, Deal
from matchmaker.demo.papers import lay_out_papers, paper_of


def test_one_paper_is_checked_and_one_waits(session, make, settings) -> None:
    for role, region in ((Role.COUNTY_OFFICER, "420600"), (Role.OFFICIAL, "420000")):
        make.user(role, office=make.office(region=region)).is_listed = True
    for _firm in range(4):
        make.enterprise()
    session.flush()

    lay_out_papers(session, data_dir=settings.data_dir)

    found = session.scalars(select(Deal).order_by(Deal.id)).all()
    assert [deal.standing.assurance for deal in found] == [Assurance.CONFIRMED, Assurance.DECLARED]
    for file in session.scalars(select(EvidenceFile)):
        assert storing.read(settings.data_dir, file.digest) is not None


def test_a_province_without_officers_has_no_papers(session, settings) -> None:
    lay_out_papers(session, data_dir=settings.data_dir)

    assert session.scalars(select(Deal)).all() == []


def test_its_paper_is_a_pdf_like_any() -> None:
    assert look_at(paper_of("DEMO")).kind is FileKind.PDF
