"""The page of a log: parse the request, ask once, render.

What a log of another service holds is that service's business (see `adapters/watched_logs.py`), so this takes what
changing the configuration takes.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.domain.watched_logs import LogAway
from bangui.services.log_lines import LogLines, gone
from bangui.web.access import RouteKind
from bangui.web.gate import RouteSpec
from bangui.web.log_contexts import LogPage
from bangui.web.log_query import LOG_PATH, STREAM_PATH, read_log_query
from bangui.web.log_stream import LogStreams
from bangui.web.log_view import build_log, chosen_log
from bangui.web.site import Site


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of the log; where the files of the daemon are out of reach there are none."""
    logs = site.services.logs
    if logs is None:
        return ()
    lines = LogLines(logs, lambda: site.live.snapshot)
    pages = LogPages(site, lines)
    return (
        RouteSpec(LOG_PATH, pages.log, Scope.CONFIGURE, RouteKind.PAGE),
        RouteSpec(STREAM_PATH, LogStreams(site, lines).endpoint, Scope.CONFIGURE),
    )


class LogPages:
    """The page of a log."""

    def __init__(self, site: Site, lines: LogLines) -> None:
        self._renderer = site.renderer
        self._lines = lines

    async def log(self, request: Request) -> Response:
        """Serve `/log`: the newest lines of one log."""
        query = read_log_query(request.query_params)
        logs = await self._lines.list()
        log = chosen_log(logs, query)
        frame = self._renderer.frame(request, LOG_PATH)
        if log is None:
            view = build_log(logs, None, query, None, gone() if query.file else None)
            return self._renderer.page(LogPage(frame, view), 404 if query.file else 200)
        try:
            view = build_log(logs, log, query, await self._lines.newest(log, query.filter))
        except LogAway as trouble:
            view = build_log(logs, log, query, None, trouble)
        return self._renderer.page(LogPage(frame, view))
