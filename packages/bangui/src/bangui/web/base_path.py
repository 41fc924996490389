"""Takes the base path off what a reverse proxy passes on.

Routes know nothing of it; links, forms, redirections and cookies are written with it. A proxy that takes the base path
off by itself is served as well.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class BasePath:
    """A layer around the application."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app = app
        self._base = base_path
        self._raw = base_path.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under the path that the routes know."""
        path = scope.get("path", "")
        if self._base and (path == self._base or path.startswith(f"{self._base}/")):
            scope = dict(scope, path=path[len(self._base) :] or "/")
            raw = scope.get("raw_path", b"")
            if raw.startswith(self._raw):
                scope["raw_path"] = raw[len(self._raw) :] or b"/"
        await self._app(scope, receive, send)
