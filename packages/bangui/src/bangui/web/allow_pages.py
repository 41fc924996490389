"""The allow list: what the jails of a host never ban, and the forms that change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bangui.domain.accounts import Scope
from bangui.domain.allow_list import AllowView
from bangui.domain.allow_warnings import removal_warnings
from bangui.domain.errors import DaemonAway, InvalidInput, UnknownJail
from bangui.services.allow_list import AllowListService
from bangui.web.access import RouteKind, caller_of, known_caller
from bangui.web.allow_contexts import AllowForm, AllowListPage, RemovalQuestion
from bangui.web.allow_form import read_addition, removal_entries, removal_jails, with_choices
from bangui.web.allow_notices import added_notice, removed_notice
from bangui.web.allow_query import (
    ADD_PATH,
    ALLOW_PATH,
    REMOVE_PATH,
    AllowQuery,
    allow_path,
    is_untidy,
    read_allow_query,
)
from bangui.web.allow_view import Around, build_allow_list
from bangui.web.contexts import Remark
from bangui.web.forms import form_of
from bangui.web.gate import RouteSpec
from bangui.web.history_query import FieldProblem
from bangui.web.language import gettext as _
from bangui.web.language import said
from bangui.web.notices import done
from bangui.web.rendering import Renderer
from bangui.web.settings import WebSettings
from bangui.web.site import Site


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of the allow list; there are none where nothing could be kept."""
    service = site.services.allow_list
    if service is None:
        return ()
    pages = AllowPages(service, site.renderer, site.settings, now=site.now)
    return (
        RouteSpec(ALLOW_PATH, pages.show, Scope.READ, RouteKind.PAGE),
        RouteSpec(ADD_PATH, pages.add, Scope.CONFIGURE, RouteKind.FORM, ("POST",)),
        RouteSpec(REMOVE_PATH, pages.remove, Scope.CONFIGURE, RouteKind.FORM, ("POST",)),
    )


class AllowPages:
    """The handlers of one host's allow list."""

    def __init__(
        self, service: AllowListService, renderer: Renderer, settings: WebSettings, *, now: Callable[[], datetime]
    ) -> None:
        self._service = service
        self._renderer = renderer
        self._settings = settings
        self._now = now

    async def show(self, request: Request) -> Response:
        """Serve `/allow-list`."""
        query = read_allow_query(request.query_params)
        if is_untidy(request.query_params):
            return RedirectResponse(f"{self._settings.base_path}{allow_path(query)}", 303)
        form = AllowForm(entry=query.entry, is_open=bool(query.entry))
        return await self._page(request, query, form)

    async def add(self, request: Request) -> Response:
        """Allow what the form says, or show it again with what is wrong, or with what to think of first."""
        addition = read_addition(form_of(request))
        form = addition.form
        if addition.new is None:
            return await self._page(request, AllowQuery(), form, 422 if form.problems else 200)
        try:
            added = await self._service.add(addition.new, caller_of(request).actor)
        except UnknownJail as error:
            return await self._wrong(request, form, "jail", error)
        except InvalidInput as error:
            return await self._wrong(request, form, "entry", error)
        return done(request, form.back or ALLOW_PATH, added_notice(added, addition.new))

    async def _wrong(
        self, request: Request, form: AllowForm, field: str, error: UnknownJail | InvalidInput
    ) -> Response:
        problem = FieldProblem(said(error.message), said(error.hint))
        return await self._page(request, AllowQuery(), replace(form, problems={field: problem}), 422)

    async def remove(self, request: Request) -> Response:
        """Remove entries; one that protects the viewer, or the machine, only when somebody insists."""
        values = form_of(request)
        entries, jails = removal_entries(values), removal_jails(values)
        if not entries:
            raise InvalidInput(_("no entry was named"))
        caller = caller_of(request)
        if not values.flag("confirm"):
            view = await self._service.view()
            address = caller.visitor.address
            found = [one for entry in entries for one in removal_warnings(view, entry, jails, address)]
            if found:
                warnings = tuple(dict.fromkeys(found))
                question = RemovalQuestion(entries, jails, warnings, address or "")
                return await self._page(request, AllowQuery(), AllowForm(), question=question)
        removed = [await self._service.remove(entry, jails, caller.actor) for entry in entries]
        return done(request, ALLOW_PATH, removed_notice(removed))

    async def _page(
        self,
        request: Request,
        query: AllowQuery,
        form: AllowForm,
        status: int = 200,
        *,
        question: RemovalQuestion | None = None,
    ) -> Response:
        allowed, trouble = await self._read()
        caller = known_caller(request)
        address = caller.visitor.address if caller else None
        view = build_allow_list(allowed, query, Around(self._now(), address, trouble))
        form = with_choices(form, allowed.jails)
        frame = self._renderer.frame(request, ALLOW_PATH)
        return self._renderer.page(AllowListPage(frame, view, form, question), status)

    async def _read(self) -> tuple[AllowView, Remark | None]:
        try:
            return await self._service.view(), None
        except DaemonAway as error:
            return await self._service.noted(), Remark(said(error.message), said(error.hint))
