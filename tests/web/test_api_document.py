"""The API describes itself, wholly and truly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from matchmaker.accounts.models import Role
from matchmaker.web.api.describing import PREFIX, describe
from matchmaker.web.policies import policies_of

PAGES = {"portal.api_docs"}


@pytest.fixture
def document(app) -> dict[str, Any]:
    with app.test_request_context("/api/v1/openapi.json"):
        return describe(app)


def operations(document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            yield path, method, described


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (value for name, value in part.items() if name == "$ref")
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from references(each)


def test_every_address_of_the_api_is_described(app, document) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX)]
    expected = {(rule.endpoint, method) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}

    described = {(each["operationId"], method.upper()) for _path, method, each in operations(document)}

    assert {(endpoint, method) for endpoint, method in expected if endpoint not in PAGES} == described
    assert "<" not in "".join(document["paths"])


def test_every_reference_leads_somewhere(document) -> None:
    for reference in references(document):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


def test_every_operation_names_the_roles_its_policy_lets_in(app, document) -> None:
    policies = policies_of(app)

    assert {each["operationId"]: each["x-roles"] for _p, _m, each in operations(document)} == {
        each["operationId"]: policies[each["operationId"]].role_names for _p, _m, each in operations(document)
    }


def test_every_creating_post_and_every_verb_asks_for_a_key_and_every_change_for_a_version(document) -> None:
    for path, method, described in operations(document):
        headers = {each["name"] for each in described["parameters"] if each["in"] == "header" and each["required"]}
        expected = {"post": {"Idempotency-Key"}, "patch": {"If-Match"}}.get(method, set())
        assert headers == (set() if path == "/api/v1/auth/token" else expected), path


def test_what_stands_in_an_address_is_described_as_such(document) -> None:
    for path, _method, described in operations(document):
        named = {each["name"] for each in described["parameters"] if each["in"] == "path"}
        assert named == {part.strip("{}") for part in path.split("/") if part.startswith("{")}


def test_ids_inside_the_database_are_nobodys_business(document) -> None:
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            kinds = [described, *described.get("anyOf", ())]
            is_id = field == "id" or field.endswith("_id")
            assert not (is_id and any(kind.get("type") == "integer" for kind in kinds)), f"{name}.{field}"


def test_every_body_refuses_what_it_does_not_know(document) -> None:
    for path, _method, described in operations(document):
        content = described.get("requestBody", {}).get("content", {})
        for kind, each in content.items():
            if kind == "application/json":
                name = each["schema"]["$ref"].rpartition("/")[2]
                assert document["components"]["schemas"][name]["additionalProperties"] is False, path


def test_the_document_is_open_to_anyone_and_speaks_their_language(client) -> None:
    chinese = client.get("/api/v1/openapi.json", headers={"Accept-Language": "zh-CN"})

    assert chinese.status_code == 200
    assert chinese.json["openapi"] == "3.1.0"
    assert chinese.json["paths"]["/api/v1/deals"]["post"]["summary"] == "申报一笔意向"


def test_what_the_design_promises_is_there(document) -> None:
    deal = "/api/v1/deals/{deal_id}"
    verbs = ("confirm", "dispute", "resolve", "verify", "contract", "deliver", "amend", "withdraw", "merge", "unmerge")
    promised = {
        "/api/v1/auth/token",
        "/api/v1/enterprises",
        "/api/v1/capabilities",
        "/api/v1/needs",
        "/api/v1/needs/{need_id}/suggestions",
        "/api/v1/enterprises/{enterprise_id}/partners",
        "/api/v1/suggestions/{suggestion_id}/feedback",
        "/api/v1/events",
        "/api/v1/events/{event_id}/registrations",
        "/api/v1/events/{event_id}/check-ins",
        "/api/v1/events/{event_id}/meeting-requests",
        "/api/v1/events/{event_id}/timetable",
        "/api/v1/meeting-requests/{request_id}/accept",
        "/api/v1/meeting-requests/{request_id}/decline",
        "/api/v1/deals",
        *(f"{deal}/{verb}" for verb in verbs),
        "/api/v1/programmes",
        "/api/v1/progress",
        "/api/v1/progress/standings",
        "/api/v1/imports",
        "/api/v1/jobs/{job_id}",
    }

    assert promised - set(document["paths"]) == set()


def test_every_role_finds_itself_in_the_document(document) -> None:
    named = {role for _p, _m, each in operations(document) for role in each["x-roles"]}

    assert {role.value for role in Role} - named == set()
