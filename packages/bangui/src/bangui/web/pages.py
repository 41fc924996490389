"""The handlers: parse the request, look at the live state, render."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bangui.domain.accounts import Scope
from bangui.web.access import Open, RouteKind
from bangui.web.chart_pages import Charts, chart_endpoint
from bangui.web.chart_query import CHART_PATH, read_chart_query
from bangui.web.contexts import OverviewPage, OverviewRegions, OverviewView
from bangui.web.events import EventStreams, state_id
from bangui.web.gate import RouteSpec
from bangui.web.kept_regions import KeptRegions
from bangui.web.language import spoken
from bangui.web.overview import OVERVIEW_PATH, REGIONS_PATH, build_overview
from bangui.web.settings import WebSettings
from bangui.web.site import Site


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of the overview and of what keeps it live; of its chart where there is a history to draw."""
    charts = Charts(site.live, site.history, site.now) if site.history else None
    pages = Pages(site, charts)
    health = Health(site.streams, site.settings)
    return (
        RouteSpec(OVERVIEW_PATH, pages.overview, Scope.READ, RouteKind.PAGE),
        RouteSpec(REGIONS_PATH, pages.overview_regions, Scope.READ),
        *((RouteSpec(CHART_PATH, chart_endpoint(charts, site.renderer), Scope.READ),) if charts else ()),
        RouteSpec("/events", site.streams.endpoint, Scope.READ),
        RouteSpec("/healthz", health.endpoint, Open.TO_ALL),
    )


class Pages:
    """The overview. `charts` is None where there is no history to draw."""

    def __init__(self, site: Site, charts: Charts | None) -> None:
        self._live = site.live
        self._renderer = site.renderer
        self._run = site.run
        self._now = site.now
        self._charts = charts
        self._kept = KeptRegions()

    async def overview(self, request: Request) -> Response:
        """Serve the overview, with or without scripts."""
        query = read_chart_query(request.query_params)
        chart = await self._charts.view(query) if self._charts else None
        return self._renderer.page(OverviewPage(self._renderer.frame(request, OVERVIEW_PATH), self._view(), chart))

    async def overview_regions(self, request: Request) -> Response:
        """Serve the parts of the overview that change; nothing but 304 when the browser has this state already."""
        etag = f'W/"{state_id(self._run, self._live.snapshot)}-{spoken().code}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(self._rendered_regions(), media_type="text/html", headers={"ETag": etag})

    def _rendered_regions(self) -> str:
        """Many tabs that show the same state, in the same second, cost one rendering."""
        moment = (state_id(self._run, self._live.snapshot), int(self._now().timestamp()))
        html = self._kept.find(moment, spoken())
        if html is None:
            html = self._renderer.html(OverviewRegions(self._view()))
            self._kept.keep(moment, spoken(), html)
        return html

    def _view(self) -> OverviewView:
        snapshot = self._live.snapshot
        return build_overview(snapshot, state=state_id(self._run, snapshot), now=self._now())


class Health:
    """Whether this process is well, for a monitor: no secrets, no daemon details."""

    def __init__(self, streams: EventStreams, settings: WebSettings) -> None:
        self._streams = streams
        self._settings = settings

    async def endpoint(self, request: Request) -> Response:
        """Serve `/healthz`, to everybody alike."""
        del request
        facts = {"status": "ok", "version": self._settings.version, "liveStreams": self._streams.open}
        return JSONResponse(facts)
