"""Bodies: bounded, and such that every program reads the same in them."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.types import Message

from bangui.web.api.bodies import DEEPEST, LARGEST_BODY, parse_json, read_json, read_nothing
from bangui.web.errors import WebError


def request_with(*parts: bytes, content_type: str = "application/json") -> Request:
    messages: list[Message] = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        return messages.pop(0)

    headers = [(b"content-type", content_type.encode("latin-1"))] if content_type else []
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


async def status_of(request: Request) -> int:
    with pytest.raises(WebError) as caught:
        await read_json(request, 5)
    return caught.value.problem.status


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=UTF-8"])
async def test_json_is_read(content_type: str) -> None:
    assert await read_json(request_with(b'{"a"', b": 1}", content_type=content_type), 5) == b'{"a": 1}'
    assert parse_json(b'{"a": [1, 2.5, "\xc3\xa4", null, true]}') == {"a": [1, 2.5, "ä", None, True]}


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json; charset=latin-1", "application/jsonx"])
async def test_another_type_is_refused(content_type: str) -> None:
    assert await status_of(request_with(b"{}", content_type=content_type)) == 415


async def test_a_body_that_is_too_large_is_refused_while_it_comes() -> None:
    assert await status_of(request_with(*[b" " * 65_536] * (LARGEST_BODY // 65_536 + 1))) == 413


async def test_where_nothing_is_wanted_nothing_may_come() -> None:
    assert await read_nothing(request_with(), 5) == b""
    with pytest.raises(WebError) as caught:
        await read_nothing(request_with(b"{}"), 5)
    assert caught.value.problem.status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"1" * 5_000 + b"}",
        b'{"a": 0.' + b"1" * 5_000 + b"}",
        b"{} {}",
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b"[" * LARGEST_BODY,
        b'{"a":' * 100_000,
        b'"' + b'\\"' * (LARGEST_BODY // 2),
        b'"' + b"\\" * 99_999,
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(body: bytes) -> None:
    with pytest.raises(WebError) as caught:
        parse_json(body)
    assert caught.value.problem.status == 400


def test_brackets_within_texts_are_no_levels() -> None:
    assert parse_json(b'["' + b"[" * 1_000 + b'\\"[[["]') == ["[" * 1_000 + '"[[[']


def test_a_name_that_comes_twice_is_found_quickly_among_many() -> None:
    names = b",".join(b'"%d":1' % number for number in range(60_000))
    with pytest.raises(WebError) as caught:
        parse_json(b"{" + names + b',"59999":2}')
    assert "'59999' is in it twice" in caught.value.problem.text
