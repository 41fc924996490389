"""The form that unbans: one ban, the selected ones, all that match a search, or one id everywhere.

One ban is lifted at once, and the notice offers to ban again; more are asked about first.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.domain.addresses import parse_address
from bangui.domain.ban_wishes import MOST_IDS
from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase
from bangui.services.ban_actions import BanActions
from bangui.services.banned_now import banned_now
from bangui.services.threads import in_thread
from bangui.web.access import RouteKind, caller_of
from bangui.web.ban_contexts import UnbanQuestion, UnbanQuestionPage
from bangui.web.ban_notices import UNBAN_PATH, unbanned_notice
from bangui.web.ban_review_view import slow_seconds
from bangui.web.ban_values import parse_ban_value
from bangui.web.ban_wish_form import BANS_PATH, back_path
from bangui.web.bans_query import FILTER_FIELDS, BansQuery, bans_path, filter_fields, understand_bans
from bangui.web.forms import FormValues, form_of
from bangui.web.gate import RouteSpec
from bangui.web.language import gettext as _
from bangui.web.notices import Notice, Tone, done
from bangui.web.site import Site

_SHOWN = 20
_CONFIRMED = ("confirm", "yes")


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the route that unbans; there is none where nothing can be unbanned."""
    actions = site.services.bans
    if actions is None:
        return ()
    return (RouteSpec(UNBAN_PATH, UnbanForms(site, actions).unban, Scope.BAN, RouteKind.FORM, ("POST",)),)


class UnbanForms:
    """The handler of unbans by hand."""

    def __init__(self, site: Site, actions: BanActions) -> None:
        self._site = site
        self._actions = actions

    async def unban(self, request: Request) -> Response:
        """Unban what the form names, or ask first."""
        values = form_of(request)
        if values.flag("every"):
            return await self._every(request, values)
        if values.flag("everywhere"):
            return await self._everywhere(request, values)
        return await self._selected(request, values)

    async def _selected(self, request: Request, values: FormValues) -> Response:
        bans = list(dict.fromkeys(parse_ban_value(value) for value in values.texts("ban")))
        back = back_path(values.text("back"))
        if not bans:
            return done(request, back or BANS_PATH, Notice(_("No ban was selected."), Tone.LOOK))
        if len(bans) > 1 and not values.flag("confirm"):
            fields = [*(("ban", value) for value in values.texts("ban")), ("back", back), _CONFIRMED]
            return self._ask(request, bans, tuple(fields), back)
        return await self._unban(request, bans, back)

    async def _every(self, request: Request, values: FormValues) -> Response:
        query = BansQuery(**{name: values.raw(name) for name in FILTER_FIELDS})
        asked = understand_bans(query)
        if asked.problems:
            raise InvalidInput(phrase("the search cannot be meant"), phrase("go back to the list, and search again"))
        found = await self._site.ban_search.matching(self._site.live.snapshot, asked.filter)
        bans = [(ban.jail, ban.id) for ban in found[:MOST_IDS]]
        back = bans_path(query)
        if not bans:
            return done(request, back, Notice(_("Nothing was unbanned: no ban matches any more."), Tone.LOOK))
        if not values.flag("confirm"):
            fields = (("every", "1"), *filter_fields(query), _CONFIRMED)
            return self._ask(request, bans, fields, back, total=len(found))
        return await self._unban(request, bans, back if len(found) > len(bans) else BANS_PATH)

    async def _everywhere(self, request: Request, values: FormValues) -> Response:
        id, back = _canonical(values.text("id")), back_path(values.text("back"))
        snapshot = self._site.live.snapshot
        current = await in_thread(lambda: banned_now(snapshot, id))
        if current.inside and not values.flag("confirm"):
            fields = (("id", id), ("everywhere", "1"), ("back", back), _CONFIRMED)
            return self._ask(request, [("", id)], fields, back, inside=current.inside)
        report = await self._actions.unban_everywhere([id], caller_of(request).actor)
        await self._site.live.catch_up()
        return done(request, back or BANS_PATH, unbanned_notice(report, back))

    async def _unban(self, request: Request, bans: Sequence[tuple[str, str]], back: str) -> Response:
        report = await self._actions.unban(bans, caller_of(request).actor)
        await self._site.live.catch_up()
        return done(request, back or BANS_PATH, unbanned_notice(report, back))

    def _ask(
        self,
        request: Request,
        bans: Sequence[tuple[str, str]],
        fields: tuple[tuple[str, str], ...],
        back: str,
        *,
        total: int = 0,
        inside: int = 0,
    ) -> Response:
        shown = tuple((id, jail) for jail, id in bans[:_SHOWN])
        slow = slow_seconds(max(len(bans), inside))
        question = UnbanQuestion(len(bans), shown, fields, total or len(bans), inside, slow)
        renderer = self._site.renderer
        return renderer.page(UnbanQuestionPage(renderer.frame(request, BANS_PATH), question, back or BANS_PATH))


def _canonical(text: str) -> str:
    """Return the id that is meant; one that is no address is taken as it stands, and lifted only where it is banned."""
    if not text:
        raise InvalidInput(phrase("no address was named"))
    try:
        return parse_address(text).text
    except InvalidInput:
        return text
