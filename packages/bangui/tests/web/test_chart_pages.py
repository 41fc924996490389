from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bangui.domain.history_ports import HistoryReader, StoreError, StoreTrouble
from bangui.web import WebSettings
from bangui.web.chart_pages import Charts
from bangui.web.chart_query import ChartQuery
from bangui.web.ports import HistorySource
from packages.bangui.tests.filled_history import HOSTILE, NOW, FilledHistory, ban
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import app_over, lent
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import LONG_JAIL, ScriptedLive, few_bans, hostile_host

T = TypeVar("T")


class WatchedHistory:
    """A history that counts what it is asked, and fails or does not answer while it is told to."""

    def __init__(self, source: HistorySource) -> None:
        self._source = source
        self.places = source.places
        self.asked = 0
        self.trouble: StoreError | None = None
        self.is_stuck = False

    async def ask(self, question: Callable[[HistoryReader], T]) -> T:
        """Ask the history behind."""
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        if self.is_stuck:
            await asyncio.Event().wait()
        return await self._source.ask(question)

    def stream(
        self, question: Callable[[HistoryReader], Iterator[T]], at_once: int = 500
    ) -> AsyncGenerator[list[T], None]:
        """Stream from the history behind."""
        return self._source.stream(question, at_once)


STORY = (ban("192.0.2.1", 30), ban("192.0.2.2", 90, "postfix"), ban("192.0.2.3", 60 * 24 * 20, "recidive"))


async def test_the_overview_shows_the_chart_that_its_address_asks_for(tmp_path: Path) -> None:
    with app_over(tmp_path, STORY) as app:
        day, month = (await ask(app, "/")).text, (await ask(app, "/?range=30d")).text
    assert '<h2 id="chart-title">Bans over time' in day
    assert "recidive" not in _legend(day)
    assert "recidive" in _legend(month)
    assert re.search(r'href="/\?range=30d" data-chart aria-current="true"', month)


async def test_the_chart_comes_alone_for_a_page_that_is_open(tmp_path: Path) -> None:
    with app_over(tmp_path, STORY) as app:
        region = await ask(app, "/regions/chart?range=30d&show=failures")
    assert region.status_code == 200
    assert "<html" not in region.text
    assert "There were no failures in this time." in region.text


def _legend(page: str) -> str:
    return page.partition('class="legend"')[2].partition("</ul>")[0]


async def test_live_regions_keep_the_chart_of_the_page(tmp_path: Path) -> None:
    with app_over(tmp_path, STORY) as app:
        regions = (await ask(app, "/regions/overview?range=30d")).text
    assert '<section class="time-chart" id="chart" data-keep></section>' in regions


async def test_without_a_history_there_is_no_chart() -> None:
    app = open_app(ScriptedLive(few_bans(NOW)), WebSettings(version="1"), now=lambda: NOW)
    assert "chart-title" not in (await ask(app, "/")).text
    assert (await ask(app, "/regions/chart")).status_code == 404


async def test_an_address_that_means_nothing_is_an_error_with_a_way_back(tmp_path: Path) -> None:
    with app_over(tmp_path, STORY) as app:
        assert (await ask(app, "/?range=2h")).status_code == 400
        assert (await ask(app, "/?since=never")).status_code == 422
        assert (await ask(app, "/regions/chart?since=2026-01-01T00:00Z&until=2025-01-01T00:00Z")).status_code == 422


async def test_names_that_attackers_chose_are_inert(tmp_path: Path) -> None:
    jails = ("<script>alert(1)</script>", '"><svg onload=x>', "right\u202eleft", LONG_JAIL, "\x1b[31m")
    story = [ban(HOSTILE, 10 + place, jail) for place, jail in enumerate(jails)]
    with app_over(tmp_path, story, snapshot=hostile_host(NOW)) as app:
        region = (await ask(app, "/regions/chart")).text
    assert "<script" not in region
    assert "<svg onload" not in region
    assert not re.search("[\u202a-\u202e\x1b]", region)
    assert "\\u202e" in region


@pytest.fixture
def history(tmp_path: Path) -> Iterator[WatchedHistory]:
    filled = FilledHistory(tmp_path / "history.sqlite3")
    filled.record(STORY)
    with lent(filled) as source:
        yield WatchedHistory(source)


async def test_many_tabs_cost_one_question(history: WatchedHistory) -> None:
    charts = Charts(ScriptedLive(few_bans(NOW)), history, lambda: NOW)
    for _ in range(3):
        view = await charts.view(ChartQuery("30d"))
        assert view.drawing is not None
        assert view.drawing.total == 3
    assert history.asked == 1
    await charts.view(ChartQuery("7d"))
    assert history.asked == 2


async def test_numbers_are_read_again_after_a_moment(history: WatchedHistory) -> None:
    clock = [NOW]
    charts = Charts(ScriptedLive(few_bans(NOW)), history, lambda: clock[0])
    await charts.view(ChartQuery())
    clock[0] += timedelta(seconds=2)
    await charts.view(ChartQuery())
    clock[0] -= timedelta(days=1)  # also by a clock that was set back
    await charts.view(ChartQuery())
    assert history.asked == 3


async def test_a_history_that_fails_says_so_in_its_place(history: WatchedHistory) -> None:
    history.trouble = StoreError("the disk is gone", "mount it", trouble=StoreTrouble.DAMAGED)
    view = await Charts(ScriptedLive(few_bans(NOW)), history, lambda: NOW).view(ChartQuery())
    assert (view.drawing, view.problem, view.hint) == (None, "The disk is gone.", "Mount it.")


async def test_a_page_does_not_wait_for_a_history_that_does_not_answer(history: WatchedHistory) -> None:
    history.is_stuck = True
    charts = Charts(ScriptedLive(few_bans(NOW)), history, lambda: NOW, patience=0.01)
    view = await charts.view(ChartQuery("7d"))
    assert (view.drawing, view.problem) == (None, "The history takes long to answer.")
    assert 0 < view.refresh < 60
    history.is_stuck = False
    assert (await Charts(ScriptedLive(few_bans(NOW)), history, lambda: NOW).view(ChartQuery("7d"))).drawing is not None
