"""Files of any length, sent as they are read: what goes wrong before the first part is a problem, and no file."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from starlette.requests import Request
from starlette.responses import Response

from bangui.web.export import StreamedFile, first_part


async def send_file(
    request: Request, parts: AsyncGenerator[list[str], None], media: str, send_seconds: float
) -> Response:
    """Return a file as an answer; to somebody who only asks for its head, without reading it."""
    headers = {"Content-Type": f"{media}; charset=utf-8"}
    if request.method == "HEAD":
        return Response(headers=headers)
    return StreamedFile(await first_part(parts), parts, headers, send_seconds)
