import pytest

from bangui.web import WebSettings
from bangui.web.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS
from packages.bangui.tests.web.client import ask, open_stream
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans, make_snapshot


@pytest.mark.parametrize("path", ["/", "/regions/overview", "/healthz", "/nothing", "/?range=broken", "/static/x/y.js"])
async def test_every_answer_carries_the_security_headers(path: str) -> None:
    answer = await ask(open_app(ScriptedLive(few_bans()), WebSettings(version="1")), path)
    for name, value in SECURITY_HEADERS:
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == "no-store"


async def test_a_stream_carries_them_too() -> None:
    async with open_stream(open_app(ScriptedLive(make_snapshot()), WebSettings(version="1"))) as stream:
        assert stream.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert stream.headers["cache-control"] == "no-store"


def test_nothing_inline_and_nothing_foreign_is_allowed() -> None:
    for word in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:", "data:", "blob:", "nonce"):
        assert word not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")
