"""A web server on loopback that does what a test says, right or wrong."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# A certificate for 127.0.0.1, and its key; of use for nothing but these tests.
CERTIFICATE = Path(__file__).with_name("loopback.pem")

# What TLS begins with.
_HANDSHAKE = 0x16

Answer = Callable[[socket.socket], None]


@dataclass(slots=True)
class WebServer:
    """What it answers to each path (and to "tls" where it speaks none), and the requests that it was sent."""

    port: int
    scheme: str
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1", user: str = "") -> str:
        return f"{self.scheme}://{user}{host}:{self.port}{path}"


def plain(body: bytes, status: str = "200 OK", headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with a body."""
    fields = {"Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return raw(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)


def redirect(location: str, status: str = "302 Found") -> Answer:
    """Send the client on."""
    return plain(b"", status, {"Location": location})


def raw(data: bytes) -> Answer:
    """Answer with exactly these bytes, and hang up."""
    return lambda connection: connection.sendall(data)


@contextmanager
def web_server(*, is_secure: bool = False) -> Iterator[WebServer]:
    """Serve until the block ends; each connection in a thread of its own, one request each."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = WebServer(listener.getsockname()[1], "https" if is_secure else "http")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if is_secure else None
        if context:
            context.load_cert_chain(CERTIFICATE)
        threads: list[threading.Thread] = []

        def accept() -> None:
            while True:
                connection, _ = listener.accept()
                if server.is_over.is_set():
                    connection.close()
                    return
                threads.append(threading.Thread(target=_serve, args=(server, connection, context)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield server
        finally:
            server.is_over.set()
            socket.create_connection(("127.0.0.1", server.port)).close()
            for thread in (accepting, *threads):
                thread.join()


def _serve(server: WebServer, connection: socket.socket, context: ssl.SSLContext | None) -> None:
    try:
        with connection:
            wrapped = context.wrap_socket(connection, server_side=True) if context else connection
            with wrapped:
                request = b""
                while b"\r\n\r\n" not in request and (part := wrapped.recv(65_536)):
                    request += part
                    if request[0] == _HANDSHAKE and "tls" in server.answers:
                        server.answers["tls"](wrapped)
                        return
                if b"\r\n\r\n" in request:
                    server.requests.append(request.decode())
                    server.answers[request.split()[1].decode()](wrapped)
    # The client hangs up as soon as it has seen enough.
    except OSError:
        return
