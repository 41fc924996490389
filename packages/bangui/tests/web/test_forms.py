from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from bangui.web.errors import WebError
from bangui.web.forms import LARGEST_BODY, FormValues, form_of, read_form

FORM = "application/x-www-form-urlencoded"


def request_with(*parts: bytes, kind: str = FORM, stalls: bool = False, leaves: bool = False) -> Request:
    waiting = list(parts)

    async def receive() -> Message:
        if not waiting:
            if stalls:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting) or stalls or leaves}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)


async def test_reads_fields_also_those_that_come_more_than_once() -> None:
    form = await read_form(request_with(b"ids=192.0.2.1%0A192.0.2.2&jail=a&ja", b"il=%C3%A4&empty=&reason=+x+"), 5)
    assert form.text("ids") == "192.0.2.1\n192.0.2.2"
    assert form.texts("jail") == ("a", "ä")
    assert form.text("reason") == "x"
    assert form.raw("reason") == " x "
    assert (form.flag("jail"), form.flag("empty"), form.flag("missing")) == (True, False, False)
    assert (form.text("missing"), form.texts("missing")) == ("", ())


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data; boundary=x", "text/plain"])
async def test_only_plain_forms_are_read(kind: str) -> None:
    with pytest.raises(WebError) as refused:
        await read_form(request_with(b"a=b", kind=kind), 5)
    assert refused.value.problem.status == 415


async def test_no_more_is_read_than_a_form_can_be() -> None:
    with pytest.raises(WebError) as refused:
        await read_form(request_with(*[b"x" * 65536] * (LARGEST_BODY // 65536 + 1)), 5)
    assert refused.value.problem.status == 413


@pytest.mark.parametrize("body", [b"&".join([b"a=1"] * 11_001), b"a=\xff"])
async def test_what_no_browser_sends_is_refused(body: bytes) -> None:
    with pytest.raises(WebError) as refused:
        await read_form(request_with(body), 5)
    assert refused.value.problem.status == 415


@pytest.mark.parametrize("stalls", [True, False])
async def test_a_browser_that_stops_half_way_is_not_waited_for(stalls: bool) -> None:
    with pytest.raises(WebError) as refused:
        await read_form(request_with(b"a=", stalls=stalls, leaves=not stalls), 0.01)
    assert refused.value.problem.status == 408


async def test_bytes_that_are_no_text_become_harmless() -> None:
    assert (await read_form(request_with(b"a=%ff%00"), 5)).text("a") == "\ufffd\x00"


def test_a_route_that_is_not_of_a_form_has_none() -> None:
    request = Request({"type": "http", "headers": []})
    with pytest.raises(TypeError):
        form_of(request)
    request.state.form = FormValues([("a", "b")])
    assert form_of(request).text("a") == "b"
