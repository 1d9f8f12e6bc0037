"""Two deals on sealed paper, recorded as officers record them: one checked, one waiting for its check."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Membership, Role, User
from matchmaker.deals import services as deals
from matchmaker.deals.evidence import services
from matchmaker.deals.evidence.kinds import look_at
from matchmaker.deals.evidence.queries import waiting_paper
from matchmaker.deals.evidence.uploads import Upload
from matchmaker.deals.models import Deal, DealKind, Party
from matchmaker.enterprises.models import Enterprise, EnterpriseState

_SUBJECTS = (("农机变速箱壳体铸件，800 件", 2_400_000), ("粮食烘干机配套风机，60 台", 1_860_000))


def lay_out_papers(session: Session, *, data_dir: Path) -> None:
    """Record the papers of two pairs of firms without an account; a province without its officers gets none."""
    officer, official = _person(session, Role.COUNTY_OFFICER), _person(session, Role.OFFICIAL)
    if officer is None or official is None or officer.office is None:
        return
    firms = _firms_near(session, officer.office.region_id)
    for (subject, amount), buyer, seller in zip(_SUBJECTS, firms[::2], firms[1::2], strict=False):
        _record(session, officer, (buyer, seller), subject=subject, amount=amount, data_dir=data_dir)
    first = session.scalars(select(Deal).where(Deal.subject == _SUBJECTS[0][0]).order_by(Deal.id)).first()
    paper = waiting_paper(session, first) if first is not None else None
    if paper is not None:
        services.check_paper(session, paper=paper, actor=official, agrees=True, note="与扫描件一致")


def _person(session: Session, role: Role) -> User | None:
    """The first of the demo's accounts in a role."""
    listed = select(User).join(Membership).where(User.is_listed, Membership.role == role).order_by(User.id)
    user = session.scalars(listed).first()
    if user is not None:
        user.acting_as = user.memberships[0]
    return user


def _firms_near(session: Session, region_id: int) -> list[Enterprise]:
    """Four firms of a county, or of whatever lies about it, for which nobody signs in."""
    taken = select(Membership.enterprise_id).where(Membership.enterprise_id.is_not(None))
    statement = (
        select(Enterprise)
        .where(
            Enterprise.region_id == region_id,
            Enterprise.state == EnterpriseState.VERIFIED,
            Enterprise.id.not_in(taken),
        )
        .order_by(Enterprise.id.desc())
        .limit(2 * len(_SUBJECTS))
    )
    return list(session.scalars(statement))


def _record(
    session: Session, officer: User, pair: tuple[Enterprise, Enterprise], *, subject: str, amount: int, data_dir: Path
) -> None:
    buyer, seller = pair
    content = paper_of(f"DEMO  {buyer.credit_code} / {seller.credit_code}  CNY {amount:,d}")
    upload = Upload("意向书（演示）.pdf", look_at(content), hashlib.sha256(content).hexdigest(), content)
    services.record_on_paper(
        session,
        lambda: deals.declare_deal(
            session,
            buyer=buyer,
            seller=seller,
            kind=DealKind.PURCHASE,
            subject=subject,
            amount=amount,
            months=12,
            by=Party.OFFICE,
            actor=officer,
            unit_checked=True,
        ),
        buyer=buyer,
        seller=seller,
        event=None,
        actor=officer,
        upload=upload,
        data_dir=data_dir,
        buyer_sealed=True,
        seller_sealed=True,
    )


def paper_of(line: str) -> bytes:
    """A PDF of one page with one line of plain text and two seals."""
    seals = "0.8 0.1 0.1 RG 3 w 120 120 70 70 re S 320 120 70 70 re S"
    drawn = f"BT /F1 14 Tf 60 700 Td (Letter of intent, sealed) Tj 0 -30 Td ({line}) Tj ET {seals}"
    parts = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    end = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("ascii")
