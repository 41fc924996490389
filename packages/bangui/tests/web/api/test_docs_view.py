"""The documentation as a page: what it says of each operation."""

from __future__ import annotations

import json

from bangui.domain.history import Origin
from bangui.web.api.docs_view import build_docs, kind_words
from bangui.web.api.problems import KINDS
from bangui.web.api.shapes import shape_of
from bangui.web.api.table import all_operations
from packages.bangui.tests.web.api.sites import a_site

VIEW = build_docs(all_operations(a_site()), base="/bangui")


def test_every_operation_and_every_problem_is_in_it() -> None:
    names = [operation.name for group in VIEW.groups for operation in group.operations]
    assert sorted(names) == sorted(operation.name for operation in all_operations(a_site()))
    assert [problem.code for problem in VIEW.problems] == list(KINDS)
    assert VIEW.base == "/bangui/api/v1"


def test_fields_within_fields_are_named_by_their_way() -> None:
    operations = {operation.name: operation for group in VIEW.groups for operation in group.operations}
    assert [field.name for field in operations["unbanMany"].body][:4] == ["bans", "bans[].jail", "bans[].id", "ids"]
    assert json.loads(operations["ban"].body_example)["jails"] == ["sshd"]
    assert operations["getBlocklist"].answer_example.startswith("198.51.100.23\n")
    assert (operations["pauseJail"].status, operations["pauseJail"].answer_example) == (204, "")


def test_values_are_told_in_words() -> None:
    assert kind_words(shape_of(tuple[str, ...] | None)) == "list of: text or null"
    assert kind_words(shape_of(Origin)) == "filter | hand | import | bangui"
    assert kind_words(shape_of(bool)) == "true or false"
