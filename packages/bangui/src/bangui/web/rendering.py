"""Turn a typed context into HTML.

Autoescaping is on for every template and a name that a context does not have is an error (`StrictUndefined`).
Templates see the fields of their context, the filters below and `asset`; nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import Field
from typing import Any, ClassVar, Protocol
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from bangui.domain.accounts import Scope
from bangui.web import words
from bangui.web.access import known_caller
from bangui.web.assets import Assets
from bangui.web.audit_words import RESULT_NAMES, VIA_NAMES, action_name
from bangui.web.contexts import ErrorPage, Frame, Theme
from bangui.web.country_words import country_name
from bangui.web.credits import credited
from bangui.web.errors import Problem
from bangui.web.event_words import duration_words, kind_meaning, kind_name, ordinal
from bangui.web.language import LANGUAGES, gettext, ngettext, npgettext, pgettext, said, spoken
from bangui.web.navigation import navigation
from bangui.web.notices import Notices
from bangui.web.settings import WebSettings
from bangui.web.text import inert, prose, visible

THEME_COOKIE = "bangui_theme"


class Context(Protocol):
    """What a template gets: a dataclass, whose fields are all that the template sees."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def template(self) -> str:
        """The name of the template."""
        ...


def template_environment() -> Environment:
    """Return what reads our templates, without what they show; blanks in translated blocks count as one."""
    environment = Environment(
        loader=PackageLoader("bangui.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    install = vars(environment)["install_gettext_callables"]
    install(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    return environment


def path_of(request: Request) -> str:
    """Return where somebody is, so that they can come back: a page that a form has made cannot be asked for again."""
    scope = request.scope
    if scope.get("method") not in {"GET", "HEAD"}:
        return "/"
    query = scope["query_string"].decode("ascii", "replace")
    return quote(scope["path"], errors="replace") + (f"?{query}" if query else "")


class Renderer:
    """Holds the templates, compiled once, and knows the frame of every page.

    `existing` are the paths of all pages, for the navigation.
    """

    def __init__(self, assets: Assets, settings: WebSettings, notices: Notices) -> None:
        self._settings = settings
        self._notices = notices
        self.existing: Collection[str] = ()
        self._environment = template_environment()
        self._environment.filters.update(
            action_name=action_name,
            ago=words.ago,
            at=self._at,
            count=words.count,
            country=country_name,
            credited=credited,
            duration=duration_words,
            day=words.day,
            exact=words.exact,
            hour=words.hour,
            inert=inert,
            kind=kind_name,
            machine=words.machine,
            meaning=kind_meaning,
            ordinal=ordinal,
            percent=words.percent,
            prose=prose,
            result_name=RESULT_NAMES.__getitem__,
            said=said,
            sentence=words.sentence,
            time_for=words.time_for,
            time_left=words.time_left,
            via_name=VIA_NAMES.__getitem__,
            visible=visible,
            when=words.when,
        )
        self._environment.globals.update(
            asset=lambda path: self._at(assets.url(path)),
            modules=tuple(map(self._at, assets.urls("js"))),
            base_path=settings.base_path,
            languages=LANGUAGES,
            spoken=spoken,
            time_words=words.time_words,
        )

    def html(self, context: Context) -> str:
        """Return the template of this context, filled in."""
        values = {name: getattr(context, name) for name in context.__dataclass_fields__ if name != "template"}
        html = self._environment.get_template(context.template).render(values)
        # What is shown is inert, surrogates included; in the values of fields and links they could not be sent.
        return html.encode("utf-8", "replace").decode("utf-8")

    def _at(self, path: str) -> str:
        """Return a path of ours as browsers see it, behind a proxy with a base path."""
        return f"{self._settings.base_path}{path}"

    def frame(self, request: Request, here: str = "") -> Frame:
        """Return the frame for whoever asks; `here` is the path of the navigation's entry that the page belongs to.

        The theme is remembered in a cookie that the page's script sets.
        """
        chosen = request.cookies.get(THEME_COOKIE, "")
        theme = Theme(chosen) if chosen in {theme.value for theme in Theme} else Theme.SYSTEM
        caller = known_caller(request)
        principal = caller.principal if caller else None
        if caller is None or principal is None:
            token = caller.form_token if caller else ""
            notice = self._notices.take(request)
            return Frame(self._settings.version, theme, form_token=token, notice=notice, path=path_of(request))
        return Frame(
            self._settings.version,
            theme,
            tuple(navigation(caller, self.existing, here)),
            user=principal.user.name,
            role=principal.user.role.text,
            has_session=principal.session is not None,
            form_token=caller.form_token,
            may_ban=caller.may(Scope.BAN),
            may_configure=caller.may(Scope.CONFIGURE),
            may_administer=caller.may(Scope.ADMINISTER),
            notice=self._notices.take(request),
            path=path_of(request),
        )

    def page(self, context: Context, status: int = 200) -> HTMLResponse:
        """Return a page as an answer."""
        return HTMLResponse(self.html(context), status)

    def problem(self, request: Request, problem: Problem) -> Response:
        """Return an error: as a page for a browser that navigates, as two lines of text for everything else."""
        headers = dict(problem.headers)
        title, what, hint = said(problem.title), said(problem.text), said(problem.hint)
        if "text/html" not in request.headers.get("accept", ""):
            text = visible(f"{what} {hint}".rstrip())
            return PlainTextResponse(f"{problem.status} {title}\n{text}\n", problem.status, headers)
        page = ErrorPage(self.frame(request), problem.status, title, what, hint)
        return HTMLResponse(self.html(page), problem.status, headers)
