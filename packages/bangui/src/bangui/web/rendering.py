"""Turn a typed context into HTML.

Autoescaping is on for every template and a name that a context does not have is an error (`StrictUndefined`).
Templates see the fields of their context, the filters below and `asset`; nothing else.
"""

from __future__ import annotations

from dataclasses import fields

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from bangui.domain.country_names import country_name
from bangui.web import words
from bangui.web.address_contexts import AddressAskPage, AddressPage
from bangui.web.assets import Assets
from bangui.web.contexts import ErrorPage, Frame, OverviewPage, OverviewRegions, Theme
from bangui.web.credits import credited
from bangui.web.errors import Problem
from bangui.web.event_words import duration_words, kind_meaning, ordinal
from bangui.web.history_contexts import HistoryPage
from bangui.web.text import inert, prose, visible

THEME_COOKIE = "bangui_theme"

Context = OverviewPage | OverviewRegions | HistoryPage | AddressPage | AddressAskPage | ErrorPage


class Renderer:
    """Holds the templates, compiled once, and knows the frame of every page."""

    def __init__(self, assets: Assets, *, version: str) -> None:
        self._version = version
        self._environment = Environment(
            loader=PackageLoader("bangui.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(
            ago=words.ago,
            count=words.count,
            country=country_name,
            credited=credited,
            duration=duration_words,
            day=words.day,
            exact=words.exact,
            hour=words.hour,
            inert=inert,
            machine=words.machine,
            meaning=kind_meaning,
            ordinal=ordinal,
            prose=prose,
            sentence=words.sentence,
            time_for=words.time_for,
            time_left=words.time_left,
            visible=visible,
            when=words.when,
        )
        self._environment.globals = {"asset": assets.url, "modules": assets.urls("js")}

    def html(self, context: Context) -> str:
        """Return the template of this context, filled in."""
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        return self._environment.get_template(context.template).render(values)

    def frame(self, request: Request) -> Frame:
        """Return the frame for whoever asks: the theme is remembered in a cookie that the page's script sets."""
        chosen = request.cookies.get(THEME_COOKIE, "")
        theme = Theme(chosen) if chosen in {theme.value for theme in Theme} else Theme.SYSTEM
        return Frame(self._version, theme)

    def page(self, context: Context, status: int = 200) -> HTMLResponse:
        """Return a page as an answer."""
        return HTMLResponse(self.html(context), status)

    def problem(self, request: Request, problem: Problem) -> Response:
        """Return an error: as a page for a browser that navigates, as two lines of text for everything else."""
        headers = dict(problem.headers)
        if "text/html" not in request.headers.get("accept", ""):
            text = visible(f"{problem.text} {problem.hint}".rstrip())
            return PlainTextResponse(f"{problem.status} {problem.title}\n{text}\n", problem.status, headers)
        page = ErrorPage(self.frame(request), problem.status, problem.title, problem.text, problem.hint)
        return HTMLResponse(self.html(page), problem.status, headers)
