from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope, Send

from bangui.domain.phrases import phrase
from bangui.web.language import (
    ENGLISH,
    GERMAN,
    LANGUAGES,
    Languages,
    LazyTable,
    gettext,
    language_of,
    lazy,
    lazy_in,
    ngettext,
    npgettext,
    pgettext,
    said,
    speaking,
    spoken,
)
from packages.bangui.tests.web.bracketed import bare_words, put_brackets
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import app_over

PAGES = (
    "/",
    "/bans",
    "/bans?q=nobody",
    "/history",
    "/history?q=203.0.113.0/24&kind=ban&jail=sshd&country=DE&network=AS64500&origin=filter&since=30d&words=oracle",
    "/history?since=whenever&country=germany&network=x&sort=size",
    "/address",
    "/address?id=203.0.113.7",
    "/address?id=198.51.100.0/24",
    "/address?id=10.0.0.1",
    "/map?range=30d&country=DE",
    "/map?range=forever",
    "/nowhere",
)


def connection(*, cookie: str = "", accept: str = "") -> HTTPConnection:
    headers = [(b"cookie", f"bangui_language={cookie}".encode())] if cookie else []
    headers += [(b"accept-language", accept.encode())] if accept else []
    return HTTPConnection({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", ENGLISH),
        ("de", GERMAN),
        ("de-AT,de;q=0.9,en;q=0.8", GERMAN),
        ("en-GB,en;q=0.9,de;q=0.8", ENGLISH),
        ("en;q=0.3, DE;q=0.5", GERMAN),
        ("fr, it;q=0.9, de;q=0.1", GERMAN),
        ("fr", ENGLISH),
        ("*", ENGLISH),
        ("de;q=0", ENGLISH),
        ("de;q=nonsense", ENGLISH),
        ("de;q=nan, de;q=inf, de;q=-1, de;q=9", ENGLISH),
        (",;,=;q=,", ENGLISH),
        ("x," * 100_000 + "de", ENGLISH),
    ],
)
def test_a_browser_says_which_language_it_wants(accept: str, language: object) -> None:
    assert language_of(connection(accept=accept)) is language


def test_what_somebody_has_chosen_counts_before_what_the_browser_wants() -> None:
    assert language_of(connection(cookie="en", accept="de")) is ENGLISH
    assert language_of(connection(cookie="de", accept="en")) is GERMAN
    assert language_of(connection(cookie="../../etc/passwd", accept="de")) is GERMAN


def test_english_is_spoken_where_nobody_asks() -> None:
    assert spoken() is ENGLISH
    assert gettext("Overview") == "Overview"
    assert gettext("") == ""
    assert ngettext("one", "many", 2) == "many"
    assert pgettext("somewhere", "text") == "text"
    assert npgettext("somewhere", "one", "many", 1) == "one"


def test_a_language_is_spoken_for_as_long_as_a_block_lasts() -> None:
    with speaking(GERMAN):
        assert gettext("Overview") == "Übersicht"
        assert gettext("") == ""
        with speaking(ENGLISH):
            assert gettext("Overview") == "Overview"
        assert gettext("Overview") == "Übersicht"
    assert gettext("Overview") == "Overview"


def test_a_message_that_is_also_the_singular_of_another_is_translated() -> None:
    with speaking(GERMAN):
        assert gettext("Unban") == "Entsperren"
        assert ngettext("Unban", "Unban all %(count)s", 1) == "Entsperren"


def test_a_lazy_text_is_looked_up_when_it_is_shown() -> None:
    text, in_context = lazy("Overview"), lazy_in("event", "ban")
    table = LazyTable({"a": text})
    assert (str(text), table["a"], list(table), len(table)) == ("Overview", "Overview", ["a"], 1)
    with speaking(GERMAN):
        assert (str(text), table["a"], str(in_context)) == ("Übersicht", "Übersicht", "Sperre")


def test_a_phrase_of_the_domain_is_said_in_the_language_of_the_request() -> None:
    text = phrase("there is no jail named {jail!r}", jail="{x} %(y)s")
    assert said(text) == "there is no jail named '{x} %(y)s'"
    with speaking(GERMAN):
        assert said(text) == "es gibt kein Jail namens '{x} %(y)s'"
        assert said("plain") == "plain"
        assert said(lazy("Overview")) == "Übersicht"


def test_every_language_has_a_catalogue() -> None:
    for language in LANGUAGES:
        with speaking(language):
            assert gettext("Overview")


async def test_requests_at_the_same_time_are_answered_in_their_own_languages() -> None:
    told: dict[str, str] = {}
    both = asyncio.Barrier(2)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await both.wait()
        told[spoken().code] = await asyncio.to_thread(gettext, "Overview")

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError(message)

    layer = Languages(app)
    scopes = [{"type": "http", "path": "/", "headers": [(b"accept-language", code)]} for code in (b"de", b"en")]
    await asyncio.gather(*(layer(scope, receive, send) for scope in scopes))
    assert told == {"de": "Übersicht", "en": "Overview"}
    assert spoken() is ENGLISH


async def test_programs_are_answered_in_english() -> None:
    told = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told.append(spoken())

    async def nothing() -> Message:
        raise AssertionError

    async def nowhere(message: Message) -> None:
        raise AssertionError(message)

    headers = [(b"accept-language", b"de"), (b"cookie", b"bangui_language=de")]
    for path in ("/api/v1/bans", "/bans"):
        await Languages(app)({"type": "http", "path": path, "headers": headers}, nothing, nowhere)
    assert told == [ENGLISH, GERMAN]


async def test_what_is_no_request_passes() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def nothing() -> Message:
        raise AssertionError

    async def nowhere(message: Message) -> None:
        raise AssertionError(message)

    await Languages(app)({"type": "lifespan"}, nothing, nowhere)
    assert seen == ["lifespan"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_word_of_a_page_is_a_message(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_brackets(monkeypatch)
    with app_over(tmp_path) as app:
        answer = await ask(app, path)
    assert "⟦" in answer.text
    assert bare_words(answer.text) == []


def test_a_word_that_is_in_no_message_would_be_found() -> None:
    page = "<body><p title='⟦a⟧ bare'>⟦The ⟦2nd⟧ ban⟧ word <code>code</code><bdi>theirs</bdi></p></body>"
    assert bare_words(page) == ["bare", "word"]
