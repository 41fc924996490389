"""`/api/v1/docs`: the documentation as a page, made on the server and the same without scripts."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.web.access import RouteKind
from bangui.web.api.docs_contexts import DocsPage
from bangui.web.api.docs_view import build_docs
from bangui.web.api.operations import Operation
from bangui.web.api.problems import DOCS_PATH
from bangui.web.gate import RouteSpec
from bangui.web.site import Site


def docs_route(site: Site, operations: Sequence[Operation]) -> RouteSpec:
    """Return the route of the page."""
    view = build_docs(operations, base=site.settings.base_path)

    async def page(request: Request) -> Response:
        return site.renderer.page(DocsPage(site.renderer.frame(request), view))

    return RouteSpec(DOCS_PATH, page, Scope.READ, RouteKind.PAGE)
