"""Somebody's own account: password, one-time codes, sessions, API tokens; and what the history keeps.

What weakens an account, or makes another way into it, asks for the password again.
"""

from __future__ import annotations

from collections.abc import Mapping

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Principal, Scope, parse_scopes
from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.domain.logins import LoginRefused
from bangui.domain.moments import parse_duration
from bangui.domain.retention import RetentionWords
from bangui.domain.secret import Secret
from bangui.services.access import Access
from bangui.services.second_factor import RecoveryCodes
from bangui.web.access import RouteKind, caller_of
from bangui.web.confirming import CONFIRMATION_FIELD, asks_password, refusal_of, words_of_refusal
from bangui.web.errors import NOT_FOUND, WebError
from bangui.web.forms import form_of
from bangui.web.gate import RouteSpec
from bangui.web.kept_history import read_kept
from bangui.web.language import gettext as _
from bangui.web.language import said
from bangui.web.notices import Notice, done
from bangui.web.settings_contexts import EnrolmentPage, SettingsPage, SettingsView, ShownOncePage
from bangui.web.settings_view import scope_choices, session_rows, token_rows
from bangui.web.site import Site
from bangui.web.words import sentence

SETTINGS_PATH = "/settings"


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of the own account; none where there are no accounts."""
    access = site.services.access
    if access is None:
        return ()
    pages = SettingsPages(site, access)
    forms = {
        "password": pages.change_password,
        "codes/begin": pages.begin_codes,
        "codes/finish": pages.finish_codes,
        "codes/off": pages.turn_codes_off,
        "codes/renew": pages.renew_recovery,
        "sessions/end": pages.end_session,
        "sessions/end-others": pages.end_other_sessions,
        "tokens/add": pages.add_token,
        "tokens/remove": pages.remove_token,
    }
    own = [
        RouteSpec(f"{SETTINGS_PATH}/{name}", endpoint, Scope.READ, RouteKind.FORM, ("POST",))
        for name, endpoint in forms.items()
    ]
    kept = RouteSpec(f"{SETTINGS_PATH}/retention", pages.change_retention, Scope.CONFIGURE, RouteKind.FORM, ("POST",))
    page = RouteSpec(SETTINGS_PATH, pages.show, Scope.READ, RouteKind.PAGE)
    return (page, *own, *((kept,) if site.services.retention else ()))


def words_of(error: BanGUIError) -> str:
    """Return an error as it stands beside a form."""
    return " ".join(filter(None, (sentence(said(error.message)), sentence(said(error.hint)))))


class SettingsPages:
    """The handlers of the own account."""

    def __init__(self, site: Site, access: Access) -> None:
        self._site = site
        self._access = access

    async def show(self, request: Request) -> Response:
        """Serve `/settings`."""
        return await self._page(request)

    async def change_password(self, request: Request) -> Response:
        """Give somebody another password who knows the old one."""
        form, caller = form_of(request), caller_of(request)
        new = form.raw("new")
        try:
            if new != form.raw("again"):
                raise InvalidInput(_("the two passwords differ"), _("type the same one twice"))
            old = Secret(form.raw(CONFIRMATION_FIELD))
            refused = await self._access.accounts.change_password(_me(request), old, Secret(new), caller.visitor)
        except InvalidInput as error:
            return await self._page(request, {"password": words_of(error)})
        if refused is not None:
            return await self._page(request, {"password": words_of_refusal(refused)})
        return self._done(request, _("Your password is changed, and your other sessions have ended."))

    async def begin_codes(self, request: Request) -> Response:
        """Show what an authenticator takes in."""
        password = Secret(form_of(request).raw(CONFIRMATION_FIELD))
        begun = await self._access.second_factor.begin(_me(request), password, caller_of(request).visitor)
        if isinstance(begun, LoginRefused):
            return await self._page(request, {"codes": words_of_refusal(begun)})
        return self._enrolment(request, begun.uri, begun.secret)

    async def finish_codes(self, request: Request) -> Response:
        """Take the first code, and show the recovery codes."""
        form = form_of(request)
        finished = await self._access.second_factor.finish(
            _me(request), Secret(form.text("code")), caller_of(request).visitor
        )
        if isinstance(finished, LoginRefused):
            return await self._page(request, {"codes": _("That was not the code of this moment. Begin again.")})
        return self._recovery(request, finished)

    async def turn_codes_off(self, request: Request) -> Response:
        """Ask for codes no more."""
        password = Secret(form_of(request).raw(CONFIRMATION_FIELD))
        refused = await self._access.second_factor.turn_off(_me(request), password, caller_of(request).visitor)
        if refused is not None:
            return await self._page(request, {"codes": words_of_refusal(refused)})
        return self._done(request, _("No code is asked for any more."))

    async def renew_recovery(self, request: Request) -> Response:
        """Show new recovery codes; the old ones are worth nothing then."""
        password = Secret(form_of(request).raw(CONFIRMATION_FIELD))
        renewed = await self._access.second_factor.renew_recovery(_me(request), password, caller_of(request).visitor)
        if isinstance(renewed, LoginRefused):
            return await self._page(request, {"codes": words_of_refusal(renewed)})
        return self._recovery(request, renewed)

    async def end_session(self, request: Request) -> Response:
        """End one of the own sessions."""
        me, caller = _me(request), caller_of(request)
        await self._access.sessions.end(me.user.name, form_of(request).text("id"), caller.actor)
        return self._done(request, _("The session has ended."))

    async def end_other_sessions(self, request: Request) -> Response:
        """End all of the own sessions but this one."""
        me, caller = _me(request), caller_of(request)
        await self._access.sessions.end_all(me.user.name, caller.actor, keep=me.session)
        return self._done(request, _("All other sessions have ended."))

    async def add_token(self, request: Request) -> Response:
        """Make an API token and show it, once."""
        form, me, caller = form_of(request), _me(request), caller_of(request)
        typed = {"name": form.text("name"), "span": form.text("span"), "scopes": " ".join(form.texts("scope"))}
        if problem := await refusal_of(request, self._access):
            return await self._page(request, {"token": problem}, typed)
        try:
            scopes, seconds = parse_scopes(typed["scopes"]), parse_duration(typed["span"])
            token, secret = await self._access.tokens.make(me.user, typed["name"], scopes, seconds, caller.actor)
        except BanGUIError as error:
            return await self._page(request, {"token": words_of(error)}, typed)
        text = _("Programs send it as “Authorization: Bearer …”. It is shown now and never again.")
        title = _("API token “%(name)s”") % {"name": token.name}
        return self._shown(request, title, text, (secret,))

    async def remove_token(self, request: Request) -> Response:
        """Remove one of the own tokens."""
        me, caller = _me(request), caller_of(request)
        wanted = form_of(request).text("id")
        for token in await self._access.tokens.tokens(me.user):
            if token.id == wanted:
                await self._access.tokens.remove(token, caller.actor)
        return self._done(request, _("The token is worth nothing any more."))

    async def change_retention(self, request: Request) -> Response:
        """Keep the history for another time, or as the command line says."""
        form, settings = form_of(request), self._site.services.retention
        if settings is None:
            raise WebError(NOT_FOUND)
        words = RetentionWords(form.text("keep"), form.text("keep_failures"), form.text("keep_size"))
        try:
            await settings.change(None if form.flag("reset") else words, caller_of(request).actor)
        except InvalidInput as error:
            return await self._page(request, {"retention": words_of(error)})
        return self._done(request, _("The history is kept like that from now on. What is too old goes within minutes."))

    def _done(self, request: Request, text: str) -> Response:
        return done(request, SETTINGS_PATH, Notice(text))

    def _enrolment(self, request: Request, uri: Secret, secret: Secret) -> Response:
        # Made of our own name, the account's and a secret of ours; the library draws and escapes nothing of it.
        drawn = segno.make(uri.reveal(), error="m", micro=False).svg_inline(scale=4, border=4, light="#fff")
        frame = self._site.renderer.frame(request, SETTINGS_PATH)
        return self._site.renderer.page(EnrolmentPage(frame, Markup(drawn), secret.reveal()))  # noqa: S704

    def _recovery(self, request: Request, recovery: RecoveryCodes) -> Response:
        text = _(
            "Each of them lets you in once, instead of a code, when the phone is lost. Write them down: they are "
            "shown now and never again."
        )
        return self._shown(request, _("Recovery codes"), text, recovery.codes)

    def _shown(self, request: Request, title: str, text: str, secrets: tuple[Secret, ...]) -> Response:
        frame = self._site.renderer.frame(request, SETTINGS_PATH)
        told = tuple(secret.reveal() for secret in secrets)
        return self._site.renderer.page(ShownOncePage(frame, title, text, told, SETTINGS_PATH))

    async def _page(
        self, request: Request, problems: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
    ) -> Response:
        me, access, now = _me(request), self._access, self._site.now()
        typed = typed or {}
        view = SettingsView(
            now=now,
            user=me.user,
            asks_password=asks_password(request),
            recovery_left=await access.second_factor.recovery_left(me.user) if me.user.has_codes else 0,
            sessions=session_rows(await access.sessions.of_user(me.user.id), me),
            tokens=token_rows(await access.tokens.tokens(me.user), now),
            scopes=scope_choices(me.user, typed["scopes"].split() if typed else ("read",)),
            kept=await read_kept(self._site),
            problems=problems or {},
            typed=typed,
        )
        page = SettingsPage(self._site.renderer.frame(request, SETTINGS_PATH), view)
        return self._site.renderer.page(page, 422 if problems else 200)


def _me(request: Request) -> Principal:
    principal = caller_of(request).principal
    if principal is None:
        raise TypeError("a stranger has no settings")
    return principal
