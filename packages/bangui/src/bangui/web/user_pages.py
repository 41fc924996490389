"""The accounts of everybody, for administrators: make, change, disable, remove.

What makes another way in, or takes somebody's away, asks for the administrator's own password.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.access_errors import UnknownUser
from bangui.domain.accounts import Actor, Principal, Scope, parse_role
from bangui.domain.errors import BanGUIError
from bangui.domain.secret import Secret
from bangui.services.access import Access
from bangui.web.access import RouteKind, caller_of
from bangui.web.confirming import asks_password, refusal_of
from bangui.web.forms import FormValues, form_of
from bangui.web.gate import RouteSpec
from bangui.web.language import gettext as _
from bangui.web.notices import Notice, done
from bangui.web.settings_contexts import UserPage, UsersPage, UsersView
from bangui.web.settings_pages import SETTINGS_PATH, words_of
from bangui.web.settings_view import session_rows, token_rows, user_row, user_rows
from bangui.web.site import Site

USERS_PATH = "/settings/users"
USER_PATH = "/settings/user"

Change = Callable[[str, FormValues, Actor], Awaitable[str]]


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of all accounts; none where there are none."""
    access = site.services.access
    if access is None:
        return ()
    pages = UserPages(site, access)
    changes: dict[str, tuple[Change, bool]] = {
        "role": (pages.change_role, True),
        "password": (pages.set_password, True),
        "codes-off": (pages.turn_codes_off, True),
        "enable": (pages.enable, True),
        "remove": (pages.remove, True),
        "disable": (pages.disable, False),
        "log-out": (pages.log_out, False),
        "end-session": (pages.end_session, False),
        "forgive": (pages.forgive, False),
    }
    return (
        RouteSpec(USERS_PATH, pages.show, Scope.ADMINISTER, RouteKind.PAGE),
        RouteSpec(USER_PATH, pages.show_one, Scope.ADMINISTER, RouteKind.PAGE),
        RouteSpec(f"{USERS_PATH}/add", pages.add, Scope.ADMINISTER, RouteKind.FORM, ("POST",)),
        RouteSpec(f"{USERS_PATH}/remove-token", pages.remove_token, Scope.ADMINISTER, RouteKind.FORM, ("POST",)),
        *(
            RouteSpec(
                f"{USER_PATH}/{name}",
                pages.changing(name, change, is_confirmed=is_confirmed),
                Scope.ADMINISTER,
                RouteKind.FORM,
                ("POST",),
            )
            for name, (change, is_confirmed) in changes.items()
        ),
    )


def user_path(name: str) -> str:
    """Return where an account's page is."""
    return f"{USER_PATH}?{urlencode({'name': name})}"


class UserPages:
    """The handlers of all accounts."""

    def __init__(self, site: Site, access: Access) -> None:
        self._site = site
        self._access = access

    async def show(self, request: Request) -> Response:
        """Serve `/settings/users`."""
        return await self._list(request)

    async def show_one(self, request: Request) -> Response:
        """Serve `/settings/user?name=...`."""
        return await self._one(request, request.query_params.get("name", ""))

    async def add(self, request: Request) -> Response:
        """Make an account."""
        form = form_of(request)
        typed = {"name": form.text("name"), "role": form.text("role")}
        if problem := await refusal_of(request, self._access):
            return await self._list(request, {"add": problem}, typed)
        password = None if form.flag("no_password") else Secret(form.raw("password"))
        try:
            made = await self._access.accounts.add(
                typed["name"], password, parse_role(typed["role"]), caller_of(request).actor
            )
        except BanGUIError as error:
            return await self._list(request, {"add": words_of(error)}, typed)
        return done(request, USERS_PATH, Notice(_("The account “%(name)s” is made.") % {"name": made.name}))

    async def remove_token(self, request: Request) -> Response:
        """Remove a token, whoever it belongs to."""
        wanted = form_of(request).text("id")
        for token in await self._access.tokens.tokens():
            if token.id == wanted:
                await self._access.tokens.remove(token, caller_of(request).actor)
        return done(request, USERS_PATH, Notice(_("The token is worth nothing any more.")))

    def changing(self, name: str, change: Change, *, is_confirmed: bool) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint of a form that changes one account; `name` is the form's."""

        async def endpoint(request: Request) -> Response:
            form = form_of(request)
            user = form.text("name")
            if is_confirmed and (problem := await refusal_of(request, self._access)):
                return await self._one(request, user, {name: problem})
            try:
                told = await change(user, form, caller_of(request).actor)
            except UnknownUser:
                raise
            except BanGUIError as error:
                return await self._one(request, user, {name: words_of(error)})
            return done(request, USERS_PATH if name == "remove" else user_path(user), Notice(told))

        return endpoint

    async def change_role(self, name: str, form: FormValues, by: Actor) -> str:
        """Give an account another role."""
        role = parse_role(form.text("role"))
        await self._access.accounts.change_role(name, role, by)
        return _("“%(name)s” is %(role)s now.") % {"name": name, "role": role.text}

    async def set_password(self, name: str, form: FormValues, by: Actor) -> str:
        """Give an account another password."""
        await self._access.accounts.set_password(name, Secret(form.raw("password")), by)
        return _("“%(name)s” has another password, and all sessions have ended.") % {"name": name}

    async def turn_codes_off(self, name: str, form: FormValues, by: Actor) -> str:
        """Ask for the codes of an account no more."""
        del form
        await self._access.second_factor.reset(await self._access.accounts.user(name), by)
        return _("“%(name)s” is asked for no code any more.") % {"name": name}

    async def disable(self, name: str, form: FormValues, by: Actor) -> str:
        """Let nobody in with an account."""
        del form
        await self._access.accounts.disable(name, by)
        return _("Nobody gets in with “%(name)s” any more.") % {"name": name}

    async def enable(self, name: str, form: FormValues, by: Actor) -> str:
        """Let an account be used again."""
        del form
        await self._access.accounts.enable(name, by)
        return _("“%(name)s” can be used again.") % {"name": name}

    async def remove(self, name: str, form: FormValues, by: Actor) -> str:
        """Remove an account."""
        del form
        await self._access.accounts.remove(name, by)
        return _("The account “%(name)s” is removed, with its sessions and tokens.") % {"name": name}

    async def log_out(self, name: str, form: FormValues, by: Actor) -> str:
        """End all sessions of an account."""
        del form
        await self._access.sessions.end_all(name, by)
        return _("All sessions of “%(name)s” have ended.") % {"name": name}

    async def end_session(self, name: str, form: FormValues, by: Actor) -> str:
        """End one session of an account."""
        await self._access.sessions.end(name, form.text("id"), by)
        return _("The session has ended.")

    async def forgive(self, name: str, form: FormValues, by: Actor) -> str:
        """Forget the failed attempts at an account."""
        del form
        await self._access.accounts.forgive(name, by)
        return _("Nobody has to wait any more who logs in as “%(name)s”.") % {"name": name}

    async def _list(
        self, request: Request, problems: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
    ) -> Response:
        access, now = self._access, self._site.now()
        view = UsersView(
            now,
            user_rows(await access.accounts.users(), _me(request)),
            token_rows(await access.tokens.tokens(), now),
            asks_password(request),
            problems or {},
            typed or {},
        )
        page = UsersPage(self._site.renderer.frame(request, SETTINGS_PATH), view)
        return self._site.renderer.page(page, 422 if problems else 200)

    async def _one(self, request: Request, name: str, problems: Mapping[str, str] | None = None) -> Response:
        user = await self._access.accounts.user(name)
        me = _me(request)
        page = UserPage(
            self._site.renderer.frame(request, SETTINGS_PATH),
            self._site.now(),
            user_row(user, me),
            session_rows(await self._access.sessions.of_user(user.id), me),
            asks_password(request),
            problems or {},
        )
        return self._site.renderer.page(page, 422 if problems else 200)


def _me(request: Request) -> Principal:
    principal = caller_of(request).principal
    if principal is None:
        raise TypeError("a stranger manages no accounts")
    return principal
