"""An export proves itself, and whatever is altered in one is found and named."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matchmaker.accounts.models import Role
from matchmaker.accounts.services import record
from matchmaker.audit import GENESIS, seal
from matchmaker.cli import matchmaker
from matchmaker.db import shanghai_day, utcnow
from matchmaker.deals import services as deals
from matchmaker.deals.models import Deal
from matchmaker.enterprises.services.merging import merge_duplicate
from matchmaker.operations.verifying import layout
from matchmaker.operations.verifying.faults import Altered, Unreadable
from matchmaker.operations.verifying.proving import prove
from matchmaker.settings import ROOT
from tests.operations.exports import (
    PERSON,
    PHONE,
    edited,
    exported,
    publish,
    put_together,
    resealed,
    rows_of,
    taken_apart,
    with_fitting_manifest,
    with_rows,
    write_ledger,
)


@pytest.fixture
def published(session, make, tmp_path):
    write_ledger(session, make)
    return publish(session, make, tmp_path / "data")


@pytest.fixture
def members(session, make, published, tmp_path):
    return taken_apart(exported(session, make, tmp_path / "data"))


@pytest.fixture
def found(tmp_path):
    """What is found altered in some members whose manifest was made to fit."""

    def find(members) -> str:
        path = put_together(with_fitting_manifest(members), tmp_path / "altered.zip")
        with pytest.raises(Altered) as altered:
            prove(path)
        return str(altered.value)

    return find


@pytest.fixture
def verify(tmp_path):
    """The command over a file."""
    return lambda *words: CliRunner().invoke(matchmaker, ["verify", *map(str, words)])


def test_an_untouched_export_proves_its_total(members, tmp_path, published) -> None:
    proof = prove(put_together(members, tmp_path / "export.zip"))

    assert (proof.net, proof.deals, proof.ledger.count, proof.issued_files) == (28_000_000, 3, 9, 3)
    assert [(each.digest, each.is_exact, each.deals) for each in proof.months] == [(published.digest, True, 3)]
    assert proof.ledger.seal == rows_of(members, layout.LEDGER)[-1]["seal"]


def test_the_same_state_gives_the_same_bytes(session, make, published, tmp_path) -> None:
    first, second = (exported(session, make, tmp_path / "data") for _ in range(2))

    assert first == second


def test_an_export_holds_no_names_of_people_and_none_of_what_they_wrote(members) -> None:
    words = (PERSON.encode(), PHONE.encode())

    assert [name for name, content in members.items() for word in words if word in content] == []
    assert "person-1" in members[layout.FACTS].decode()


def test_the_exported_facts_recount_to_the_exported_result(members, tmp_path) -> None:
    file = tmp_path / "FACTS.json"
    file.write_bytes(members[layout.FACTS])
    as_of = json.loads(members[layout.MANIFEST])["as_of"]

    counted = CliRunner().invoke(matchmaker, ["count", str(file), "--as-of", as_of, "--json"])

    assert counted.stdout.strip() == members[layout.RESULT].decode().strip()


def test_an_edited_amount_is_named_with_what_it_should_be(members, found) -> None:
    altered = edited(members, layout.LEDGER, 1, lambda row: row["content"].update(amount=300_000_000))

    number = rows_of(members, layout.DEALS)[0]["number"]
    assert found(altered) == (
        f"ledger.jsonl line 1: deal {number} entry 1: amount is 300000000 here, 30000000 in FACTS.json deals[0]"
    )


def test_an_amount_edited_in_ledger_and_facts_alike_does_not_fit_its_seal(members, found) -> None:
    altered = edited(members, layout.LEDGER, 1, lambda row: row["content"].update(amount=300_000_000))
    altered[layout.FACTS] = altered[layout.FACTS].replace(b'"amount": 30000000', b'"amount": 300000000')

    assert found(altered).startswith("ledger.jsonl line 1: deal ")
    assert found(altered).endswith("its seal does not fit: it was edited, or rows before it were removed or moved")


def test_a_removed_entry_is_named_by_its_number(members, found) -> None:
    rows = rows_of(members, layout.LEDGER)
    first = rows[0]["content"]["deal"]
    places = [place for place, row in enumerate(rows) if row["content"]["deal"] == first]
    del rows[places[1]]

    said = found(with_rows(members, layout.LEDGER, rows))

    assert said.startswith(f"ledger.jsonl line {places[1] + 1}: ")


def test_entries_in_another_order_are_named(members, found) -> None:
    rows = rows_of(members, layout.LEDGER)
    rows[0], rows[1] = rows[1], rows[0]

    number = rows_of(members, layout.DEALS)[0]["number"]
    assert found(with_rows(members, layout.LEDGER, rows)) == (
        f"ledger.jsonl line 1: deal {number} entry 2: entry 1 of this deal is missing before it"
    )


def test_an_entry_added_under_a_seal_of_its_own_stands_after_the_head(members, found) -> None:
    rows = rows_of(members, layout.LEDGER)
    more = json.loads(json.dumps(rows[-1]))
    more["content"]["number"] += 1
    rows.append({**more, "seal": seal(rows[-1]["seal"], more["content"])})

    said = found(with_rows(members, layout.LEDGER, rows))

    assert said.startswith("ledger.jsonl line 10: deal ")
    assert said.endswith("it stands after the head, which counts 9 rows")


def test_entries_cut_off_at_the_end_are_missed(members, found) -> None:
    rows = rows_of(members, layout.LEDGER)[:-1]

    assert found(with_rows(members, layout.LEDGER, rows)) == (
        "ledger.jsonl line 8: rows are missing at the end: the head counts 9, there are 8"
    )


def test_a_ledger_sealed_anew_throughout_no_longer_bears_the_published_seal(members, found) -> None:
    """Whoever owns every key can write another history, but not one that leads to what was published."""
    rows = rows_of(members, layout.LEDGER)
    rows[0]["content"]["note"] = "another"
    forged = with_rows(members, layout.LEDGER, resealed(rows))
    heads = json.loads(members[layout.HEADS])
    heads["deal_entry"]["seal"] = rows[-1]["seal"]

    said = found(forged | {layout.HEADS: layout.row(heads)})

    assert said.startswith("snapshots.jsonl line 1: ")
    assert said.endswith("ledger.jsonl does not bear its seal after 9 rows")


def test_an_edited_audit_entry_is_named(members, found) -> None:
    altered = edited(members, layout.AUDIT, 3, lambda row: row["content"].update(action="something else"))

    key = rows_of(members, layout.AUDIT)[2]["id"]
    assert found(altered).startswith(f"audit.jsonl line 3: audit entry {key}: its seal does not fit")


def test_a_deleted_audit_entry_is_missed_at_the_one_after_it(members, found) -> None:
    rows = rows_of(members, layout.AUDIT)
    after = rows[3]["id"]
    del rows[2]

    assert found(with_rows(members, layout.AUDIT, rows)).startswith(f"audit.jsonl line 3: audit entry {after}: ")


def test_a_changed_snapshot_is_named_by_its_month(members, found, published) -> None:
    name = layout.snapshot_member(published.month)
    altered = members | {name: members[name].replace(b"28000000", b"82000000")}

    assert found(altered) == (
        f"{name}: {published.month}: its digest is not {published.digest[:12]}…, under which it was published"
    )


def test_a_snapshot_sealed_with_another_digest_does_not_fit_its_seal(members, found, published) -> None:
    altered = edited(members, layout.SNAPSHOTS, 1, lambda row: row["content"].update(digest="f" * 64))

    assert found(altered) == (
        f"snapshots.jsonl line 1: {published.month}: its seal does not fit: "
        "it was edited, or rows before it were removed or moved"
    )


def test_what_was_published_is_told_beside_what_its_deals_are_today(session, make, published, tmp_path) -> None:
    """A duplicate found later moves a published month; the proof holds and says how many deals it moved."""
    counted, gone = (session.scalars(select(Deal).order_by(Deal.id).limit(2))).all()
    counted.duplicate_of = gone
    make.deal(confirmed=True, amount=9_000_000)
    session.commit()

    proof = prove(put_together(taken_apart(exported(session, make, tmp_path / "data")), tmp_path / "export.zip"))

    (month,) = proof.months
    assert (month.digest, month.is_exact, month.deals) == (published.digest, False, 3)
    assert month.unlike == [counted.public_id]


def test_a_deal_merged_into_another_is_proved_by_its_entry(session, make, tmp_path, found) -> None:
    make.programme(shanghai_day(utcnow()).year)
    one, two = make.deal(confirmed=True), make.deal(confirmed=True)
    again = make.deal(buyer=one.buyer, seller=one.seller, confirmed=True, amount=31_000_000)
    deals.merge_deal(session, deal=again, into=one, actor=make.user(Role.OFFICIAL), reason="同一笔")
    session.commit()
    members = taken_apart(exported(session, make, tmp_path / "data"))

    assert prove(put_together(members, tmp_path / "export.zip")).net == 60_000_000
    freed = edited(members, layout.DEALS, 3, lambda row: row.update(duplicate_of=two.public_id))
    assert found(freed) == (
        f"deals.jsonl line 3: deal {again.number}: duplicate_of is {two.public_id} here, {one.public_id} in the ledger"
    )


def test_a_firm_registered_twice_is_exported_under_the_code_it_counts_under(session, make, tmp_path) -> None:
    make.programme(shanghai_day(utcnow()).year)
    duplicate, survivor = make.enterprise(), make.enterprise()
    make.deal(buyer=duplicate, confirmed=True)
    merge_duplicate(session, duplicate=duplicate, survivor=survivor, actor=make.user(Role.OFFICIAL))
    session.commit()
    members = taken_apart(exported(session, make, tmp_path / "data"))

    assert prove(put_together(members, tmp_path / "export.zip")).net == 30_000_000
    assert rows_of(members, layout.DEALS)[0]["buyer"] == survivor.credit_code


def test_a_changed_issued_file_is_named(members, found, published) -> None:
    name = layout.issued_member(published.month, f"{published.month}.csv")

    said = found(members | {name: members[name].replace(b"28000000", b"82000000")})

    assert said.startswith(f"{name}: {published.month}: it is not the file issued under ")


def test_a_changed_result_is_named_by_its_value(members, found) -> None:
    altered = members | {layout.RESULT: members[layout.RESULT].replace(b'"net": 28000000', b'"net": 28000001', 1)}

    assert found(altered) == "result.json: net is 28000001, recounted 28000000"


def test_changed_facts_are_named_by_the_deal_they_misstate(members, found) -> None:
    number = rows_of(members, layout.DEALS)[2]["number"]
    altered = members | {layout.FACTS: members[layout.FACTS].replace(b'"amount": 7000000', b'"amount": 9000000')}

    said = found(altered)

    assert said == f"ledger.jsonl line 6: deal {number} entry 1: amount is 7000000 here, 9000000 in FACTS.json deals[2]"


def test_a_deal_left_out_of_the_facts_is_missed(members, found) -> None:
    facts = json.loads(members[layout.FACTS])
    del facts["deals"][2]
    number, year = rows_of(members, layout.DEALS)[2]["number"], json.loads(members[layout.MANIFEST])["programme"]

    assert found(members | {layout.FACTS: json.dumps(facts).encode()}) == (
        f"FACTS.json: deal {number}: the deal belongs to {year} and is missing"
    )


def test_terms_of_a_deal_that_were_not_sealed_so_are_named(members, found) -> None:
    altered = edited(members, layout.DEALS, 1, lambda row: row.update(months=6))

    assert found(altered).endswith("months is 9 here, 6 in deals.jsonl")


def test_what_a_renewal_renews_is_sealed_with_its_terms(session, make, tmp_path, found) -> None:
    make.programme(shanghai_day(utcnow()).year)
    make.deal(confirmed=True, is_renewal=True, former_amount=10_000_000)
    session.commit()
    members = taken_apart(exported(session, make, tmp_path / "data"))

    assert prove(put_together(members, tmp_path / "export.zip")).net == 30_000_000
    assert b"former" not in members[layout.FACTS] + members[layout.RESULT]
    altered = edited(members, layout.DEALS, 1, lambda row: row.update(former_amount=0))
    assert found(altered).endswith("former_amount is 10000000 here, 0 in deals.jsonl")


def test_an_export_from_before_renewals_told_what_they_renew_still_proves_its_total(members, tmp_path) -> None:
    rows = rows_of(members, layout.DEALS)
    assert [row.pop("former_amount") for row in rows] == [None] * 3
    older = with_fitting_manifest(with_rows(members, layout.DEALS, rows))

    assert prove(put_together(older, tmp_path / "older.zip")).net == 28_000_000


def test_a_former_amount_added_to_a_renewal_that_told_none_is_named(members, found) -> None:
    altered = edited(members, layout.DEALS, 1, lambda row: row.update(former_amount=1))

    assert found(altered).endswith("former_amount is None here, 1 in deals.jsonl")


def test_a_manifest_changed_alone_is_named(members, tmp_path) -> None:
    altered = members | {layout.MANIFEST: members[layout.MANIFEST].replace(b'"size":', b'"size": ', 1)}

    with pytest.raises(Altered, match=r"^manifest\.json: it was changed: its own digest does not fit$"):
        prove(put_together(altered, tmp_path / "altered.zip"))


def test_a_readme_that_was_changed_does_not_fit_the_manifest(members, tmp_path) -> None:
    altered = members | {layout.README: "一切正常".encode()}

    with pytest.raises(Altered, match=r"^README\.txt: its SHA-256 is "):
        prove(put_together(altered, tmp_path / "altered.zip"))


def test_a_seal_noted_earlier_is_looked_for(members, tmp_path) -> None:
    path = put_together(members, tmp_path / "export.zip")

    prove(path, through=rows_of(members, layout.LEDGER)[4]["seal"])
    with pytest.raises(Altered, match=r"^ledger\.jsonl: no row bears the seal f{64}$"):
        prove(path, through="f" * 64)


def test_one_flipped_byte_of_any_member_never_passes(members, tmp_path) -> None:
    path = tmp_path / "flipped.zip"

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(name=st.sampled_from(sorted(members)), place=st.integers(0, 10**9), mask=st.integers(1, 255))
    def flip(name: str, place: int, mask: int) -> None:
        content = bytearray(members[name])
        content[place % len(content)] ^= mask
        with pytest.raises((Altered, Unreadable)):
            prove(put_together(members | {name: bytes(content)}, path))

    flip()


def test_an_audit_entry_changed_among_ten_thousand_is_named_within_five_seconds(session, make, tmp_path) -> None:
    office = make.office()
    make.programme()
    for number in range(100):
        record(session, actor=None, action=f"step {number}", subject=office)
    session.commit()
    members = taken_apart(exported(session, make, tmp_path / "data", as_of=make.moment("2026-06-01T00:00").date()))
    first = rows_of(members, layout.AUDIT)[0]
    rows = resealed([{**first, "id": str(number), "content": {**first["content"]}} for number in range(1, 10_001)])
    heads = json.loads(members[layout.HEADS]) | {"audit_entry": {"count": 10_000, "seal": rows[-1]["seal"]}}
    whole = with_fitting_manifest(with_rows(members, layout.AUDIT, rows) | {layout.HEADS: layout.row(heads)})
    prove(put_together(whole, tmp_path / "whole.zip"))
    altered = edited(whole, layout.AUDIT, 9_000, lambda row: row["content"].update(action="look"))
    path = put_together(altered, tmp_path / "altered.zip")

    begun = time.process_time()
    with pytest.raises(Altered, match=r"^audit\.jsonl line 9000: audit entry 9000: "):
        prove(path)

    assert time.process_time() - begun < 5


def test_an_empty_installation_exports_an_empty_proof(session, make, tmp_path) -> None:
    programme = make.programme()
    session.commit()

    proof = prove(put_together(taken_apart(exported(session, make, tmp_path)), tmp_path / "export.zip"))

    assert (proof.programme, proof.net, proof.ledger.seal) == (programme.year, 0, GENESIS)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda members: members | {"../../etc/passwd": b"x"}, "has no place in an export"),
        (lambda members: members | {"issued/2026-05/..": b"x"}, "has no place in an export"),
        (
            lambda members: {name: text for name, text in members.items() if name != layout.HEADS},
            "heads.json is missing",
        ),
        (lambda members: members | {layout.FACTS: b"0" * (2 << 20)}, "unpacks to a suspicious size"),
        (lambda members: members | {layout.RESULT: b"{"}, "result.json: "),
        (lambda members: members | {layout.FACTS: b"[" * 100_000}, "FACTS.json line 1: "),
        (lambda members: members | {layout.LEDGER: b"{}\n"}, "ledger.jsonl line 1: "),
        (lambda members: members | {layout.MANIFEST: b"[]"}, "manifest.json: "),
    ],
)
def test_what_is_no_export_is_refused_in_one_line(members, tmp_path, verify, spoil, why) -> None:
    answer = verify(put_together(spoil(members), tmp_path / "spoilt.zip"))

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert why in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_member_given_twice_a_torn_zip_and_no_zip_are_refused(members, tmp_path, verify) -> None:
    path = put_together(members, tmp_path / "twice.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(layout.HEADS, b"{}")
    torn, none = tmp_path / "torn.zip", tmp_path / "none.zip"
    torn.write_bytes(path.read_bytes()[:-200])
    none.write_bytes(b"PK\x03\x04 not really")

    answers = [verify(each) for each in (path, torn, none, tmp_path / "absent.zip")]

    assert [answer.exit_code for answer in answers] == [2, 2, 2, 2]
    assert "heads.json is in it twice" in answers[0].stderr
    assert [answer.stderr.count("\n") for answer in answers] == [1, 1, 1, 1]


def test_the_command_says_what_it_proved_and_what_was_altered(members, tmp_path, verify) -> None:
    whole = put_together(members, tmp_path / "export.zip")
    rows = edited(members, layout.LEDGER, 2, lambda row: row["content"].update(party="buyer"))
    altered = put_together(rows, tmp_path / "altered.zip")

    good, told = verify(whole), json.loads(verify(whole, "--json").stdout)
    bad, fault = verify(altered), json.loads(verify(altered, "--json").stdout)

    assert good.exit_code == 0
    assert "net 0.28 亿元" in good.stdout
    assert (told["holds"], told["net"], told["ledger"]["count"]) == (True, 28_000_000, 9)
    assert (bad.exit_code, bad.stdout, bad.stderr.count("\n")) == (1, "", 1)
    assert "ledger.jsonl line 2: deal " in bad.stderr
    assert (fault["holds"], fault["member"], fault["line"]) == (False, "ledger.jsonl", 2)


def test_a_proof_needs_no_settings_no_server_and_no_database(members, tmp_path) -> None:
    path = put_together(members, tmp_path / "export.zip")
    program = (
        "import sys\n"
        "from matchmaker.cli import matchmaker\n"
        "try:\n"
        f"    matchmaker(['verify', {str(path)!r}])\n"
        "except SystemExit as ended:\n"
        "    print(ended.code, sorted({'flask', 'sqlalchemy', 'pydantic_settings'} & set(sys.modules)))\n"
    )
    clean = {"PATH": "/usr/bin", "PYTHONPATH": str(ROOT)}

    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=clean, cwd=tmp_path
    )

    assert answer.stdout.splitlines()[-1] == "0 []"
