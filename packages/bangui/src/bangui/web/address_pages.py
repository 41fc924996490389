"""The handler of the dossier: one id, as the live state and the history know it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.domain.history_ports import StoreError
from bangui.domain.kept_ids import LONGEST_ID
from bangui.domain.phrases import phrase
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_actions import BanActions
from bangui.services.banned_now import banned_now
from bangui.services.dossier import read_dossier
from bangui.services.network_names import NetworkNames
from bangui.services.threads import in_thread
from bangui.web.access import RouteKind
from bangui.web.address_contexts import AddressAskPage, AddressPage
from bangui.web.address_view import AddressFacts, build_address
from bangui.web.day import credits_of, remarks_of
from bangui.web.errors import Problem, WebError
from bangui.web.gate import RouteSpec
from bangui.web.history_query import ADDRESS_PATH
from bangui.web.ports import HistorySource, LiveSource
from bangui.web.rendering import Renderer
from bangui.web.site import Site

# So many say enough about most addresses; the history has the others.
_BANS = 10


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the route of the dossiers."""
    pages = AddressPages(site.live, site.history, site.renderer, site.services.bans, now=site.now)
    return (RouteSpec(ADDRESS_PATH, pages.address, Scope.READ, RouteKind.PAGE),)


class AddressPages:
    """The dossiers; `history` is None where no history is kept, and they tell of the present alone."""

    def __init__(
        self,
        live: LiveSource,
        history: HistorySource | None,
        renderer: Renderer,
        actions: BanActions | None,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._live = live
        self._history = history
        self._renderer = renderer
        self._actions = actions
        self._now = now
        self._names = NetworkNames(history.places) if history else None

    async def address(self, request: Request) -> Response:
        """Serve `/address`; without an id it asks for one."""
        id = request.query_params.get("id", "")
        if len(id) > LONGEST_ID:
            raise WebError(_TOO_LONG)
        frame = self._renderer.frame(request)
        if not id.strip():
            return self._renderer.page(AddressAskPage(frame))
        snapshot, now = self._live.snapshot, self._now()
        facts = await self._facts(id, snapshot, now)
        remarks = remarks_of(snapshot.record) if snapshot.record else ()
        credits = credits_of(self._history.places.sources()) if self._history else ()
        view = build_address(facts, now, remarks, credits)
        return self._renderer.page(AddressPage(frame, view), 503 if facts.trouble else 200)

    async def _facts(self, id: str, snapshot: Snapshot, now: datetime) -> AddressFacts:
        current = await in_thread(lambda: banned_now(snapshot, id))
        if self._actions is not None:
            current = replace(current, bans=await self._actions.with_own_ends(current.bans))
        history, names = self._history, self._names
        if history is None or names is None:
            return AddressFacts(id, snapshot, current, is_kept=False)
        try:
            dossier = await history.ask(lambda reader: read_dossier(reader, history.places, names, id, _BANS, now))
        except StoreError as error:
            return AddressFacts(id, snapshot, current, trouble=error)
        return AddressFacts(id, snapshot, current, dossier)


_TOO_LONG = Problem(
    400,
    phrase("Text too long"),
    phrase("An id has at most {most} characters in the history, and this one has more.", most=LONGEST_ID),
    phrase("Search the history for its beginning, with `*` at the end."),
)
