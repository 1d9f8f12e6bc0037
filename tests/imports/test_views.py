"""The pages of the import, from the file to the register."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict

from matchmaker.accounts.models import Role
from matchmaker.enterprises.models import Capability, Enterprise, Identity
from matchmaker.imports import writing
from matchmaker.imports.forms import LARGEST, UploadForm
from matchmaker.imports.models import ImportBatch, ImportState
from tests.documents.building import xlsx
from tests.imports.books import book, code, firm, line, need

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how the old office formats and the encrypted ones begin


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def send(browser, content: bytes, name: str = "名单.xlsx", **more):
    return browser.post("/imports/new", data={"workbook": (io.BytesIO(content), name)}, **more)


def the_batch(session):
    session.expire_all()
    batch = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    session.commit()
    return batch


def confirm(browser, batch, version: int | None = None):
    return browser.post(f"/imports/{batch.public_id}/confirm", data={"seen_version": version or batch.version})


def count(session, model):
    return session.scalar(select(func.count(model.id)))


@pytest.fixture
def official(make):
    return make.user(Role.OFFICIAL)


def test_an_official_brings_a_workbook_in(sign_in, official, session, run_jobs) -> None:
    browser = sign_in(official)

    sent = send(browser, book(firms=[firm()], lines=[line()], needs=[need()]))
    batch = the_batch(session)
    assert (sent.status_code, sent.location) == (302, f"/imports/{batch.public_id}")
    assert "正在检查，不会写入任何内容。" in words_of(browser.get(sent.location))

    run_jobs()
    checked = browser.get(sent.location)
    assert "检查通过，将写入 3 行。" in words_of(checked)
    assert count(session, Enterprise) == 0
    session.commit()

    assert confirm(browser, the_batch(session)).location == sent.location
    run_jobs()
    assert "已写入 3 行。" in words_of(browser.get(sent.location))
    assert [row.name for row in session.scalars(select(Enterprise))] == ["襄阳第1模具厂"]


def test_the_progress_of_the_check_is_followed_by_whoever_sent_the_file(sign_in, make, session) -> None:
    office = make.office()
    sender, colleague = make.user(Role.OFFICIAL, office=office), make.user(Role.ORGANISER, office=office)
    send(sign_in(sender), book(firms=[firm()]))
    batch = the_batch(session)
    job_path = f"/jobs/{batch.job.public_id}"
    session.commit()

    own, other = (
        sign_in(sender).get(f"/imports/{batch.public_id}"),
        sign_in(colleague).get(f"/imports/{batch.public_id}"),
    )

    assert f'hx-get="{job_path}"' in own.text
    assert job_path not in other.text
    assert "上传人正在办理，请稍后再看。" in words_of(other)


def test_the_same_workbook_again_says_that_it_changes_nothing(sign_in, official, session, run_jobs) -> None:
    browser, content = sign_in(official), book(firms=[firm()], lines=[line()])
    for _time in range(2):
        send(browser, content)
        run_jobs()
        shown = words_of(browser.get(f"/imports/{the_batch(session).public_id}"))
        confirm(browser, the_batch(session))
        run_jobs()

    assert "检查通过。内容与登记的完全一致，导入不会改动任何内容。" in shown
    assert "与登记内容完全一致，没有改动。" in words_of(browser.get(f"/imports/{the_batch(session).public_id}"))
    assert count(session, Capability) == 1


def test_every_fault_is_named_on_the_page_and_in_the_annotated_copy(sign_in, official, session, run_jobs) -> None:
    browser = sign_in(official)
    send(browser, book(firms=[firm(), firm(2, region_code="襄樊")], lines=[line(lead_days="很快")]), "襄阳 名单.xlsx")
    run_jobs()
    batch = the_batch(session)

    page = browser.get(f"/imports/{batch.public_id}")
    copy = browser.get(f"/imports/{batch.public_id}/annotated.xlsx")

    assert page.text.count("确认写入") == 0
    assert "有 2 处错误，什么也没有写入。" in words_of(page)
    assert "供给能力 第 2 行 · 交期（天） 写的是“很快”，只能填数字" in words_of(page)
    assert copy.headers["Content-Disposition"].endswith(
        "%E5%90%8D%E5%8D%95%EF%BC%88%E5%90%AB%E5%8E%9F%E5%9B%A0%EF%BC%89.xlsx"
    )
    reasons = openpyxl.load_workbook(io.BytesIO(copy.data))["供给能力"]
    told = [cell.value for cell in reasons[2]][-1]
    assert told == "交期（天）：写的是“很快”，只能填数字，不带单位和文字（单位见表头）。"
    copy.close()


def test_whoever_asks_in_english_is_told_the_faults_in_english(sign_in, make, official, session, run_jobs) -> None:
    make.enterprise("襄阳恒昌模具有限公司")
    browser = sign_in(official)
    browser.post("/preferences", data={"locale": "en", "next": "/"})
    new = firm(1, name="襄阳恒昌模具有限责任公司")
    sent = send(browser, book(firms=[new], lines=[line(1, lead_days="很快")]))

    run_jobs()
    words = words_of(browser.get(sent.location))

    assert "&#34;很快&#34; is not a plain number. Enter a number without units" in words
    assert "The legal form differs" in words


def test_a_faulty_workbook_cannot_be_confirmed(sign_in, official, session, run_jobs) -> None:
    browser = sign_in(official)
    send(browser, book(firms=[firm(), firm(2, name="")]))
    run_jobs()

    answer = confirm(browser, the_batch(session))
    run_jobs()

    assert answer.status_code == 409
    assert "这份工作簿现在不能导入。" in words_of(answer)
    assert count(session, Enterprise) == 0


def test_a_page_seen_before_another_check_confirms_nothing(sign_in, official, session, run_jobs) -> None:
    browser = sign_in(official)
    send(browser, book(firms=[firm()]))
    run_jobs()
    batch = the_batch(session)

    answer = confirm(browser, batch, version=batch.version - 1)

    assert answer.status_code == 409
    assert the_batch(session).state is ImportState.CHECKED


def test_confirming_twice_writes_once(sign_in, official, session, run_jobs) -> None:
    browser = sign_in(official)
    send(browser, book(firms=[firm()], lines=[line()]))
    run_jobs()
    batch = the_batch(session)

    answers = [confirm(browser, batch).status_code for _time in range(2)]
    run_jobs()

    assert answers == [302, 409]
    assert (count(session, Enterprise), count(session, Capability)) == (1, 1)


def test_a_write_that_came_to_nothing_says_so_and_offers_itself_again(
    sign_in, official, session, run_jobs, monkeypatch
) -> None:
    browser = sign_in(official)
    send(browser, book(firms=[firm()]))
    run_jobs()

    def die(*args, **kwargs):
        raise OSError("the disk went away")

    with monkeypatch.context() as patched:
        patched.setattr(writing, "write", die)
        confirm(browser, the_batch(session))
        run_jobs()
    page = browser.get(f"/imports/{the_batch(session).public_id}")

    assert "上次写入没有完成，什么也没有写入。" in words_of(page)
    confirm(browser, the_batch(session))
    run_jobs()
    assert the_batch(session).state is ImportState.IN


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "文件是空的。请选择填好的 .xlsx 或 .csv 文件。"),
        (b"%PDF-1.7", "a.xlsx", "这是 PDF 文件，不是表格。请上传 .xlsx 或 .csv。"),
        (b"a,b", "a.txt", "不支持“.txt”文件。请上传 .xlsx 或 .csv。"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "文件加了密码，无法读取。请取消密码后再上传。"),
        (OLE, "a.xls", "这是旧版 Excel（.xls）文件。请打开后另存为 .xlsx 再上传。"),
    ],
    ids=["empty", "pdf", "text", "encrypted", "old"],
)
def test_a_file_that_is_no_workbook_is_refused_on_the_spot(sign_in, official, session, content, name, words) -> None:
    answer = send(sign_in(official), content, name)

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert count(session, ImportBatch) == 0


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xff\x81\x20\xff", "a.csv", "读不出文字编码。请把 .csv 另存为 UTF-8 或 GBK 编码后再上传。"),
        (
            book(firms=[firm()])[:-300],
            "a.xlsx",
            "文件已损坏或不完整，打不开。请用表格软件打开、另存为 .xlsx 后再上传。",
        ),
        (xlsx([["甲", "乙"], [1, 2]], name="表一"), "a.xlsx", "“表一”里没有找到模板的列名。"),
    ],
    ids=["encoding", "damaged", "other table"],
)
def test_a_file_that_cannot_be_understood_says_why_after_the_check(
    sign_in, official, session, run_jobs, content, name, words
) -> None:
    browser = sign_in(official)
    assert send(browser, content, name).status_code == 302
    run_jobs()

    page = browser.get(f"/imports/{the_batch(session).public_id}")

    assert page.status_code == 200
    assert words in words_of(page)
    assert "确认写入" not in page.text


def test_a_file_too_large_to_be_read_is_refused_on_the_spot(app) -> None:
    with app.test_request_context("/imports/new", method="POST"):
        form = UploadForm(MultiDict({"workbook": FileStorage(io.BytesIO(b" " * (LARGEST + 1)), "a.csv")}))

        assert not form.validate()
        assert form.workbook.errors == ["文件超过 20 MB。请分成几个文件上传，或删除图片后再试。"]


def test_no_file_at_all_is_asked_for(sign_in, official) -> None:
    answer = sign_in(official).post("/imports/new", data={})

    assert answer.status_code == 422
    assert "请选择要上传的文件。" in words_of(answer)


def test_a_request_beyond_the_limit_has_its_own_page(sign_in, official, app) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = send(sign_in(official), b"x" * 2000, "a.csv")

    assert answer.status_code == 413
    assert "超过了上传上限，文件没有保存。" in words_of(answer)


def test_the_template_offers_places_and_segments(sign_in, official) -> None:
    answer = sign_in(official).get("/imports/template.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["填写说明", "企业", "供给能力", "需求", "选项"]
    offered = {cell.value for row in book["选项"].iter_rows() for cell in row}
    assert {"襄阳市樊城区", "境外"} <= offered
    answer.close()


def test_the_history_shows_an_office_its_own_workbooks_only(sign_in, make, session, run_jobs) -> None:
    sender, neighbour = make.user(Role.OFFICIAL), make.user(Role.OFFICIAL)
    send(sign_in(sender), book(firms=[firm()]), "我局名单.xlsx")
    send(sign_in(neighbour), book(firms=[firm()]), "邻局名单.xlsx")
    run_jobs()

    shown = words_of(sign_in(sender).get("/imports"))

    assert "我局名单.xlsx" in shown
    assert "新增 1，更新 0，不变 0" in shown
    assert "邻局名单.xlsx" not in shown


def test_a_strangers_workbook_looks_absent(sign_in, make, session, run_jobs) -> None:
    send(sign_in(make.user(Role.OFFICIAL)), book(firms=[firm(), firm(2, name="")]))
    run_jobs()
    batch, stranger = the_batch(session), sign_in(make.user(Role.OFFICIAL))

    assert stranger.get(f"/imports/{batch.public_id}").status_code == 404
    assert stranger.get(f"/imports/{batch.public_id}/annotated.xlsx").status_code == 404
    assert confirm(stranger, batch).status_code == 404


def test_auditors_send_nothing_and_visitors_sign_in_first(sign_in, make, client) -> None:
    assert sign_in(make.user(Role.AUDITOR)).get("/imports").status_code == 403
    assert client.get("/imports").location == "/sign-in?next=/imports"


def test_an_enterprise_is_told_what_it_may_send(sign_in, make, session, run_jobs) -> None:
    enterprise = make.enterprise(credit_code=code(1), identity=Identity.CREDIT_CODE)
    browser = sign_in(make.user(enterprise=enterprise))
    assert "由主管部门使用。贵公司的信息请在“企业”页修改。" in words_of(browser.get("/imports/new"))

    send(browser, book(lines=[line(1)]))
    run_jobs()
    confirm(browser, the_batch(session))
    run_jobs()

    assert the_batch(session).state is ImportState.IN
    assert [row.enterprise_id for row in session.scalars(select(Capability))] == [enterprise.id]


def test_hostile_names_and_words_are_shown_as_text(sign_in, official, session, run_jobs) -> None:
    browser = sign_in(official)
    send(browser, book(firms=[firm(region_code="<script>alert(1)</script>")]), "<b>名单.xlsx")
    run_jobs()

    page = browser.get(f"/imports/{the_batch(session).public_id}")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<b>名单" not in page.text


def test_the_preview_names_the_firms_a_new_row_may_be_and_lets_it_in(
    sign_in, official, make, session, run_jobs
) -> None:
    known = make.enterprise("襄阳恒昌模具有限公司")
    browser = sign_in(official)
    sent = send(browser, book(firms=[firm(1, name="襄陽恆昌模具有限責任公司"), firm(2, name="宜昌翊渊电气有限公司")]))

    run_jobs()
    words = words_of(browser.get(sent.location))

    assert "可能重复" in words
    assert "襄陽恆昌模具有限責任公司 企业 第 2 行 襄阳恒昌模具有限公司" in words
    assert known.credit_code in words
    assert "翊渊" not in words
    assert "检查通过，将写入 2 行。" in words
    confirm(browser, the_batch(session))
    run_jobs()
    assert "已写入 2 行。" in words_of(browser.get(sent.location))


def test_the_preview_says_to_which_segment_each_new_line_would_go(sign_in, official, make, run_jobs) -> None:
    lines = [
        line(product="汽车保险杠注塑模具"),
        line(product="法律咨询服务"),
        line(product="凸轮轴", segment_code="auto.cast"),
    ]
    browser = sign_in(official)
    sent = send(browser, book(firms=[firm(products="压铸模具")], lines=lines, needs=[need()]))
    run_jobs()

    page = browser.get(sent.location)

    table = re.search(r'aria-label="每条新增内容的环节".*?</table>', page.text, re.DOTALL)[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr>")[2:]]
    told = [tuple(re.sub("<[^>]+>", "", cell) for cell in row[:4]) for row in rows]
    assert [(where, text) for where, text, *_ in told] == [
        ("企业·主要产品", "压铸模具"),
        ("供给能力 第 2 行", "汽车保险杠注塑模具"),
        ("供给能力 第 3 行", "法律咨询服务"),
        ("供给能力 第 4 行", "凸轮轴"),
        ("需求 第 2 行", "电池托盘压铸件"),
    ]
    assert told[2][2:] == ("无合适环节", "—")
    assert told[3][2:] == (make.segment("auto.cast").name, "写明")
    assert told[1][2].startswith("未填，可能是")
    assert re.fullmatch(r"\d{2,3}\.\d%", told[0][3])


def test_a_long_preview_is_read_in_pages_and_is_gone_once_the_lines_are_in(
    sign_in, official, session, run_jobs
) -> None:
    browser = sign_in(official)
    lines = [line(product="压铸模具", spec=f"{number} 吨") for number in range(1, 46)]
    sent = send(browser, book(firms=[firm()], lines=lines))
    run_jobs()

    assert "第 1—20，共 45 条" in words_of(browser.get(sent.location))
    assert "第 41—45，共 45 条" in words_of(browser.get(f"{sent.location}?page=99"))
    confirm(browser, the_batch(session))
    run_jobs()
    assert "每条归到哪个环节" not in browser.get(sent.location).text
