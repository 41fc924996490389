"""The pages and forms that ban and unban by hand.

Nothing is sent to the daemon before a page has said what will happen, where that is dangerous or unusual; a form that
says `confirm` or `insist` comes from such a page, or from the undo of a change. Everything works without scripts.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.domain.addresses import parse_address
from bangui.domain.ban_wishes import BanReport, BanWish, Review, make_wish
from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.jails import JailRule
from bangui.services.ban_actions import BanActions
from bangui.services.jails import list_jails
from bangui.services.threads import in_thread
from bangui.web.access import RouteKind, caller_of
from bangui.web.ban_contexts import BanForm, BanFormPage, BanReviewPage
from bangui.web.ban_notices import BAN_PATH, banned_notice
from bangui.web.ban_review_view import build_review, is_unusual, jail_choices
from bangui.web.ban_values import parse_ban_value
from bangui.web.ban_wish_form import BANS_PATH, AskedBan, back_path, read_ban_form
from bangui.web.errors import NOT_FOUND, WebError
from bangui.web.forms import form_of
from bangui.web.gate import RouteSpec
from bangui.web.history_query import FieldProblem
from bangui.web.language import gettext as _
from bangui.web.language import said
from bangui.web.notices import Notice, Tone, done
from bangui.web.site import Site

NEW_PATH = "/bans/new"
_MOST_PREFILLED = 1_000


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes that ban; there are none where nothing can be banned."""
    actions = site.services.bans
    if actions is None:
        return ()
    forms = BanForms(site, actions)
    return (
        RouteSpec(NEW_PATH, forms.new, Scope.BAN, RouteKind.PAGE),
        RouteSpec(BAN_PATH, forms.ban, Scope.BAN, RouteKind.FORM, ("POST",)),
    )


class BanForms:
    """The handlers of bans by hand."""

    def __init__(self, site: Site, actions: BanActions) -> None:
        self._site = site
        self._actions = actions

    async def new(self, request: Request) -> Response:
        """Serve `/bans/new`, filled in with what the link says."""
        asked = request.query_params
        form = BanForm(
            ids="\n".join(asked.getlist("ip"))[:_MOST_PREFILLED],
            jails=tuple(asked.getlist("jail")),
            back=back_path(asked.get("back", "")),
        )
        return await self._form(request, form)

    async def ban(self, request: Request) -> Response:
        """Ban what the form says, or show it again with what is wrong, or ask first."""
        values = form_of(request)
        if values.texts("ban"):
            return await self._ban_again(request)
        asked = await in_thread(lambda: read_ban_form(values))  # ten thousand lines take a fifth of a second
        if asked.wish is None or values.flag("change"):
            return await self._form(request, asked.form, 422 if asked.wish is None else 200)
        try:
            review = await self._actions.review(asked.wish, caller_of(request).actor)
        except UnknownJail as error:
            problem = FieldProblem(said(error.message), said(error.hint))
            return await self._form(request, replace(asked.form, problems={"jail": problem}), 422)
        if values.flag("leave_out"):
            return await self._leave_out(request, asked, review)
        must_insist = bool(review.dangerous) and not values.flag("insist")
        must_confirm = is_unusual(review) and not (values.flag("confirm") or values.flag("insist"))
        if must_insist or must_confirm:
            return self._ask(request, asked.form, review)
        return await self._do(request, asked.form, asked.wish, insist=values.flag("insist"))

    async def _leave_out(self, request: Request, asked: AskedBan, review: Review) -> Response:
        """Ban those that nothing speaks against."""
        wish, dangerous = review.wish, {one.id for one in review.dangerous}
        ids = tuple(id for id in wish.ids if id not in dangerous)
        if not ids:
            return done(request, asked.form.back or BANS_PATH, Notice(_("Nothing was banned."), Tone.LOOK))
        return await self._do(request, asked.form, replace(wish, ids=ids), insist=False)

    async def _do(self, request: Request, form: BanForm, wish: BanWish, *, insist: bool) -> Response:
        try:
            report = await self._actions.ban(wish, caller_of(request).actor, insist=insist)
        except InvalidInput as error:
            problem = FieldProblem(said(error.message), said(error.hint))
            return await self._form(request, replace(form, problems={"duration": problem}), 422)
        await self._site.live.catch_up()
        return done(request, form.back or BANS_PATH, banned_notice([report], form.back))

    async def _ban_again(self, request: Request) -> Response:
        """Ban what was unbanned just now, each in the jail that it was banned in; nothing dangerous."""
        values = form_of(request)
        by_jail: dict[str, list[str]] = {}
        for value in values.texts("ban"):
            jail, id = parse_ban_value(value)
            by_jail.setdefault(jail, []).append(parse_address(id).text)
        actor, back = caller_of(request).actor, back_path(values.text("back"))
        reports: list[BanReport] = []
        for jail, ids in by_jail.items():
            reports.append(await self._actions.ban(make_wish(ids, [jail]), actor))
        await self._site.live.catch_up()
        return done(request, back or BANS_PATH, banned_notice(reports, back))

    def _ask(self, request: Request, form: BanForm, review: Review) -> Response:
        renderer = self._site.renderer
        page = BanReviewPage(renderer.frame(request, BANS_PATH), form, build_review(review), form.back or BANS_PATH)
        return renderer.page(page)

    async def _form(self, request: Request, form: BanForm, status: int = 200) -> Response:
        renderer = self._site.renderer
        page = BanFormPage(
            renderer.frame(request, BANS_PATH),
            form,
            jail_choices(await self._rules(), form.jails),
            self._actions.knows_durations,
            form.back or BANS_PATH,
        )
        return renderer.page(page, status)

    async def _rules(self) -> list[JailRule]:
        gateway = self._site.services.gateway
        if gateway is None:
            raise WebError(NOT_FOUND)
        return [rule for _counters, rule in await list_jails(gateway)]
