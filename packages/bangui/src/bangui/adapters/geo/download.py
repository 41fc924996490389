"""Fetches one file over HTTPS for an administrator who has given its address, and nothing without one.

Rules, for the given address and for every redirect:

- HTTPS with certificates checked; plain HTTP only to this machine itself.
- A redirect keeps the scheme, and leads to no address that is not on the public internet unless the given one was not
  there either: a publisher must not make this machine ask its own services. The connection goes to the very address
  that was checked.
- A name and password in the address are sent to the host that they were given for and to no other, and neither they
  nor the query, which may hold a key, are ever shown.
- One deadline for everything. A host that sends a byte now and then cannot stretch it.

No proxy is used: who is behind one fetches the file as usual and gives it to `--from`.
"""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from threading import Timer
from typing import BinaryIO, NamedTuple
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from bangui.adapters.geo.errors import DownloadFailed
from bangui.domain.errors import InvalidInput
from bangui.domain.places import AddressScope, IPAddress, scope_of

_BY_HAND = "or fetch the file yourself and use --from FILE"
# The largest tables of cities are half of it, compressed.
LARGEST_DOWNLOAD = 256 * 1024 * 1024
LONGEST_SECONDS = 300.0
# Without a byte: to connect, and for each read.
_WAIT_SECONDS = 20.0
_MOST_ADDRESSES = 4
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 256 * 1024
_LONGEST_URL = 4096
_PORTS = {"https": 443, "http": 80}
# What stands for itself in a path or a query, and % because both may be quoted already.
_SAFE = "/%:@!$&'()*+,;=~-._"


class Limits(NamedTuple):
    """How much is waited for; `seconds` are for everything together."""

    size: int = LARGEST_DOWNLOAD
    seconds: float = LONGEST_SECONDS


_LIMITS = Limits()


class _Target(NamedTuple):
    """Where one request goes."""

    url: SplitResult
    host: str
    port: int
    addresses: tuple[IPAddress, ...]

    @property
    def origin(self) -> tuple[str, str, int]:
        """What must be the same for credentials to go there."""
        return self.url.scheme, self.host, self.port

    @property
    def scopes(self) -> frozenset[AddressScope]:
        """What kinds of addresses it has."""
        return frozenset(map(scope_of, self.addresses))


@dataclass(slots=True)
class _Watch:
    """Cuts the connection that is in use when the time is over."""

    in_use: socket.socket | None = None
    is_over: bool = False

    def hold(self, connection: socket.socket) -> None:
        """Take over the watch for a connection; one that comes too late is cut at once."""
        self.in_use = connection
        if self.is_over:
            self.end()

    def end(self) -> None:
        """Cut the connection: whoever reads from it gets an error or its end."""
        self.is_over = True
        if self.in_use is not None:
            with suppress(OSError):
                self.in_use.shutdown(socket.SHUT_RDWR)


def shown_url(url: str) -> str:
    """Return an address without name, password, query and fragment."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "that address"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{parts.path}"


def download(url: str, into: BinaryIO, limits: Limits = _LIMITS) -> int:
    """Write the file behind an address into another and return its size.

    Raises `InvalidInput` for an address that is not allowed, and `DownloadFailed`.
    """
    with _deadline(limits.seconds, shown_url(url)) as watch:
        target = given = _resolve(url)
        for _ in range(_MOST_REDIRECTS + 1):
            # A response that ends with its connection owns the socket, so both are closed.
            with closing(_connect(target, watch)) as connection, closing(_ask(connection, target, given)) as response:
                if response.status not in _REDIRECTS:
                    return _save(response, into, limits.size)
                target = _redirected(response.headers.get("Location", ""), target, given)
        raise DownloadFailed(f"it leads on and on: more than {_MOST_REDIRECTS} redirects", _BY_HAND)


@contextmanager
def _deadline(seconds: float, shown: str) -> Iterator[_Watch]:
    """Give a block its time, and say of every failure in it which address it was about."""
    watch = _Watch()
    timer = Timer(seconds, watch.end)
    timer.daemon = True
    timer.start()
    try:
        yield watch
        # To some readers a connection that was cut is an answer that has ended.
        if watch.is_over:
            raise TimeoutError
    except (OSError, HTTPException, UnicodeError, DownloadFailed) as error:
        if watch.is_over:
            raise DownloadFailed(f"{shown} took longer than {seconds:g} s", _BY_HAND) from error
        raise DownloadFailed(f"{shown} could not be fetched: {_in_words(error)}", _BY_HAND) from error
    finally:
        timer.cancel()


def _resolve(url: str) -> _Target:
    """Return where an address leads, or raise `InvalidInput` when nobody may go there."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # UnicodeError is one
        raise InvalidInput("that is not an address of the web", "expected https://...") from None
    if parts.scheme not in _PORTS or not host:
        raise InvalidInput(f"{shown_url(url)} is not an address of the web", "expected https://...")
    port = port or _PORTS[parts.scheme]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A scope (%eth0) is no part of the address.
    addresses = tuple(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
    target = _Target(parts, host, port, addresses)
    if parts.scheme == "http" and target.scopes != {AddressScope.LOOPBACK}:
        raise InvalidInput(f"{shown_url(url)} is not safe", "use https; http is only for this machine itself")
    return target


def _redirected(location: str, target: _Target, given: _Target) -> _Target:
    """Return where a redirect leads, or raise `DownloadFailed` when it must not be followed."""
    try:
        url = urljoin(target.url.geturl(), location[:_LONGEST_URL])
        if urlsplit(url).scheme != given.url.scheme:
            raise DownloadFailed(f"it leads to {shown_url(url)}, which is not {given.url.scheme}")
        following = _resolve(url)
    except ValueError as error:
        raise DownloadFailed("it leads to no address of the web") from error
    except InvalidInput as error:
        raise DownloadFailed(f"it leads on: {error.message}") from error
    if AddressScope.GLOBAL in given.scopes and following.scopes != {AddressScope.GLOBAL}:
        raise DownloadFailed(f"it leads to {shown_url(url)}, which is not on the public internet")
    return following


def _connect(target: _Target, watch: _Watch) -> HTTPConnection:
    plain = _open_socket(target)
    try:
        if target.url.scheme == "https":
            context = ssl.create_default_context()
            plain = context.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
        watch.hold(plain)
        if isinstance(plain, ssl.SSLSocket):
            plain.do_handshake()
    except BaseException:
        plain.close()
        raise
    connection = HTTPConnection(target.host, target.port)
    connection.sock = plain
    return connection


def _open_socket(target: _Target) -> socket.socket:
    """Connect to the first address that answers."""
    problem: OSError = OSError("the name has no address")
    for address in target.addresses[:_MOST_ADDRESSES]:
        try:
            return socket.create_connection((str(address), target.port), _WAIT_SECONDS)
        except OSError as error:
            problem = error
    raise problem


def _ask(connection: HTTPConnection, target: _Target, given: _Target) -> HTTPResponse:
    path = quote(target.url.path or "/", safe=_SAFE)
    query = f"?{quote(target.url.query, safe=_SAFE + '?')}" if target.url.query else ""
    connection.putrequest("GET", path + query, skip_host=True, skip_accept_encoding=True)
    host = f"[{target.host}]" if ":" in target.host else target.host
    is_usual = target.port == _PORTS[target.url.scheme]
    connection.putheader("Host", host if is_usual else f"{host}:{target.port}")
    connection.putheader("User-Agent", "bangui")
    connection.putheader("Accept-Encoding", "identity")
    if given.url.username is not None and target.origin == given.origin:
        words = f"{unquote(given.url.username)}:{unquote(given.url.password or '')}"
        connection.putheader("Authorization", f"Basic {base64.b64encode(words.encode()).decode()}")
    connection.endheaders()
    return connection.getresponse()


def _save(response: HTTPResponse, into: BinaryIO, largest: int) -> int:
    if response.status != HTTPStatus.OK:
        raise DownloadFailed(f"the server answered {response.status}")
    announced = response.length
    if announced is not None and announced > largest:
        raise DownloadFailed(f"it is larger than {largest:,} bytes")
    size = 0
    while chunk := response.read(_CHUNK):
        size += len(chunk)
        if size > largest:
            raise DownloadFailed(f"it is larger than {largest:,} bytes")
        into.write(chunk)
    if announced is not None and size != announced:
        raise DownloadFailed(f"it was cut off after {size:,} of {announced:,} bytes")
    return size


def _in_words(error: Exception) -> str:
    """Return what went wrong, without any text that may hold the address."""
    if isinstance(error, DownloadFailed):
        return error.message
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "nobody answered in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"the server does not speak HTTP as it should ({type(error).__name__})"
