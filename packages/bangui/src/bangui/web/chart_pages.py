"""The time chart: asks the history for its numbers, and serves it alone to pages that are open already.

The same numbers are shown for a moment to everybody who asks for them, so that many tabs cost one question. A history
that is slow does not hold the page up: it is then served without the chart, which a browser asks for again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.history_ports import HistoryReader, StoreError, StoreTrouble
from bangui.domain.phrases import phrase
from bangui.services.time_chart import TimeChart, read_time_chart
from bangui.web.chart_contexts import ChartRegion, TimeChartView
from bangui.web.chart_query import ChartQuery, range_of, read_chart_query, span_of
from bangui.web.jail_colours import JailColours
from bangui.web.ports import HistorySource, LiveSource
from bangui.web.rendering import Renderer
from bangui.web.time_chart import build_chart, build_trouble

Endpoint = Callable[[Request], Awaitable[Response]]

_KEPT = 50
_FRESH = timedelta(seconds=2)
_PATIENCE_SECONDS = 2.5


def chart_endpoint(charts: Charts, renderer: Renderer) -> Endpoint:
    """Return the handler that serves the chart alone."""

    async def chart(request: Request) -> Response:
        view = await charts.view(read_chart_query(request.query_params))
        return Response(renderer.html(ChartRegion(view)), media_type="text/html")

    return chart


@dataclass(frozen=True, slots=True)
class _Numbers:
    chart: TimeChart
    range: str
    first: int | None
    jails: Sequence[str]
    read_at: datetime


class Charts:
    """The charts of a history; a page waits for one for `patience` seconds."""

    def __init__(
        self,
        live: LiveSource,
        history: HistorySource,
        now: Callable[[], datetime],
        *,
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        self._live = live
        self._history = history
        self._now = now
        self._patience = patience
        self._kept: dict[ChartQuery, _Numbers] = {}

    async def view(self, query: ChartQuery) -> TimeChartView:
        """Return a chart; of a history that cannot be asked, why."""
        now = self._now()
        try:
            async with asyncio.timeout(self._patience):
                numbers = await self._numbers(query, now)
        except StoreError as error:
            return build_trouble(query, error, now)
        except TimeoutError:
            return build_trouble(query, _slow(), now)
        colours = JailColours((jail.name for jail in self._live.snapshot.jails), gone=numbers.jails)
        return build_chart(query, numbers.range, numbers.chart, colours, (numbers.read_at, numbers.first))

    async def _numbers(self, query: ChartQuery, now: datetime) -> _Numbers:
        kept = self._kept.get(query)
        if kept is not None and timedelta() <= now - kept.read_at < _FRESH:
            return kept
        span_of(query, now)  # what makes no sense is told without asking

        def read(reader: HistoryReader) -> _Numbers:
            first = reader.state().first
            range = range_of(query, first, now)
            chart = read_time_chart(reader, span_of(query, now, range), query.metric)
            return _Numbers(chart, range, first, reader.jails(), now)

        numbers = await self._history.ask(read)
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[query] = numbers
        return numbers


def _slow() -> StoreError:
    return StoreError(
        phrase("the history takes long to answer"), phrase("the chart is tried again"), trouble=StoreTrouble.BUSY
    )
