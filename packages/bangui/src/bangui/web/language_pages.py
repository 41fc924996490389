"""The choice of a language, for everybody: kept in a cookie of the browser."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase
from bangui.web.access import Open, RouteKind
from bangui.web.forms import form_of
from bangui.web.gate import RouteSpec
from bangui.web.language import LANGUAGE_COOKIE, LANGUAGES, find_language
from bangui.web.login_pages import next_path
from bangui.web.notices import done
from bangui.web.site import Site
from bangui.web.visitors import is_secure

LANGUAGE_PATH = "/language"

_A_YEAR = 365 * 86_400


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the route of the switch in the foot of every page."""

    async def choose(request: Request) -> Response:
        """Remember a language, and go back to where its reader was."""
        form = form_of(request)
        language = find_language(form.text("language"))
        if language is None:
            codes = ", ".join(language.code for language in LANGUAGES)
            raise InvalidInput(phrase("BanGUI does not speak this language"), phrase("it speaks {codes}", codes=codes))
        response = done(request, next_path(form.text("back")))
        response.set_cookie(
            LANGUAGE_COOKIE,
            language.code,
            max_age=_A_YEAR,
            path=site.settings.base_path or "/",
            secure=is_secure(request, site.settings),
            httponly=True,
            samesite="lax",
        )
        return response

    return (RouteSpec(LANGUAGE_PATH, choose, Open.TO_ALL, RouteKind.FORM, ("POST",)),)
