from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from starlette.types import ASGIApp

from bangui.domain.collection import CollectorState
from bangui.domain.history import BanNote, Origin
from bangui.domain.last_day import Record
from bangui.services.history_threads import HistoryThreads
from bangui.web import WebSettings
from packages.bangui.tests.filled_history import HOST, NOW, FilledHistory, ago, ban
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import app_over, lent
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import HOSTILE_IDS, ScriptedLive, few_bans


@pytest.fixture
def app(tmp_path: Path) -> Iterator[ASGIApp]:
    with app_over(tmp_path) as app:
        yield app


async def text_of(app: ASGIApp, path: str = "/history", status: int = 200) -> str:
    answer = await ask(app, path)
    assert answer.status_code == status
    return answer.text


def ids_of(page: str) -> list[str]:
    return re.findall(r'class="address".*?<bdi>(.*?)</bdi>', page)


def next_of(page: str) -> str:
    found = re.search(r'href="([^"]+)" rel="next"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


async def test_everything_is_there_newest_first_with_a_count(app: ASGIApp) -> None:
    page = await text_of(app)
    assert "26 events" in page
    assert page.count('class="entry"') == 5
    assert ids_of(page)[0] == "2001:db8::7"
    assert "EXAMPLE-SIX" in page
    assert "Netherlands" in page
    assert "10 min ago" in page


async def test_pages_lead_through_the_whole_list_once(app: ASGIApp) -> None:
    path, page, seen = "/history?kind=ban,failure&since=7d", "", 0
    for _ in range(10):
        page = await text_of(app, path)
        seen += page.count('class="entry"')
        if 'rel="next"' not in page:
            break
        path = next_of(page)
    assert f"{seen} events" in page
    assert "The end" in page
    assert 'href="/history?kind=ban,failure&amp;since=7d">First page' in page


@pytest.mark.parametrize("sort", ["time", "address", "jail", "country", "network"])
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_every_column_that_sorts_can_be_paged_through(app: ASGIApp, sort: str, order: str) -> None:
    page = await text_of(app, f"/history?sort={sort}&order={order}")
    assert f'aria-sort="{order}ending"' in page
    assert (await text_of(app, next_of(page))).count('class="entry"') == 5


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("q=203.0.113.7&kind=ban", ["203.0.113.7", "203.0.113.7"]),
        ("q=203.0.113.0/24&kind=ban&sort=address", ["203.0.113.0/24", "203.0.113.7", "203.0.113.7", "203.0.113.9"]),
        ("q=203.0.113.&kind=unban", ["203.0.113.7", "203.0.113.9"]),
        ("kind=ban&jail=recidive", ["203.0.113.0/24"]),
        ("country=nl&kind=restore", ["2001:db8::7"]),
        ("network=AS64496", ["198.51.100.20", "198.51.100.20"]),
        ("words=oracle+invalid&since=24h", ["203.0.113.7"]),
        ("since=2026-06-01T10:00Z&until=2026-06-01T11:30Z&kind=ban", ["203.0.113.7"]),
    ],
)
async def test_every_filter_leaves_the_others_out(app: ASGIApp, words: str, ids: list[str]) -> None:
    assert ids_of(await text_of(app, f"/history?{words}")) == ids


async def test_a_form_without_scripts_is_sent_on_to_the_tidy_address(app: ASGIApp) -> None:
    form = "/history?q=203.0.113.7&kind=ban&jail=&country=&since=24h&until=&network=&words=&origin=&range=7d"
    answer = await ask(app, form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/history?q=203.0.113.7&kind=ban&since=7d")
    assert (await ask(app, answer.headers["location"])).status_code == 200


async def test_fields_that_are_wrong_are_marked_and_keep_what_was_typed(app: ASGIApp) -> None:
    page = await text_of(app, "/history?q=203.0.113.300&jail=shsd&network=evil&since=soon", 422)
    for field, value in (("q", "203.0.113.300"), ("network", "evil"), ("since", "soon")):
        assert re.search(rf'id="{field}"[^>]* value="{value}"[^>]* aria-invalid="true"', page)
        assert f'id="{field}-wrong"' in page
    assert re.search('id="jail" name="jail" aria-invalid="true" aria-describedby="jail-wrong"', page)
    assert "Did you mean &#39;sshd&#39;?" in page
    assert '<details class="more" open>' in page
    assert "Nothing was searched for" in page


@pytest.mark.parametrize("query", ["after=nonsense", "after=nonsense&kind=ban", "after=" + "x" * 3000])
async def test_a_place_of_another_list_leads_to_the_first_page(app: ASGIApp, query: str) -> None:
    page = await text_of(app, f"/history?{query}", 422)
    assert "belongs to another search" in page
    assert "Show the first page" in page


async def test_a_place_of_another_search_is_not_taken_for_one_of_this(app: ASGIApp) -> None:
    place = next_of(await text_of(app, "/history?kind=ban")).partition("after=")[2]
    await text_of(app, f"/history?kind=failure&after={place}", 422)


async def test_nothing_found_says_what_else_to_try(app: ASGIApp) -> None:
    page = await text_of(app, "/history?q=sshd&since=24h")
    assert "Nothing in the history matches." in page
    assert 'is a jail. <a href="/history?jail=sshd&amp;since=24h">' in page
    assert 'href="/history?q=sshd">Search all times' in page
    assert "words are searched for in bans alone" in await text_of(app, "/history?words=nowhere")


async def test_text_of_attackers_is_inert(tmp_path: Path) -> None:
    jails = ("<b>jail</b>", "right\u202eleft", "a,b", "'; --")
    bans = [
        ban(id, minute, jails[minute % 4], lines=[f"GET {id} evil", "\x1b[31m<script>alert(2)</script> evil"])
        for minute, id in enumerate(HOSTILE_IDS)
    ]
    notes = [BanNote(HOST, jails[0], HOSTILE_IDS[0], ago(0) - 500, Origin.HAND, "<i>mallory</i>", "\u202e<u>why</u>")]
    with app_over(tmp_path, bans, notes=notes) as app:
        pages = [await text_of(app, path) for path in ("/history", "/history?words=evil", "/history?sort=address")]
        pages.append(await text_of(app, next_of(pages[1])))
    for page in pages:
        body = page.partition("<body>")[2]
        assert not re.search('<(script|b|i|u|img)[ >](?!src="/static)', body)
        # What a form sends back must be what it is; nobody sees it.
        seen = re.sub('<option value="[^"]*"', "", page)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x1b\x7f]", seen)
    assert "<mark>evil</mark>" in pages[1]
    assert "&lt;i&gt;mallory" in pages[0]


@pytest.mark.parametrize("word", ["<script>alert(1)</script>", '"><svg onload=x>', "\u202e", "{{ 7 * 7 }}", "\udc80"])
@pytest.mark.parametrize("field", ["q", "id", "kind", "jail", "country", "network", "since", "words", "sort", "after"])
async def test_text_of_the_address_is_inert(app: ASGIApp, field: str, word: str) -> None:
    answer = await ask(app, f"/history?{field}={quote(word, errors='surrogatepass')}")
    assert answer.status_code in {200, 422}
    assert "<script>alert" not in answer.text
    assert "<svg onload" not in answer.text
    assert "49" not in re.findall(r"<bdi>(.*?)</bdi>", answer.text)


async def test_no_inline_script_style_or_handler_exists(app: ASGIApp) -> None:
    for path in ("/history", "/history?words=oracle", "/history?kind=bam"):
        page = (await ask(app, path)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", re.sub(r"(title|value)=\"[^\"]*\"", "", page))
        assert "<style" not in page


async def over(source: HistoryThreads | None, record: Record | None = None) -> httpx.Response:
    live = ScriptedLive(replace(few_bans(NOW), record=record))
    return await ask(open_app(live, WebSettings(version="1"), history=source, now=lambda: NOW), "/history")


async def test_without_a_history_the_page_says_why_and_what_to_do() -> None:
    answer = await over(None, Record(problem="this user may not use the history", hint="start BanGUI with sudo"))
    assert answer.status_code == 200
    assert "No history is kept." in answer.text
    assert "this user may not use the history. Start BanGUI with sudo." in answer.text
    assert 'action="/history"' not in answer.text


async def test_a_history_without_events_says_that_it_is_new_and_how_the_collecting_goes(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record([])
    with lent(history) as source:
        answer = await over(source, Record(collection=CollectorState(HOST)))
    assert "Nothing has been recorded yet." in answer.text
    assert "neither fail2ban&#39;s database nor its log can be read" in answer.text


async def test_a_damaged_history_is_a_page_that_says_so(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    with history.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"damage" * 20_000)
    with lent(history) as source:
        answer = await over(source)
    assert answer.status_code == 503
    assert "The history cannot be read: the history is damaged" in answer.text
    assert 'action="/history"' in answer.text
