"""The routes of the interface for programs, and of its documents, all made of the one table of operations."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.web.access import RouteKind
from bangui.web.api.docs import docs_route
from bangui.web.api.document import build_document
from bangui.web.api.operations import BASE_PATH, JSON
from bangui.web.api.serving import Server
from bangui.web.api.table import all_operations
from bangui.web.api.writing import json_text
from bangui.web.gate import Endpoint, RouteSpec
from bangui.web.site import Site

DOCUMENT_PATH = f"{BASE_PATH}/openapi.json"


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return a route for each operation, and those of the documents."""
    operations = all_operations(site)
    server = Server(site.settings, site.now, site.services.answers)
    document = build_document(operations, version=site.settings.version, base=site.settings.base_path)
    return (
        *(
            RouteSpec(
                BASE_PATH + operation.path,
                server.endpoint(operation),
                operation.needs,
                RouteKind.API,
                (operation.method,),
            )
            for operation in operations
        ),
        RouteSpec(DOCUMENT_PATH, _fixed(json_text(document)), Scope.READ, RouteKind.API),
        docs_route(site, operations),
    )


def _fixed(text: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        del request
        return Response(text, media_type=JSON)

    return endpoint
