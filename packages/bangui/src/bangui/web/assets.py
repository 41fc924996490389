"""Static files: read once at start, compressed once, served for ever.

All files live under one folder named after the hash of the whole tree (`/static/3f2a9c41d0be/js/main.js`). So relative
imports between modules work as they are written, every change gives new addresses, and answers can be cached for a
year. The tree is small; one hash for all of it costs nothing.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response

from bangui.web.errors import NOT_FOUND, WebError

_MEDIA_TYPES = MappingProxyType(
    {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
)
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and compressed."""

    body: bytes
    compressed: bytes
    media_type: str


class Assets:
    """The files of a tree, by their path in it."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._files = {
            path: Asset(body, gzip.compress(body, 9, mtime=0), _MEDIA_TYPES[path.rpartition(".")[2]])
            for path, body in sorted(contents.items())
        }
        digest = sha256()
        for path, asset in self._files.items():
            digest.update(f"{path}\0{len(asset.body)}\0".encode() + asset.body)
        self.prefix = f"/static/{digest.hexdigest()[:12]}"

    @classmethod
    def load(cls) -> Assets:
        """Read the files that ship with BanGUI."""
        return cls(dict(_walk(files("bangui.web") / "static", "")))

    def url(self, path: str) -> str:
        """Return the address of a file; raise KeyError for a file that does not exist."""
        if path not in self._files:
            raise KeyError(path)
        return f"{self.prefix}/{path}"

    def urls(self, folder: str) -> tuple[str, ...]:
        """Return the addresses of all files in a folder."""
        return tuple(self.url(path) for path in self._files if path.startswith(f"{folder}/"))

    def compressed_size(self) -> int:
        """Return how many bytes all files together weigh on the wire."""
        return sum(len(asset.compressed) for asset in self._files.values())

    async def endpoint(self, request: Request) -> Response:
        """Serve `/static/{tree}/{path}`; an address of another version does not exist."""
        path: str = request.path_params["path"]
        asset = self._files.get(path)
        if asset is None or self.prefix != f"/static/{request.path_params['tree']}":
            raise WebError(NOT_FOUND)
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding", "Content-Type": asset.media_type}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.compressed, headers={**headers, "Content-Encoding": "gzip"})
        return Response(asset.body, headers=headers)


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.rpartition(".")[2] in _MEDIA_TYPES:
            found.append((f"{prefix}{entry.name}", entry.read_bytes()))
    return found
