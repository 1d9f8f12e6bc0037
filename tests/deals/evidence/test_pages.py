"""Files on the pages of a deal: attached, opened, taken from view, and refused with nothing changed."""

from __future__ import annotations

import hashlib
import io

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from matchmaker.accounts.models import AuditEntry, Role
from matchmaker.deals.evidence.models import EvidenceFile, Purpose
from matchmaker.deals.evidence.obstacles import MOST_FILES
from matchmaker.deals.models import Deal, DealEntry
from tests.deals.evidence.conftest import file_of, words_of
from tests.deals.evidence.files import PDF, archive, exif, jpeg, png


def attach(browser, deal, *, content=PDF, name="合同.pdf", declared=None, **more):
    data = {"purpose": "contract", "note": "", "file": file_of(content, name, declared), **more}
    return browser.post(f"/deals/{deal.public_id}/evidence/new", data=data)


def count(session, model) -> int:
    number = session.scalar(select(func.count(model.id)))
    session.commit()
    return number


def only(session) -> EvidenceFile:
    found = session.scalars(select(EvidenceFile).execution_options(populate_existing=True)).one()
    session.commit()
    return found


def kept(settings) -> list[str]:
    return sorted(path.name for path in (settings.data_dir / "evidence").rglob("*") if path.is_file())


def test_a_firm_attaches_a_contract_and_the_other_side_saves_the_same_bytes(session, make, sign_in, deal, settings):
    seller, buyer = sign_in(make.person_of(deal.seller)), sign_in(make.person_of(deal.buyer))
    digest = hashlib.sha256(PDF).hexdigest()

    answer = attach(seller, deal, note="正本第 1—6 页")
    page = buyer.get(f"/deals/{deal.public_id}")
    file = only(session)
    got = buyer.get(f"/deals/{deal.public_id}/evidence/{file.public_id}")

    assert (answer.status_code, answer.location) == (302, f"/deals/{deal.public_id}#evidence")
    assert "合同.pdf合同卖方·" in words_of(page)
    assert "正本第1—6页" in words_of(page)
    assert (file.digest, file.size, file.purpose, file.media_type) == (
        digest, len(PDF), Purpose.CONTRACT, "application/pdf",
    )  # fmt: skip
    assert got.data == PDF
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["ETag"] == f'"{digest}"'
    assert kept(settings) == [digest]


def test_a_file_known_by_its_digest_is_not_sent_again(session, make, sign_in, deal):
    browser = sign_in(make.person_of(deal.seller))
    attach(browser, deal)
    address = f"/deals/{deal.public_id}/evidence/{only(session).public_id}"

    again = browser.get(address, headers={"If-None-Match": browser.get(address).headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_the_same_bytes_at_two_deals_lie_once(session, make, sign_in, deal, settings):
    other = make.deal(seller=deal.seller)
    browser = sign_in(make.person_of(deal.seller))

    attach(browser, deal)
    attach(browser, other, name="另一笔.pdf")

    assert (count(session, EvidenceFile), len(kept(settings))) == (2, 1)


def test_a_file_and_a_picture_come_together_and_the_place_of_the_picture_is_said(session, make, sign_in, deal):
    browser = sign_in(make.person_of(deal.seller))

    attach(browser, deal, photo=file_of(jpeg(place=exif(with_place=True)), "IMG_1.jpg"))

    assert count(session, EvidenceFile) == 2
    assert words_of(browser.get(f"/deals/{deal.public_id}")).count("照片带有拍摄位置") == 1


def test_a_double_click_attaches_once(session, make, sign_in, deal):
    browser, key = sign_in(make.person_of(deal.seller)), {"Idempotency-Key": "one-click-only"}
    for _click in range(2):
        data = {"purpose": "contract", "file": file_of()}
        answer = browser.post(f"/deals/{deal.public_id}/evidence/new", data=data, headers=key)

    assert answer.headers["Idempotent-Replayed"] == "true"
    assert count(session, EvidenceFile) == 1


@pytest.mark.parametrize(
    ("content", "name", "declared", "said"),
    [
        (b"<html><script>alert(1)</script></html>", "合同.pdf", "application/pdf", "文件内容是网页或SVG"),
        (archive(bytes(20_000_000)), "合同.pdf", "application/pdf", "文件内容是压缩包或Office文档"),
        (archive(), "合同.docx", "application/octet-stream", "文件内容是压缩包或Office文档"),
        (PDF + archive(), "合同.pdf", "application/pdf", "还夹带了别的内容（压缩包）"),
        (png(tail=b"<script>alert(1)</script>"), "章.png", "image/png", "还夹带了别的内容（网页代码）"),
        (b"", "合同.pdf", "application/pdf", "空的（0字节）"),
        (PDF, "合同.pdf.exe", "application/pdf", "文件名以“.exe”结尾，内容却是PDF"),
        (jpeg(), "合同.pdf", "image/jpeg", "文件名以“.pdf”结尾，内容却是JPEG"),
        (PDF, "合同.pdf", "text/html", "文件声明的类型是“text/html”，内容却是PDF"),
        (jpeg()[:30], "章.jpg", "image/jpeg", "JPEG文件不完整或已损坏"),
        (png(30_000, 30_000), "章.png", "image/png", "30000×30000像素，超过10000万像素"),
        (PDF, "合同", "application/pdf", "没有“.pdf”这样的后缀"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_words_and_nothing_changes(
    session, make, sign_in, deal, settings, content, name, declared, said
):
    browser, traces = sign_in(make.person_of(deal.seller)), count(session, AuditEntry)

    page = attach(browser, deal, content=content, name=name, declared=declared)

    assert page.status_code == 422
    assert said in words_of(page)
    assert (count(session, EvidenceFile), count(session, AuditEntry), kept(settings)) == (0, traces, [])


def test_a_file_over_the_limit_is_refused_in_words_and_nothing_changes(app, session, make, sign_in, deal, settings):
    app.extensions["settings"].evidence_megabytes = 1
    parts = (b'name="purpose"\r\n\r\ncontract', b'name="file"; filename="a.pdf"\r\n\r\n' + PDF + bytes(1024 * 1024))
    body = b"".join(b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--b--"

    page = sign_in(make.person_of(deal.seller)).post(
        f"/deals/{deal.public_id}/evidence/new", data=body, content_type="multipart/form-data; boundary=b"
    )

    assert page.status_code == 422
    assert "文件超过1MB，没有保存" in words_of(page)
    assert (count(session, EvidenceFile), kept(settings)) == (0, [])


def test_a_name_with_a_path_keeps_its_last_part_and_one_with_a_nul_is_refused(session, make, sign_in, deal):
    browser = sign_in(make.person_of(deal.seller))

    attach(browser, deal, name="../../../etc/cron.d/合同.pdf")
    refused = attach(browser, deal, name="合同.html\0.pdf")

    assert only(session).name == "合同.pdf"
    assert refused.status_code == 422


def test_a_form_without_a_file_says_so(make, sign_in, deal):
    page = sign_in(make.person_of(deal.seller)).post(f"/deals/{deal.public_id}/evidence/new", data={"purpose": "other"})

    assert page.status_code == 422
    assert "请选择一个文件，或用手机拍一张照片" in words_of(page)


def test_a_sealed_paper_is_not_attached_like_any_file(session, make, sign_in, deal):
    assert attach(sign_in(make.person_of(deal.seller)), deal, purpose="paper").status_code == 422
    assert count(session, EvidenceFile) == 0


def test_a_full_deal_takes_no_more(session, make, sign_in, deal):
    browser, person = sign_in(make.person_of(deal.seller)), make.person_of(deal.seller)
    common = {
        "deal_id": deal.id,
        "purpose": Purpose.OTHER,
        "media_type": "application/pdf",
        "size": 1,
        "digest": "0" * 64,
    }
    session.add_all(
        EvidenceFile(name=f"{n}.pdf", tells_place=False, party="seller", user_id=person.id, **common)
        for n in range(MOST_FILES)
    )  # fmt: skip
    session.commit()

    page = attach(browser, deal)

    assert page.status_code == 409
    assert f"最多{MOST_FILES}份材料" in words_of(page)


def test_a_disk_that_takes_no_more_is_said_and_nothing_changes(session, make, sign_in, deal, settings):
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "evidence").write_text("a file where the folder should be")
    browser = sign_in(make.person_of(deal.seller))

    page = attach(browser, deal)
    contract = browser.post(
        f"/deals/{deal.public_id}/contract", data={"number": "HT-1", "amount": "3000", "file": file_of()}
    )

    assert (page.status_code, contract.status_code) == (503, 503)
    assert "服务器暂时存不下这个文件，什么都没有保存" in words_of(page)
    assert (count(session, EvidenceFile), count(session, DealEntry)) == (0, 2)


def test_the_files_of_others_are_absent(session, make, sign_in, deal):
    attach(sign_in(make.person_of(deal.seller)), deal)
    file, neighbour = only(session), make.deal(confirmed=True)
    stranger = sign_in(make.person_of(neighbour.buyer))
    far = sign_in(make.user(Role.OFFICIAL, office=make.office(region="420500")))

    for browser in (stranger, far):
        assert browser.get(f"/deals/{deal.public_id}/evidence/{file.public_id}").status_code == 404
        assert browser.get(f"/deals/{deal.public_id}/evidence/new").status_code in (403, 404)
        assert browser.post(f"/deals/{deal.public_id}/evidence/{file.public_id}/withdraw").status_code == 404
    assert stranger.get(f"/deals/{neighbour.public_id}/evidence/{file.public_id}").status_code == 404
    own = sign_in(make.person_of(deal.seller))
    assert own.get(f"/deals/{neighbour.public_id}/evidence/{file.public_id}").status_code == 404


def test_offices_of_the_region_and_auditors_open_a_file_and_an_office_that_ran_the_event_elsewhere_does_not(
    session, make, sign_in
):
    organiser = make.office("宜昌试样局", region="420500")
    event = make.event(organiser=organiser, starts_at=make.moment("2026-01-05T01:00:00"))
    deal = make.deal(event=event, confirmed=True)
    attach(sign_in(make.person_of(deal.seller)), deal)
    address = f"/deals/{deal.public_id}/evidence/{only(session).public_id}"

    near = sign_in(make.user(Role.COUNTY_OFFICER, office=make.office(region="420600")))
    assert [sign_in(make.user(role)).get(address).status_code for role in (Role.OFFICIAL, Role.AUDITOR)] == [200, 200]
    assert near.get(address).status_code == 200
    ran = sign_in(make.user(Role.ORGANISER, office=organiser))
    assert ran.get(f"/deals/{deal.public_id}").status_code == 200
    assert "合同.pdf" not in ran.get(f"/deals/{deal.public_id}").text
    assert ran.get(address).status_code == 404
    assert sign_in(make.user(Role.ADMINISTRATOR)).get(address).status_code == 403


def test_a_visitor_is_sent_to_sign_in(session, make, sign_in, client, deal):
    attach(sign_in(make.person_of(deal.seller)), deal)

    answer = client.get(f"/deals/{deal.public_id}/evidence/{only(session).public_id}")

    assert answer.location.startswith("/sign-in")


def test_a_wrong_file_is_taken_from_view_and_only_the_auditor_still_opens_it(session, make, sign_in, deal, settings):
    seller, buyer = sign_in(make.person_of(deal.seller)), sign_in(make.person_of(deal.buyer))
    attach(seller, deal, name="别家的报价.pdf")
    address = f"/deals/{deal.public_id}/evidence/{only(session).public_id}"

    refused = buyer.post(f"{address}/withdraw", data={"reason": "不想看"})
    silent = seller.post(f"{address}/withdraw", data={"reason": " "})
    done = seller.post(f"{address}/withdraw", data={"reason": "传成了另一家的报价"})
    again = seller.post(f"{address}/withdraw", data={"reason": "再来一次"})

    assert (refused.status_code, silent.status_code, done.status_code, again.status_code) == (403, 422, 302, 409)
    for browser in (seller, buyer):
        page = browser.get(f"/deals/{deal.public_id}")
        assert "别家的报价" not in page.text
        assert "一份材料已撤下" in page.text
        assert "传成了另一家的报价" in page.text
        assert browser.get(address).status_code == 404
    auditor = sign_in(make.user(Role.AUDITOR))
    assert "别家的报价.pdf" in auditor.get(f"/deals/{deal.public_id}").text
    assert auditor.get(address).data == PDF
    assert len(kept(settings)) == 1


@pytest.mark.parametrize(
    ("step", "fields", "purpose"),
    [
        ("contract", {"number": "HT-7", "amount": "3000"}, Purpose.CONTRACT),
        ("amend", {"amount": "2800"}, Purpose.STATEMENT),
        ("dispute", {"reason": "数量不对"}, Purpose.STATEMENT),
    ],
)
def test_a_statement_and_its_file_are_said_together_or_not_at_all(session, make, sign_in, deal, step, fields, purpose):
    browser = sign_in(make.person_of(deal.seller))

    refused = browser.post(f"/deals/{deal.public_id}/{step}", data={**fields, "file": file_of(b"<html>")})
    said_nothing = (count(session, DealEntry), count(session, EvidenceFile))
    done = browser.post(f"/deals/{deal.public_id}/{step}", data={**fields, "file": file_of()})

    assert (refused.status_code, said_nothing, done.status_code) == (422, (2, 0), 302)
    file = only(session)
    assert (file.purpose, file.entry.type.value, file.entry.number) == (purpose, step, 3)


def test_a_delivery_comes_with_its_note_and_one_refused_keeps_no_file(session, make, sign_in, deal):
    browser = sign_in(make.person_of(deal.seller))
    browser.post(f"/deals/{deal.public_id}/contract", data={"number": "HT-7", "amount": "3000"})

    too_early = browser.post(f"/deals/{deal.public_id}/deliver", data={"amount": "0", "file": file_of()})
    done = browser.post(f"/deals/{deal.public_id}/deliver", data={"amount": "1000", "file": file_of(jpeg(), "单.jpg")})

    assert (too_early.status_code, done.status_code) == (422, 302)
    assert (only(session).purpose, only(session).entry.type.value) == (Purpose.DELIVERY, "deliver")
    assert "随台账第4条" in words_of(browser.get(f"/deals/{deal.public_id}"))


def test_the_database_refuses_to_rewrite_what_was_attached(session, make, sign_in, deal):
    attach(sign_in(make.person_of(deal.seller)), deal)

    for deed in ("UPDATE evidence_file SET digest = 'x'", "DELETE FROM evidence_file"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(deed))
        session.rollback()


def test_a_deal_that_changed_meanwhile_takes_a_file_all_the_same(session, make, sign_in, deal):
    browser = sign_in(make.person_of(deal.seller))
    browser.post(f"/deals/{deal.public_id}/amend", data={"amount": "2800"})

    assert attach(browser, deal).status_code == 302
    session.expire_all()
    assert session.get_one(Deal, deal.id).standing.round == 2


def test_an_administrator_and_an_auditor_attach_nothing(make, sign_in, deal):
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        answer = sign_in(make.user(role)).post(
            f"/deals/{deal.public_id}/evidence/new", data={"purpose": "other", "file": (io.BytesIO(PDF), "x.pdf")}
        )
        assert answer.status_code == 403
