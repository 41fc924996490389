"""The reload of fail2ban's configuration: what it would do is shown first, and nothing else is done."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.errors import OperationRefused
from bangui.services.jail_changes import JailChanges
from bangui.web.access import caller_of
from bangui.web.forms import form_of
from bangui.web.jails_contexts import ReloadPage, ReloadView
from bangui.web.jails_words import JAILS_PATH
from bangui.web.language import ngettext
from bangui.web.notices import Notice, done
from bangui.web.rendering import Renderer
from bangui.web.words import sentence


class Reloads:
    """Asks what a reload would do, and makes it."""

    def __init__(self, renderer: Renderer, changes: JailChanges) -> None:
        self._renderer = renderer
        self._changes = changes

    async def ask(self, request: Request) -> Response:
        """Try the configuration, and show what a reload would do."""
        try:
            view = ReloadView(await self._changes.plan_reload())
        except OperationRefused as error:
            return self._page(request, _refused(error), 409)
        return self._page(request, view)

    async def reload(self, request: Request) -> Response:
        """Reload, if that leads to the jails that were shown."""
        jails = tuple(sorted(form_of(request).texts("jail")))
        try:
            outcome = await self._changes.reload(caller_of(request).actor, jails)
        except OperationRefused as error:
            return self._page(request, _refused(error), 409)
        count = len(outcome.jails)
        text = ngettext(
            "The configuration is reloaded: %(count)s jail runs.",
            "The configuration is reloaded: %(count)s jails run.",
            count,
        )
        return done(request, JAILS_PATH, Notice(text % {"count": count}))

    def _page(self, request: Request, view: ReloadView, status: int = 200) -> Response:
        return self._renderer.page(ReloadPage(self._renderer.frame(request, JAILS_PATH), view), status)


def _refused(error: OperationRefused) -> ReloadView:
    return ReloadView(None, sentence(error.message), sentence(error.hint), tuple(error.detail.splitlines()))
