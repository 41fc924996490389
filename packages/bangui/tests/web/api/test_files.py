"""Files that are sent as they are read."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from starlette.requests import Request

from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.web.api.files import send_file


def asked(method: str) -> Request:
    return Request({"type": "http", "method": method, "headers": []})


async def some_parts(fails: bool = False) -> AsyncGenerator[list[str], None]:
    if fails:
        raise StoreError("the disk is gone", trouble=StoreTrouble.AWAY)
    yield ["one\n"]
    yield ["two\n"]


async def test_a_file_says_what_it_is() -> None:
    parts = some_parts()
    answer = await send_file(asked("GET"), parts, "text/csv", 5)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "content-length" not in answer.headers
    await parts.aclose()


async def test_what_goes_wrong_at_once_is_no_file() -> None:
    with pytest.raises(StoreError):
        await send_file(asked("GET"), some_parts(fails=True), "text/csv", 5)


async def test_for_its_head_nothing_is_read() -> None:
    answer = await send_file(asked("HEAD"), some_parts(fails=True), "text/csv", 5)
    assert (answer.status_code, answer.body) == (200, b"")
