"""The pages of the jails: all of them, one of them, and the questions before one is paused or stopped."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.accounts import Scope
from bangui.domain.errors import BanGUIError, DaemonAway, UnknownJail
from bangui.domain.further_operations import ReadActions, ReadJail
from bangui.domain.gateway import Gateway
from bangui.domain.history_ports import HistoryReader, StoreError
from bangui.domain.history_queries import Metric
from bangui.domain.jail_details import JailDetails
from bangui.domain.jails import JailRule
from bangui.domain.moments import milliseconds_of
from bangui.domain.operations import ReadRule
from bangui.domain.phrases import phrase
from bangui.services.jail_changes import JailChanges
from bangui.services.jail_days import JailDay, read_days, read_failing
from bangui.services.jails import suggest_jail
from bangui.services.time_chart import RANGES as SPANS
from bangui.services.time_chart import read_time_chart, span_back
from bangui.web.access import RouteKind, caller_of
from bangui.web.gate import RouteSpec
from bangui.web.jail_colours import JailColours
from bangui.web.jail_forms import JailForms
from bangui.web.jail_view import RANGES, JailFacts, PastFacts, Tried, build_jail
from bangui.web.jails_contexts import JailPage, JailQuestion, JailQuestionPage, JailsPage
from bangui.web.jails_reload import Reloads
from bangui.web.jails_view import JailsFacts, build_jails
from bangui.web.jails_words import JAIL_PATH, JAILS_PATH, RELOAD_PATH, jail_path
from bangui.web.site import Site

_USUAL_RANGE = "24h"


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of the jails; none without a way to fail2ban."""
    gateway, access = site.services.gateway, site.services.access
    if gateway is None:
        return ()
    changes = None if access is None else JailChanges(gateway, access.trail)
    pages = JailPages(site, gateway, changes)
    shown = (
        RouteSpec(JAILS_PATH, pages.jails, Scope.READ, RouteKind.PAGE),
        RouteSpec(JAIL_PATH, pages.jail, Scope.READ, RouteKind.PAGE),
    )
    if changes is None:
        return shown
    forms, reloads = JailForms(changes, pages.show), Reloads(site.renderer, changes)
    return (
        *shown,
        RouteSpec(f"{JAIL_PATH}/idle", pages.ask_to_pause, Scope.CONFIGURE, RouteKind.PAGE),
        RouteSpec(f"{JAIL_PATH}/stop", pages.ask_to_stop, Scope.CONFIGURE, RouteKind.PAGE),
        RouteSpec(f"{JAIL_PATH}/set", forms.set, Scope.CONFIGURE, RouteKind.FORM, ("POST",)),
        RouteSpec(f"{JAIL_PATH}/idle", forms.idle, Scope.CONFIGURE, RouteKind.FORM, ("POST",)),
        RouteSpec(f"{JAIL_PATH}/stop", forms.stop, Scope.CONFIGURE, RouteKind.FORM, ("POST",)),
        RouteSpec(f"{JAIL_PATH}/start", forms.start, Scope.CONFIGURE, RouteKind.FORM, ("POST",)),
        RouteSpec(RELOAD_PATH, reloads.ask, Scope.CONFIGURE, RouteKind.PAGE),
        RouteSpec(RELOAD_PATH, reloads.reload, Scope.CONFIGURE, RouteKind.FORM, ("POST",)),
    )


class JailPages:
    """What is shown of jails; without accounts nothing can be changed, and nobody knows what was paused."""

    def __init__(self, site: Site, gateway: Gateway, changes: JailChanges | None) -> None:
        self._site = site
        self._gateway = gateway
        self._changes = changes

    async def jails(self, request: Request) -> Response:
        """Serve the list of all jails; while the daemon is away, with the numbers that it told last."""
        snapshot, now = self._site.live.snapshot, self._site.now()
        rules: dict[str, JailRule] = {}
        trouble: BanGUIError | None = None
        for jail in snapshot.jails:
            try:
                rules[jail.name] = await self._gateway.perform(ReadRule(jail.name))
            except UnknownJail:
                continue  # stopped since
            except BanGUIError as error:
                trouble = error
                break
        is_open = self._changes is not None and caller_of(request).may(Scope.CONFIGURE)
        days = await self._days(milliseconds_of(now))
        facts = JailsFacts(snapshot, rules, await self._paused(), days, trouble, is_open)
        frame = self._site.renderer.frame(request, JAILS_PATH)
        return self._site.renderer.page(JailsPage(frame, build_jails(facts, now)))

    async def jail(self, request: Request) -> Response:
        """Serve one jail."""
        return await self.show(request, request.query_params.get("name", ""))

    async def show(self, request: Request, name: str, tried: Tried | None = None) -> Response:
        """Return the page of a jail, where something was tried in vain with what was typed."""
        details = await self._details(name)
        is_open = self._changes is not None and caller_of(request).may(Scope.CONFIGURE)
        asked = request.query_params.get("range", "")
        range = asked if asked in RANGES else _USUAL_RANGE
        now = self._site.now()
        facts = JailFacts(
            details,
            JailColours(jail.name for jail in self._site.live.snapshot.jails).tone(name),
            (await self._paused()).get(name),
            await self._past(details, range, milliseconds_of(now)),
            await self._gateway.perform(ReadActions(name)) if is_open else None,
            is_open,
            tried,
        )
        renderer = self._site.renderer
        view = build_jail(facts, now, renderer.existing)
        return renderer.page(JailPage(renderer.frame(request, JAILS_PATH), view), 422 if tried else 200)

    async def ask_to_pause(self, request: Request) -> Response:
        """Say what pausing a jail means, and ask."""
        return await self._ask(request, "pause", f"{JAIL_PATH}/idle")

    async def ask_to_stop(self, request: Request) -> Response:
        """Say what stopping a jail means, and ask."""
        return await self._ask(request, "stop", f"{JAIL_PATH}/stop")

    async def _ask(self, request: Request, deed: str, action: str) -> Response:
        details = await self._details(request.query_params.get("name", ""))
        name = details.name
        question = JailQuestion(deed, name, jail_path(name), action, details.counters.currently_banned)
        renderer = self._site.renderer
        return renderer.page(JailQuestionPage(renderer.frame(request, JAILS_PATH), question))

    async def _details(self, name: str) -> JailDetails:
        try:
            return await self._gateway.perform(ReadJail(name))
        except UnknownJail as error:
            names = [jail.name for jail in self._site.live.snapshot.jails if jail.name != name]
            raise UnknownJail(name, suggest_jail(name, names, phrase("this fail2ban has no jails"))) from error

    async def _paused(self) -> Mapping[str, int]:
        if self._changes is None:
            return {}
        try:
            return await self._changes.paused()
        except (AccessUnavailable, DaemonAway):
            return {}  # the first has been logged, the second is told; the jails are shown all the same

    async def _days(self, now: int) -> Mapping[str, JailDay] | None:
        if self._site.history is None:
            return None
        try:
            return await self._site.history.ask(lambda reader: read_days(reader, now))
        except StoreError:
            return None  # the overview says what is wrong with it

    async def _past(self, details: JailDetails, range: str, now: int) -> PastFacts | None:
        if self._site.history is None:
            return None
        name, span = details.name, span_back(SPANS[range], now)

        def read(reader: HistoryReader) -> PastFacts:
            charts = {metric: read_time_chart(reader, span, metric, (name,)) for metric in Metric}
            return PastFacts(range, charts, read_failing(reader, name, details.rule.find_time, now))

        try:
            return await self._site.history.ask(read)
        except StoreError as error:
            return PastFacts(range, trouble=error)
