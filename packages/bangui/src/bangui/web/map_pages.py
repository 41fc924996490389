"""The handler of the map: parse the request, ask once, render."""

from __future__ import annotations

from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.domain.history_ports import HistoryReader, StoreError
from bangui.domain.moments import milliseconds_of
from bangui.services.country_counts import CountryLeaders, read_countries, read_leaders
from bangui.web.access import RouteKind
from bangui.web.day import credits_of, remarks_of
from bangui.web.gate import RouteSpec
from bangui.web.map_contexts import MapPage
from bangui.web.map_query import MAP_PATH, MAP_RANGES, MapQuery, read_map_query
from bangui.web.map_view import MapFacts, MapSurroundings, build_map
from bangui.web.site import Site
from bangui.web.world import World, read_world


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the route of the map."""
    return (RouteSpec(MAP_PATH, MapPages(site).map, Scope.READ, RouteKind.PAGE),)


class MapPages:
    """The map of the world; its outlines are read when somebody first looks at it."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @cached_property
    def _world(self) -> World:
        return read_world()

    async def map(self, request: Request) -> Response:
        """Serve `/map`."""
        query = read_map_query(request.query_params)
        facts = await self._facts(query)
        view = build_map(query, facts, self._surroundings())
        page = MapPage(self._site.renderer.frame(request, MAP_PATH), view)
        return self._site.renderer.page(page, 503 if facts.trouble else 200)

    async def _facts(self, query: MapQuery) -> MapFacts:
        history = self._site.history
        if history is None:
            return MapFacts(is_kept=False)
        now = self._site.now()
        since, until = milliseconds_of(now - MAP_RANGES[query.range]), milliseconds_of(now)

        def ask(reader: HistoryReader) -> MapFacts:
            counts = read_countries(reader, query.metric, since, until)
            if not query.country:
                return MapFacts(counts)
            is_counted = any(row.key == query.country for row in counts.rows)
            leaders = read_leaders(reader, query.country, query.metric, since, until) if is_counted else None
            return MapFacts(counts, leaders or CountryLeaders((), ()))

        try:
            return await history.ask(ask)
        except StoreError as error:
            return MapFacts(trouble=error)

    def _surroundings(self) -> MapSurroundings:
        site = self._site
        record = site.live.snapshot.record
        sources = site.history.places.sources() if site.history else ()
        return MapSurroundings(
            site.now(),
            self._world,
            "/bans" in site.renderer.existing,
            remarks_of(record) if record else (),
            credits_of(source for source in sources if source.what == "country"),
        )
