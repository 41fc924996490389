"""The socket that the pages are served on, and the server behind it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp

from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.web.patience import PatientProtocol

# The longest address of a page that is answered has 8,192 characters; the rest is for headers and cookies.
_MAX_HEAD_BYTES = 32 * 1024
# Well above the number of event streams, so that these can never keep a page from being served.
_MAX_CONNECTIONS = 256


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to a loopback address; port 0 takes any that is free.

    Raises `InvalidInput` for an address that is not loopback, and `BanGUIError` for a port that cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise InvalidInput(f"{host!r} is no address of this machine", "use 127.0.0.1") from None
    if not ip_address(str(address[0]).partition("%")[0]).is_loopback:
        raise InvalidInput(
            f"BanGUI does not serve on {host}, because it speaks no HTTPS and passwords would travel in the clear",
            "serve on 127.0.0.1 and put a reverse proxy with HTTPS in front, or bring the port over with ssh -L",
        )
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise BanGUIError(f"cannot serve on port {port} of {host}: {error.strerror}", "try another --port") from None
    return listener


def url_of(listener: socket.socket, base_path: str = "") -> str:
    """Return the address of the first page."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}{base_path}/" if ":" in host else f"http://{host}:{port}{base_path}/"


class PageServer(uvicorn.Server):
    """Serves an application; calls `on_started` when it is ready, and leaves signals to whoever runs it."""

    def __init__(self, app: ASGIApp, on_started: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=PatientProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
                limit_concurrency=_MAX_CONNECTIONS,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=2,
            )
        )
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets)
        self._on_started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave all signals as they are."""
        yield
