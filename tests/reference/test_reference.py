from collections import Counter

from matchmaker import reference
from matchmaker.reference import files


def test_every_file_is_the_one_its_manifest_promises():
    assert {name: files.file_digest(name) for name in files.manifest()} == files.manifest()
    assert reference.REFERENCE_VERSION == "2"
    assert len(reference.digest()) == 64


def test_the_province_has_seventeen_prefectures_and_one_hundred_and_three_county_level_places():
    rows = reference.regions()

    assert Counter(row.level for row in rows) == {"province": 1, "prefecture": 17, "county": 99, "outside": 35}
    assert len({row.code for row in rows}) == 152
    childless = {row.code for row in rows if row.level == "prefecture"} - {row.parent for row in rows}
    assert childless == {"429004", "429005", "429006", "429021"}


def test_parents_come_before_their_children():
    seen: set[str] = set()
    for row in reference.regions():
        assert row.parent is None or row.parent in seen
        seen.add(row.code)


def test_unusual_place_names_are_read_as_their_people_read_them():
    pinyin = {row.short: row.pinyin for row in reference.regions()}

    expected = {
        "襄阳": "xiangyang",
        "监利": "jianli",
        "郧阳": "yunyang",
        "秭归": "zigui",
        "硚口": "qiaokou",
        "黄陂": "huangpi",
        "宜都": "yidu",
        "重庆": "chongqing",
    }
    assert {short: pinyin[short] for short in expected} == expected


def test_everywhere_outside_is_a_single_row_without_a_parent():
    outside = {row.code: row.name for row in reference.regions() if row.level == "outside"}

    assert outside[reference.ABROAD_CODE] == "境外"
    assert outside[reference.UNSPECIFIED_OUTSIDE_CODE] == "省外（未详）"
    assert {"110000", "440000", "710000", "810000", "820000"} < set(outside)
    assert "420000" not in outside


def test_circles_and_tiles_name_each_prefecture_once():
    prefectures = {row.code for row in reference.regions() if row.level == "prefecture"}

    assert Counter(m.region for circle in reference.circles() for m in circle.members) == Counter(prefectures)
    assert Counter(tile.region for tile in reference.tiles()) == Counter(prefectures)
    assert len({(tile.column, tile.row) for tile in reference.tiles()}) == 17
    unconfirmed = [m.region for circle in reference.circles() for m in circle.members if not m.is_confirmed]
    assert unconfirmed == ["422800"]


def test_industries_form_one_tree():
    rows = reference.industries()
    codes = {row.code for row in rows}

    assert Counter(row.level for row in rows) == {"门类": 20, "大类": 97, "中类": 473, "小类": 1381}
    assert {row.parent for row in rows} - {None} <= codes
    assert len(codes) == 1971


def test_segments_belong_to_their_chain_and_name_real_industries():
    codes = {row.code for row in reference.industries()}
    segments = reference.segments()

    assert len(reference.chains()) == 19
    assert len(segments) == 397
    assert all(code == row.code and code.startswith(f"{row.chain}.") for code, row in segments.items())
    assert {industry for row in segments.values() for industry in row.industries} <= codes
    assert sum(len(row.products) for row in segments.values()) == 1478


def test_links_join_two_known_segments():
    links = reference.links()

    assert (len(links), sum(link.is_crossing for link in links)) == (752, 74)
    assert {code for link in links for code in (link.supplier, link.buyer)} <= set(reference.segments())
    assert all(link.supplier != link.buyer for link in links)


def test_a_segments_terms_hold_its_name_products_and_synonyms():
    mould = reference.segments()["auto.mould"]

    assert mould.name in mould.terms
    assert {"压铸模具", "覆盖件模具"} <= set(mould.terms)


def test_no_chain_names_an_anchor_firm():
    assert "anchors" not in files.read_json("chains.json")["chains"][0]
