"""The search from anywhere: `/search?q=...` leads to what the text means, or asks which of several it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bangui.domain.accounts import Scope
from bangui.domain.country_names import country_codes
from bangui.domain.history_ports import StoreError
from bangui.services.find_anything import LONGEST_TEXT, Found, FoundNetwork, find_here, find_networks
from bangui.services.network_names import NetworkNames
from bangui.services.threads import in_thread
from bangui.web.access import RouteKind
from bangui.web.bans_query import BansQuery, bans_path
from bangui.web.country_words import country_name
from bangui.web.find_contexts import FindPage, FoundGroup, FoundLink
from bangui.web.gate import RouteSpec
from bangui.web.history_query import HistoryQuery, address_path, history_path
from bangui.web.jails_words import jail_path
from bangui.web.language import gettext as _
from bangui.web.site import Site

FIND_PATH = "/search"


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the route of the search from anywhere."""
    return (RouteSpec(FIND_PATH, FindPages(site).find, Scope.READ, RouteKind.PAGE),)


class FindPages:
    """The handler of the search."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._names = NetworkNames(site.history.places) if site.history else None

    async def find(self, request: Request) -> Response:
        """Serve `/search`; go on at once where the text means one thing exactly."""
        text = request.query_params.get("q", "")[:LONGEST_TEXT].strip()
        countries = {code: country_name(code) for code in country_codes()}
        found = await in_thread(lambda: find_here(text, self._site.live.snapshot, countries))
        if text:
            found = replace(found, networks=await self._networks(text))
        if path := _meant(found):
            return RedirectResponse(f"{self._site.settings.base_path}{path}", 303)
        groups = tuple(group for group in _groups(found) if group.links)
        page = FindPage(self._site.renderer.frame(request), text, groups, tuple(_further(text)) if text else ())
        return self._site.renderer.page(page)

    async def _networks(self, text: str) -> tuple[FoundNetwork, ...]:
        history, names = self._site.history, self._names
        if history is None or names is None:
            return ()
        try:
            return await history.ask(lambda reader: find_networks(text, reader, names))
        except StoreError:
            return ()  # everything else is found all the same; the history's own page says what is wrong


def _meant(found: Found) -> str | None:
    """Return where a text leads that means one thing exactly."""
    if found.address:
        return address_path(found.address)
    low = found.text.casefold()
    if found.jails and found.jails[0].casefold() == low:
        return jail_path(found.jails[0])
    if len(found.networks) == 1 and low == f"as{found.networks[0].number}":
        return history_path(HistoryQuery(network=f"AS{found.networks[0].number}"))
    if len(found.countries) == 1 and country_name(found.countries[0]).casefold() == low:
        return history_path(HistoryQuery(country=found.countries[0]))
    return None


def _groups(found: Found) -> Iterator[FoundGroup]:
    yield FoundGroup(_("Jails"), tuple(FoundLink(jail, jail_path(jail)) for jail in found.jails))
    yield FoundGroup(_("Banned now"), tuple(FoundLink(id, address_path(id) or "", is_code=True) for id in found.banned))
    yield FoundGroup(
        _("Countries"),
        tuple(
            FoundLink(country_name(code), history_path(HistoryQuery(country=code)), code) for code in found.countries
        ),
    )
    yield FoundGroup(
        _("Networks"),
        tuple(
            FoundLink(
                network.name or f"AS{network.number}",
                history_path(HistoryQuery(network=f"AS{network.number}")),
                f"AS{network.number}" if network.name else "",
            )
            for network in found.networks
        ),
    )


def _further(text: str) -> Iterator[FoundLink]:
    yield FoundLink(_("Search the bans for it"), bans_path(BansQuery(q=text)))
    yield FoundLink(_("Search the history for it"), history_path(HistoryQuery(q=text)))
    yield FoundLink(_("Search log lines for it"), history_path(HistoryQuery(words=text)))
