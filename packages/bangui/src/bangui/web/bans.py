"""The page of the bans in force: parse the request, look through the live state, render."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bangui.domain.accounts import Scope
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_search import BanQuestion, FoundBans
from bangui.web.access import RouteKind, caller_of
from bangui.web.bans_contexts import BansPage, BansRegions, BansView, EmptyBans
from bangui.web.bans_query import (
    BANS_PATH,
    BANS_REGIONS_PATH,
    BansQuery,
    bans_path,
    is_untidy,
    read_bans_query,
    understand_bans,
)
from bangui.web.bans_view import Moment, build_bans
from bangui.web.day import credits_of
from bangui.web.events import state_id
from bangui.web.gate import RouteSpec
from bangui.web.kept_regions import KeptRegions
from bangui.web.language import spoken
from bangui.web.site import Site


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of the page and of what keeps it live."""
    bans = Bans(site)
    return (
        RouteSpec(BANS_PATH, bans.page, Scope.READ, RouteKind.PAGE),
        RouteSpec(BANS_REGIONS_PATH, bans.regions, Scope.READ),
    )


class Bans:
    """The bans of one host."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._kept = KeptRegions()

    async def page(self, request: Request) -> Response:
        """Serve `/bans`; a form without scripts sends empty fields too, and is sent on to the tidy address."""
        query = read_bans_query(request.query_params)
        if is_untidy(request.query_params):
            return RedirectResponse(f"{self._site.settings.base_path}{bans_path(query)}", 303)
        view = await self._view(query, self._site.live.snapshot, may_ban=caller_of(request).may(Scope.BAN))
        renderer = self._site.renderer
        status = 422 if view.empty is EmptyBans.WRONG_FIELD else 200
        return renderer.page(BansPage(renderer.frame(request, BANS_PATH), view), status)

    async def regions(self, request: Request) -> Response:
        """Serve the parts of the page that change; nothing but 304 when the browser has this state already."""
        query = read_bans_query(request.query_params)
        snapshot = self._site.live.snapshot
        etag = f'W/"{state_id(self._site.run, snapshot)}-{spoken().code}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        may_ban = caller_of(request).may(Scope.BAN)
        moment = (etag, int(self._site.now().timestamp()))
        html = self._kept.find(moment, (query, may_ban, spoken()))
        if html is None:
            html = self._site.renderer.html(BansRegions(await self._view(query, snapshot, may_ban=may_ban)))
            self._kept.keep(moment, (query, may_ban, spoken()), html)
        return Response(html, media_type="text/html", headers={"ETag": etag})

    async def _view(self, query: BansQuery, snapshot: Snapshot, *, may_ban: bool) -> BansView:
        site = self._site
        asked = understand_bans(query)
        question = BanQuestion(asked.filter, asked.order, site.settings.page_size, asked.after, asked.before)
        found = None if asked.problems else await self._with_own_ends(await site.ban_search.find(snapshot, question))
        credits = credits_of(site.history.places.sources()) if site.history else ()
        state = state_id(site.run, snapshot)
        return build_bans(snapshot, query, asked, found, Moment(state, site.now(), may_ban, credits))

    async def _with_own_ends(self, found: FoundBans) -> FoundBans:
        """Let bans that have a duration of their own end when that is over."""
        actions = self._site.services.bans
        if actions is None:
            return found
        bans = await actions.with_own_ends([one.ban for one in found.bans])
        return replace(found, bans=tuple(replace(one, ban=ban) for one, ban in zip(found.bans, bans, strict=True)))
