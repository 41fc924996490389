"""The audit trail: who did what, when, from where, and with which result; as a page and as a file."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bangui.domain.accounts import Scope
from bangui.domain.audit import AuditFilter, RecordedEntry
from bangui.services.audit import AuditTrail
from bangui.services.audit_export import CSV_HEAD, csv_line, json_line
from bangui.web.access import RouteKind
from bangui.web.audit_contexts import AuditTrailPage
from bangui.web.audit_query import (
    AUDIT_PATH,
    EXPORT_PATH,
    audit_path,
    is_untidy,
    read_audit_query,
    understand_audit,
)
from bangui.web.audit_view import build_audit
from bangui.web.errors import Problem, WebError
from bangui.web.export import StreamedFile, first_part
from bangui.web.gate import RouteSpec
from bangui.web.language import gettext as _
from bangui.web.site import Site
from bangui.web.words import sentence

_LINES_AT_ONCE = 200
_MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


def routes(site: Site) -> tuple[RouteSpec, ...]:
    """Return the routes of the trail; there are none where there are no accounts."""
    access = site.services.access
    if access is None:
        return ()
    pages = AuditPages(access.trail, site)
    return (
        RouteSpec(AUDIT_PATH, pages.show, Scope.ADMINISTER, RouteKind.PAGE),
        RouteSpec(EXPORT_PATH, pages.export, Scope.ADMINISTER),
    )


class AuditPages:
    """The handlers of one console's trail."""

    def __init__(self, trail: AuditTrail, site: Site) -> None:
        self._trail = trail
        self._renderer = site.renderer
        self._settings = site.settings
        self._now = site.now

    async def show(self, request: Request) -> Response:
        """Serve `/audit`; a form without scripts sends empty fields too, and is sent on to the tidy address."""
        query = read_audit_query(request.query_params)
        if is_untidy(request.query_params):
            return RedirectResponse(f"{self._settings.base_path}{audit_path(query)}", 303)
        now = self._now()
        asked = understand_audit(query, now)
        page = None
        if not asked.problems:
            page = await self._trail.page(asked.filter, self._settings.page_size, asked.before)
        view = build_audit(query, asked, page, now)
        frame = self._renderer.frame(request, AUDIT_PATH)
        return self._renderer.page(AuditTrailPage(frame, view), 422 if asked.problems else 200)

    async def export(self, request: Request) -> Response:
        """Serve `/audit/export?format=csv&...`, with the fields of `/audit`."""
        form = request.query_params.get("format", "csv")
        if form not in _MEDIA_TYPES:
            raise WebError(_wrong(_("There is no such format."), _("Expected csv or jsonl.")))
        now = self._now()
        asked = understand_audit(read_audit_query(request.query_params), now)
        if asked.problems:
            name, problem = next(iter(asked.problems.items()))
            raise WebError(_wrong(f"{name}: {sentence(problem.text)}", sentence(problem.hint)))
        headers = {
            "Content-Type": f"{_MEDIA_TYPES[form]}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="bangui-audit-{now:%Y-%m-%d-%H%M}.{form}"',
        }
        if request.method == "HEAD":
            return Response(headers=headers)
        parts = _csv_parts(self._trail, asked.filter) if form == "csv" else _json_parts(self._trail, asked.filter)
        return StreamedFile(await first_part(parts), parts, headers, self._settings.send_seconds)


async def _csv_parts(trail: AuditTrail, filter: AuditFilter) -> AsyncGenerator[list[str], None]:
    yield [CSV_HEAD]
    async with aclosing(_parts(trail, filter, csv_line)) as parts:
        async for part in parts:
            yield part


def _json_parts(trail: AuditTrail, filter: AuditFilter) -> AsyncGenerator[list[str], None]:
    return _parts(trail, filter, json_line)


async def _parts(
    trail: AuditTrail, filter: AuditFilter, write: Callable[[RecordedEntry], str]
) -> AsyncGenerator[list[str], None]:
    lines: list[str] = []
    async for recorded in trail.export(filter):
        lines.append(write(recorded))
        if len(lines) == _LINES_AT_ONCE:
            yield lines
            lines = []
    if lines:
        yield lines


def _wrong(text: str, hint: str) -> Problem:
    return Problem(422, _("That cannot be right"), text, hint)
