from __future__ import annotations

from pathlib import Path

import pytest
from starlette.types import ASGIApp

from bangui.web import WebSettings
from packages.bangui.tests.filled_history import STORY
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import app_over
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import NOW, ScriptedLive, few_bans


async def text_of(app: ASGIApp, path: str, status: int = 200, **headers: str) -> str:
    answer = await ask(app, path, headers=headers)
    assert answer.status_code == status
    return answer.text


async def test_shows_the_countries_on_the_map_and_in_a_table(tmp_path: Path) -> None:
    with app_over(tmp_path) as app:
        page = await text_of(app, "/map?range=30d")
    assert '<svg class="map"' in page
    assert page.count("<title>Germany: 4 bans</title>") == 1
    assert 'href="/map?range=30d&amp;country=DE">Germany</a>' in page
    assert "Country not known" in page


async def test_counts_failures_where_they_are_asked_for(tmp_path: Path) -> None:
    with app_over(tmp_path) as app:
        page = await text_of(app, "/map?by=failures")
    assert "<title>Netherlands: 5 failures</title>" in page
    assert "United States: 2 failures" in page


async def test_a_chosen_country_shows_who_is_behind_it(tmp_path: Path) -> None:
    with app_over(tmp_path) as app:
        page = await text_of(app, "/map?country=DE&range=30d")
    assert '<h2 id="chosen-title">Germany</h2>' in page
    assert 'href="/history?kind=ban&amp;country=DE&amp;since=30d"' in page
    assert 'href="/address?id=203.0.113.7"' in page


async def test_a_time_without_anything_says_so(tmp_path: Path) -> None:
    with app_over(tmp_path, STORY[:1]) as app:
        page = await text_of(app, "/map?range=24h")
    assert "Nobody was banned in this time." in page
    assert "<table" not in page


async def test_without_a_history_the_page_says_how_to_keep_one() -> None:
    app = open_app(ScriptedLive(few_bans(NOW)), WebSettings(version="1"))
    assert "No history is kept" in await text_of(app, "/map")


async def test_a_history_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with app_over(tmp_path) as app:
        (tmp_path / "history.sqlite3").unlink()
        page = await text_of(app, "/map", 503)
    assert "Nothing was changed." in page


@pytest.mark.parametrize("query", ["range=5h", "by=<b>", "country=<script>alert(1)</script>"])
async def test_what_makes_no_sense_is_an_error_with_a_way_back(tmp_path: Path, query: str) -> None:
    with app_over(tmp_path) as app:
        page = await text_of(app, f"/map?{query}", 422)
    assert "<script>alert" not in page


async def test_is_in_the_language_of_its_reader(tmp_path: Path) -> None:
    with app_over(tmp_path) as app:
        page = await text_of(app, "/map?range=30d", cookie="bangui_language=de")
    assert "<title>Deutschland: 4 Sperren</title>" in page
