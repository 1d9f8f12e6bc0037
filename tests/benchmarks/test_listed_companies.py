from __future__ import annotations

import gzip
import json

from benchmarks.listed_companies import Company, main, place_of, places, read_companies
from matchmaker.documents.reading import read_workbook
from matchmaker.imports.checking import check
from matchmaker.imports.lookups import Reference, lookup, region_entries
from matchmaker.reference import regions

COINED = [
    {
        "id": "000001",
        "name": "某电池",
        "fullname": "武汉某某电池股份有限公司",
        "products": [["30mm电芯", 0.6], ["30毫米电芯", 0.2]],
    },
    {"id": "000002", "name": "某银行", "fullname": "某某银行股份有限公司", "products": []},
]


def place(name: str) -> str:
    return place_of(Company("1", "某某", name, ()), places())


def test_the_converted_workbook_passes_the_check(tmp_path, monkeypatch, capsys):
    source, target = tmp_path / "companies.json.gz", tmp_path / "out.xlsx"
    source.write_bytes(gzip.compress(json.dumps(COINED).encode()))
    monkeypatch.setattr("sys.argv", ["listed_companies", str(source), str(target)])

    main()

    places = lookup(region_entries((row.code, row.name, row.short, row.parent) for row in regions()))
    checked = check(read_workbook(target, "out.xlsx"), Reference(places, lookup([]), lookup([]), allow_samples=True))
    assert capsys.readouterr().out == f"{target}: 2 enterprises, 1 capabilities\n"
    assert checked.faults == ()
    assert [(row.code, row.region_code, row.kind) for row in checked.enterprises] == [
        ("DEMO00000000000001", "420100", "enterprise"),
        ("DEMO00000000000002", "000000", "bank"),
    ]
    assert [(row.code, row.product) for row in checked.capabilities] == [("DEMO00000000000001", "30mm电芯")]


def test_a_name_tells_the_place_it_begins_with():
    assert place("襄阳某某轴承股份有限公司") == "420600"
    assert place("湖北某某化工股份有限公司") == "420000"
    assert place("中国石家庄某某股份有限公司") == "130000"
    assert place("内蒙古某某钢铁股份有限公司") == "150000"
    assert place("某某股份有限公司") == "000000"


def test_a_line_said_twice_stays_once_in_its_first_wording(tmp_path):
    path = tmp_path / "companies.json.gz"
    path.write_bytes(gzip.compress(json.dumps(COINED).encode()))

    assert read_companies(path)[0].products == ("30mm电芯",)
