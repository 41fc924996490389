"""The handlers of the pages that stand on the history: parse the request, ask once, render."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bangui.domain.accounts import Scope
from bangui.domain.history_ports import StoreError
from bangui.domain.history_queries import Search
from bangui.services.history_search import HistorySearch
from bangui.web.access import RouteKind
from bangui.web.day import credits_of, remarks_of
from bangui.web.gate import RouteSpec
from bangui.web.history_contexts import EmptyHistory, HistoryPage
from bangui.web.history_query import (
    HISTORY_PATH,
    Asked,
    HistoryQuery,
    history_path,
    is_untidy,
    read_query,
    told_at,
    understand,
)
from bangui.web.history_view import Around, Outcome, build_history
from bangui.web.ports import HistorySource, LiveSource
from bangui.web.rendering import Renderer
from bangui.web.settings import WebSettings
from bangui.web.site import Site

_STATUS = {EmptyHistory.TROUBLE: 503, EmptyHistory.WRONG_FIELD: 422, EmptyHistory.LOST_PLACE: 422}


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the route of the search; without a history it is there and says so."""
    pages = HistoryPages(site.live, site.history, site.renderer, site.settings, now=site.now)
    return (RouteSpec(HISTORY_PATH, pages.search, Scope.READ, RouteKind.PAGE),)


class HistoryPages:
    """The search; `history` is None where no history is kept, and the page says so."""

    def __init__(
        self,
        live: LiveSource,
        history: HistorySource | None,
        renderer: Renderer,
        settings: WebSettings,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._live = live
        self._history = history
        self._renderer = renderer
        self._settings = settings
        self._now = now
        self._search = HistorySearch(history.places) if history else None

    async def search(self, request: Request) -> Response:
        """Serve `/history`; a form without scripts sends empty fields too, and is sent on to the tidy address."""
        query = read_query(request.query_params)
        if is_untidy(request.query_params):
            return RedirectResponse(f"{self._settings.base_path}{history_path(query)}", 303)
        now = self._now()
        asked = understand(query, told_at(query, now))
        view = build_history(query, asked, await self._ask(query, asked), self._around(now))
        status = _STATUS.get(view.empty, 200) if view.empty else 200
        return self._renderer.page(HistoryPage(self._renderer.frame(request, HISTORY_PATH), view), status)

    async def _ask(self, query: HistoryQuery, asked: Asked) -> Outcome:
        searcher = self._search
        if self._history is None or searcher is None:
            return Outcome()
        search = Search(asked.filter, asked.order, self._settings.page_size, query.after or None)
        try:
            answer = await self._history.ask(
                lambda reader: searcher.answer(reader, search, is_asked=not asked.problems)
            )
        except StoreError as error:
            return Outcome(trouble=error)
        return Outcome(answer)

    def _around(self, now: datetime) -> Around:
        record = self._live.snapshot.record
        sources = self._history.places.sources() if self._history else ()
        return Around(now, remarks_of(record) if record else (), credits_of(sources))
