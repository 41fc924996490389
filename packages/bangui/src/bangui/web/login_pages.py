"""Logging in and out, and the link with which the first administrator is made.

Nothing here tells a stranger whether there is an account of some name; what is told is decided in
`bangui.services.login`. Where to go afterwards (`next`) is a path of ours and nothing else.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bangui.domain.accounts import Scope
from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.domain.logins import CodeWanted, LoggedIn, LoginOutcome, LoginRefused, RefusalReason
from bangui.domain.secret import Secret
from bangui.services.access import Access
from bangui.web.access import Open, RouteKind, caller_of
from bangui.web.cookies import CookieKind
from bangui.web.errors import NOT_FOUND, WebError
from bangui.web.forms import form_of
from bangui.web.gate import LOGIN_PATH, RouteSpec
from bangui.web.language import gettext as _
from bangui.web.language import ngettext
from bangui.web.login_contexts import CodePage, LoginPage, SetupPage
from bangui.web.notices import Notice, done
from bangui.web.site import Site
from bangui.web.words import sentence

_CODE_PATH = "/login/code"
_SETUP_PATH = "/setup"
_LONGEST_NEXT = 2_000
# Nothing that a browser could take for another host.
_OUR_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
_STATUS = {RefusalReason.WRONG: 403, RefusalReason.WAIT: 429, RefusalReason.BUSY: 503, RefusalReason.EXPIRED: 403}


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of the login; none where there are no accounts."""
    access = site.services.access
    if access is None:
        return ()
    pages = LoginPages(site, access)
    setup = SetupPages(site, access)
    entry = () if site.services.entry is None else (RouteSpec("/enter", pages.enter, Open.TO_ALL, RouteKind.PAGE),)
    return (
        RouteSpec(LOGIN_PATH, pages.show, Open.TO_ALL, RouteKind.PAGE),
        RouteSpec(LOGIN_PATH, pages.log_in, Open.TO_ALL, RouteKind.FORM, ("POST",)),
        RouteSpec(_CODE_PATH, pages.show_code, Open.TO_ALL, RouteKind.PAGE),
        RouteSpec(_CODE_PATH, pages.enter_code, Open.TO_ALL, RouteKind.FORM, ("POST",)),
        RouteSpec("/logout", pages.log_out, Scope.READ, RouteKind.FORM, ("POST",)),
        RouteSpec(_SETUP_PATH, setup.show, Open.TO_ALL, RouteKind.PAGE),
        RouteSpec(_SETUP_PATH, setup.finish, Open.TO_ALL, RouteKind.FORM, ("POST",)),
        *entry,
    )


def next_path(text: str) -> str:
    """Return where to go after the login: a path of ours, and the overview for everything else."""
    return text if len(text) <= _LONGEST_NEXT and _OUR_PATH.fullmatch(text) else "/"


class LoginPages:
    """The login in its two steps, and its end."""

    def __init__(self, site: Site, access: Access) -> None:
        self._site = site
        self._access = access

    async def show(self, request: Request) -> Response:
        """Serve the form, or go on where somebody is logged in already."""
        wanted = next_path(request.query_params.get("next", ""))
        if caller_of(request).principal is not None:
            return self._go(wanted)
        return await self._form(request, wanted)

    async def log_in(self, request: Request) -> Response:
        """Take a name and a password."""
        form, visitor = form_of(request), caller_of(request).visitor
        wanted, name = next_path(form.text("next")), form.text("name")
        outcome = await self._access.login.log_in(name, Secret(form.raw("password")), visitor)
        if isinstance(outcome, LoginRefused):
            return await self._form(request, wanted, name, outcome)
        return self._let_in(request, outcome, wanted)

    async def show_code(self, request: Request) -> Response:
        """Serve the form for a one-time code."""
        wanted = next_path(request.query_params.get("next", ""))
        if self._site.cookies.read(request, CookieKind.STEP) is None:
            return self._go(LOGIN_PATH)
        return self._site.renderer.page(CodePage(self._site.renderer.frame(request), wanted))

    async def enter_code(self, request: Request) -> Response:
        """Take a one-time code."""
        form, site = form_of(request), self._site
        wanted = next_path(form.text("next"))
        step = site.cookies.read(request, CookieKind.STEP) or Secret("")
        outcome = await self._access.login.enter_code(step, Secret(form.text("code")), caller_of(request).visitor)
        if not isinstance(outcome, LoginRefused):
            return self._let_in(request, outcome, wanted)
        if outcome.reason is RefusalReason.EXPIRED:
            return await self._form(request, wanted, "", outcome)
        page = CodePage(site.renderer.frame(request), wanted, _words_of(outcome, is_code=True))
        return _refused(site.renderer.page(page), outcome)

    async def log_out(self, request: Request) -> Response:
        """End the session."""
        caller = caller_of(request)
        if caller.principal is not None:
            await self._access.sessions.log_out(caller.principal, caller.visitor.address)
        response = self._go(LOGIN_PATH)
        self._site.cookies.forget(request, response, CookieKind.SESSION)
        return response

    async def enter(self, request: Request) -> Response:
        """Let somebody in who knows the ticket of the demonstration."""
        entry, ticket = self._site.services.entry, request.query_params.get("ticket", "")
        if entry is None or Secret(ticket) != entry.ticket:
            raise WebError(NOT_FOUND)
        if caller_of(request).principal is not None:
            return self._go("/")
        outcome = await self._access.login.log_in(entry.name, entry.password, caller_of(request).visitor)
        if isinstance(outcome, LoginRefused):
            return await self._form(request, "/", entry.name, outcome)
        return self._let_in(request, outcome, "/")

    async def _form(
        self, request: Request, wanted: str, name: str = "", refused: LoginRefused | None = None
    ) -> Response:
        is_empty = not await self._access.has_accounts()
        words = "" if refused is None else _words_of(refused)
        page = self._site.renderer.page(LoginPage(self._site.renderer.frame(request), wanted, name, words, is_empty))
        return page if refused is None else _refused(page, refused)

    def _let_in(self, request: Request, outcome: LoginOutcome, wanted: str) -> Response:
        cookies, rules = self._site.cookies, self._access.rules
        if isinstance(outcome, CodeWanted):
            response = self._go(f"{_CODE_PATH}?next={quote(wanted, safe='/')}")
            cookies.write(request, response, CookieKind.STEP, outcome.step, rules.step)
            return response
        response = self._go(wanted)
        if isinstance(outcome, LoggedIn):
            cookies.write(request, response, CookieKind.SESSION, outcome.secret, rules.session)
            cookies.forget(request, response, CookieKind.STEP)
            if outcome.device is not None:
                cookies.write(request, response, CookieKind.DEVICE, outcome.device, rules.device)
        return response

    def _go(self, path: str) -> Response:
        return RedirectResponse(f"{self._site.settings.base_path}{path}", 303)


class SetupPages:
    """The first administrator, for whoever has the link that was printed at the start."""

    def __init__(self, site: Site, access: Access) -> None:
        self._site = site
        self._access = access

    async def show(self, request: Request) -> Response:
        """Serve the form that a good link leads to."""
        link = request.query_params.get("link", "")
        is_good = await self._access.setup.is_good(Secret(link))
        page = SetupPage(self._site.renderer.frame(request), link if is_good else "")
        return self._site.renderer.page(page, 200 if is_good else 403)

    async def finish(self, request: Request) -> Response:
        """Make the account."""
        form, frame = form_of(request), self._site.renderer.frame(request)
        link, name, password = form.text("link"), form.text("name"), form.raw("password")
        try:
            if password != form.raw("again"):
                raise InvalidInput(_("the two passwords differ"), _("type the same one twice"))
            made = await self._access.setup.use(Secret(link), name, Secret(password), caller_of(request).visitor)
        except BanGUIError as error:
            words = " ".join(filter(None, (sentence(error.message), sentence(error.hint))))
            return self._site.renderer.page(SetupPage(frame, link, name, words), 422)
        text = _("The account “%(name)s” is made. Log in with it.")
        return done(request, LOGIN_PATH, Notice(text % {"name": made.name}))


def _refused(page: Response, refused: LoginRefused) -> Response:
    page.status_code = _STATUS[refused.reason]
    if refused.wait:
        page.headers["Retry-After"] = str(refused.wait)
    return page


def _words_of(refused: LoginRefused, *, is_code: bool = False) -> str:
    match refused.reason:
        case RefusalReason.WAIT:
            words = ngettext(
                "Too many attempts: wait %(number)s second, then try again. This one was not looked at.",
                "Too many attempts: wait %(number)s seconds, then try again. This one was not looked at.",
                refused.wait,
            )
            return words % {"number": refused.wait}
        case RefusalReason.BUSY:
            return _("Too many people log in at this moment. Try again.")
        case RefusalReason.EXPIRED:
            return _("The code took too long, or too many codes were wrong. Begin again with the password.")
        case _:
            return _("That code is wrong or used.") if is_code else _("The name or the password is wrong.")
