"""The OpenAPI document is whole, and says of each operation everything that it may answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bangui.web.api.document import body_example, build_document, problems_of
from bangui.web.api.operations import Nothing, Operation
from bangui.web.api.problems import KINDS
from bangui.web.api.reading import read_body
from bangui.web.api.shapes import record_shape
from bangui.web.api.table import all_operations
from packages.bangui.tests.web.api.sites import a_site

OPERATIONS = all_operations(a_site())
DOCUMENT: dict[str, Any] = build_document(OPERATIONS, version="1.2.3", base="/bangui")


def every_reference(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(every_reference, value.values()))
    return set().union(*map(every_reference, value)) if isinstance(value, list) else set()


def test_it_says_where_and_which_version() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert DOCUMENT["info"]["version"] == "1.2.3"
    assert DOCUMENT["servers"] == [{"url": "/bangui/api/v1"}]


def test_every_operation_is_in_it_once() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(set(names)) == len(names)
    described = [(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods]
    assert sorted(described) == sorted((operation.method, operation.path) for operation in OPERATIONS)


def test_every_reference_leads_somewhere_and_nothing_lies_around() -> None:
    names = {reference.removeprefix("#/components/schemas/") for reference in every_reference(DOCUMENT)}
    assert names == set(DOCUMENT["components"]["schemas"])


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_an_operation_says_all_that_it_may_answer(operation: Operation) -> None:
    told = DOCUMENT["paths"][operation.path][operation.method.lower()]
    statuses = {str(KINDS[code].status) for code in problems_of(operation)}
    assert statuses | {str(operation.status)} <= set(told["responses"])
    assert {"401", "403", "422", "429"} <= statuses
    assert f"`{operation.needs.value}`" in told["description"]
    for answer in told["responses"].values():
        assert answer["description"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_parameters_of_a_path_are_those_that_are_described(operation: Operation) -> None:
    told = DOCUMENT["paths"][operation.path][operation.method.lower()]
    in_path = {one["name"] for one in told["parameters"] if one["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", operation.path))
    assert all(one["description"] for one in told["parameters"])


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_field_says_what_it_means(operation: Operation) -> None:
    for kind in (operation.asks, operation.takes):
        assert kind is Nothing or all(member.about.text for member in record_shape(kind).members)


def test_the_example_of_a_body_is_one_that_is_taken() -> None:
    for operation in OPERATIONS:
        if operation.has_body:
            read_body(operation.takes, body_example(operation))
