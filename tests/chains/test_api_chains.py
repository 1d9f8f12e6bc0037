"""The words all other parts speak in: regions, chains, segments."""

from __future__ import annotations


def test_the_seventeen_prefectures_lie_in_the_province(as_program, make) -> None:
    items = as_program(make.user()).get("/api/v1/regions?level=prefecture").json["items"]

    assert len(items) == 17
    assert {item["parent"] for item in items} == {"420000"}
    assert {
        "code": "420600",
        "name": "襄阳市",
        "name_en": "Xiangyang",
        "level": "prefecture",
        "parent": "420000",
    } in items


def test_every_chain_comes_with_its_segments(as_program, make) -> None:
    program = as_program(make.user())

    listed = program.get("/api/v1/chains").json["items"]

    assert len(listed) == 19
    auto = next(chain for chain in listed if chain["code"] == "auto")
    assert "auto.cast" in [segment["code"] for segment in auto["segments"]]


def test_a_chain_shows_what_flows_in_and_out(as_program, make) -> None:
    answer = as_program(make.user()).get("/api/v1/chains/auto").json

    own = {segment["code"] for segment in answer["segments"]}
    assert answer["flows"]
    assert all(own & {flow["supplier"], flow["buyer"]} for flow in answer["flows"])


def test_a_chain_that_does_not_exist_is_absent(as_program, make) -> None:
    program = as_program(make.user())

    assert program.get("/api/v1/chains/nothing").status_code == 404
    assert program.get("/api/v1/chains/%00").status_code == 404


def test_visitors_read_none_of_it(client) -> None:
    assert client.get("/api/v1/chains").status_code == 401
