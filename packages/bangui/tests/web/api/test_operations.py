"""Lines of the table of operations."""

from __future__ import annotations

from dataclasses import replace

from bangui.domain.accounts import Scope
from bangui.web.api.me import Me
from bangui.web.api.operations import Call, Nothing, Operation


async def answer(call: Call[Nothing, Nothing]) -> Nothing:
    return call.body


async def take(call: Call[Nothing, Me]) -> Nothing:
    return call.asked


def test_what_reads_changes_nothing_and_what_takes_nothing_has_no_body() -> None:
    asking = Operation("get", "GET", "/x", "X", "Ask", Scope.READ, Nothing, Nothing, Nothing, answer)
    assert (asking.changes, asking.has_body) == (False, False)
    assert replace(asking, method="DELETE").changes
    assert Operation("put", "PUT", "/x", "X", "Put", Scope.READ, Nothing, Me, Nothing, take).has_body
