from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.types import ASGIApp

from bangui.web import WebSettings
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import app_over
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import HOSTILE_IDS, ScriptedLive, few_bans


@pytest.fixture
def app(tmp_path: Path) -> Iterator[ASGIApp]:
    with app_over(tmp_path) as app:
        yield app


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("203.0.113.45", "/address?id=203.0.113.45"),
        ("2001:DB8::1", "/address?id=2001:db8::1"),
        ("198.51.100.0/24", "/address?id=198.51.100.0/24"),
        ("sshd", "/jail?name=sshd"),
        ("AS64500", "/history?network=AS64500"),
        ("germany", "/history?country=DE"),
    ],
)
async def test_what_means_one_thing_leads_there_at_once(app: ASGIApp, text: str, path: str) -> None:
    answer = await ask(app, f"/search?q={text}")
    assert (answer.status_code, answer.headers.get("location")) == (303, path)


async def test_what_could_mean_several_things_is_a_page_of_links(app: ASGIApp) -> None:
    page = (await ask(app, "/search?q=ev")).text
    assert "EVIL-NET" in page
    assert 'href="/history?network=AS64500"' in page
    assert 'href="/bans?q=ev"' in page
    assert 'href="/history?q=ev"' in page


async def test_nothing_found_says_so_and_leads_on(app: ASGIApp) -> None:
    page = (await ask(app, "/search?q=zzzzz")).text
    assert "Nothing that is known here is called so." in page
    assert 'href="/history?words=zzzzz"' in page


async def test_without_a_text_it_asks_for_one(app: ASGIApp) -> None:
    page = await ask(app, "/search")
    assert page.status_code == 200
    assert "Nothing that is known" not in page.text


@pytest.mark.parametrize("text", [id for id in HOSTILE_IDS if id.isprintable() and len(id) < 400])
async def test_hostile_text_is_shown_inert(app: ASGIApp, text: str) -> None:
    page = await ask(app, "/search", headers={}) if not text else await ask(app, "/search?" + _encoded(text))
    assert "<script>alert" not in page.text
    assert "onerror=alert(1)>" not in page.text


async def test_without_a_history_the_rest_is_found() -> None:
    app = open_app(ScriptedLive(few_bans()), WebSettings(version="1", base_path="/x"))
    answer = await ask(app, "/x/search?q=sshd")
    assert answer.headers["location"] == "/x/jail?name=sshd"


def _encoded(text: str) -> str:
    return urlencode({"q": text.encode("utf-8", "surrogatepass")})
