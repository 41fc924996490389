"""Lines of the table of operations."""

from __future__ import annotations

from bangui.domain.accounts import Scope
from bangui.web.api.me import Me
from bangui.web.api.operations import Call, Nothing, Operation


async def answer(call: Call[Nothing, Nothing]) -> Nothing:
    return call.body


async def take(call: Call[Nothing, Me]) -> Nothing:
    return call.asked


def test_what_reads_changes_nothing_and_what_takes_nothing_has_no_body() -> None:
    asking = Operation("get", "GET", "/x", "X", "Ask", Scope.READ, answer)
    assert (asking.changes, asking.has_body) == (False, False)
    assert (asking.asks, asking.takes, asking.gives) == (Nothing, Nothing, Nothing)
    assert Operation("end", "DELETE", "/x", "X", "End", Scope.READ, answer).changes
    assert Operation("put", "PUT", "/x", "X", "Put", Scope.READ, take).has_body
