"""The routes of the interface, and its document over HTTP."""

from __future__ import annotations

from bangui.domain.accounts import Role
from bangui.web.access import RouteKind
from bangui.web.api.routes import routes
from bangui.web.api.table import all_operations
from packages.bangui.tests.web.api.programs import Program, problem
from packages.bangui.tests.web.api.sites import a_site
from packages.bangui.tests.web.client import ask


def test_every_operation_has_a_route_that_needs_what_it_says() -> None:
    site = a_site()
    specs = {(spec.methods[0], spec.path): spec for spec in routes(site)}
    for operation in all_operations(site):
        spec = specs[operation.method, f"/api/v1{operation.path}"]
        assert (spec.needs, spec.kind) == (operation.needs, RouteKind.API)


async def test_the_document_is_for_everybody_who_may_read(program: Program) -> None:
    answer = await program.get("/openapi.json", Role.VIEWER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["openapi"] == "3.1.0"
    assert problem(await ask(program.app, "/api/v1/openapi.json"))["code"] == "unauthorized"
