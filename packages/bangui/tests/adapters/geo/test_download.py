from __future__ import annotations

import base64
import io
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest

from bangui.adapters.geo import download as module
from bangui.adapters.geo.download import Limits, download, shown_url
from bangui.adapters.geo.errors import DownloadFailed
from bangui.domain.errors import InvalidInput
from packages.bangui.tests.adapters.geo.web_server import (
    CERTIFICATE,
    Answer,
    WebServer,
    plain,
    raw,
    redirect,
    web_server,
)

BODY = b"data " * 100_000


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


@pytest.fixture
def secure_server() -> Iterator[WebServer]:
    with web_server(is_secure=True) as server:
        yield server


def _fetch(url: str, limits: Limits | None = None) -> bytes:
    into = io.BytesIO()
    size = download(url, into, limits) if limits else download(url, into)
    assert size == len(into.getvalue())
    return into.getvalue()


def test_a_file_on_this_machine_may_come_over_plain_http(server: WebServer) -> None:
    server.answers["/asn.csv?key=1%202"] = plain(BODY)
    assert _fetch(server.url("/asn.csv?key=1%202")) == BODY
    (request,) = server.requests
    assert f"Host: 127.0.0.1:{server.port}\r\n" in request
    assert "Authorization" not in request


def test_a_file_comes_over_https_when_the_certificate_is_trusted(
    secure_server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    secure_server.answers["/asn.csv"] = plain(BODY)
    assert _fetch(secure_server.url("/asn.csv")) == BODY


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_server: WebServer) -> None:
    secure_server.answers["/asn.csv"] = plain(BODY)
    with pytest.raises(DownloadFailed, match="its certificate is not valid"):
        _fetch(secure_server.url("/asn.csv"))
    assert secure_server.requests == []


def test_a_certificate_for_another_name_is_refused(secure_server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with pytest.raises(DownloadFailed, match="its certificate is not valid"):
        _fetch(secure_server.url("/asn.csv", host="localhost"))


def test_a_server_that_speaks_no_tls_is_told(server: WebServer) -> None:
    server.answers["tls"] = plain(b"", "400 Bad Request")
    with pytest.raises(DownloadFailed, match="could not be fetched"):
        _fetch(server.url("/").replace("http:", "https:"))


def test_nobody_there_is_told_with_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DownloadFailed, match=rf"http://127\.0\.0\.1:{port}/x could not be fetched") as caught:
        _fetch(f"http://127.0.0.1:{port}/x")
    assert "--from" in caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "",
        "asn.csv",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "https://",
        "https:///asn.csv",
        "https://[::1/",
        "https://127.0.0.1:99999/",
        "https://127.0.0.1:x/",
        f"https://{'x' * 300}/",
        "http://192.0.2.1/",
        "http://10.0.0.1/",
        "http://[2001:db8::1]/",
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        _fetch(url)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_followed(server: WebServer, status: str) -> None:
    server.answers["/old"] = redirect("/new?a=b", status)
    server.answers["/new?a=b"] = plain(BODY)
    assert _fetch(server.url("/old")) == BODY


def test_redirects_that_never_end_are_not_followed_for_ever(server: WebServer) -> None:
    server.answers["/"] = redirect("/")
    with pytest.raises(DownloadFailed, match="leads on and on"):
        _fetch(server.url("/"))
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://192.0.2.1/",
        "//192.0.2.1/",
        "http://[",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(server: WebServer, location: str) -> None:
    server.answers["/"] = redirect(location)
    with pytest.raises(DownloadFailed, match="it leads"):
        _fetch(server.url("/"))


def _target(url: str, *addresses: str) -> module._Target:
    parts = urlsplit(url)
    return module._Target(parts, parts.hostname or "", 443, tuple(map(ip_address, addresses)))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "192.168.1.1", "[fd00::1]"])
def test_a_public_address_cannot_lead_to_services_of_ones_own(host: str) -> None:
    given = _target("https://example.org/x", "8.8.8.8")
    with pytest.raises(DownloadFailed, match="not on the public internet"):
        module._redirected(f"https://{host}/secret", given, given)


def test_a_public_address_may_lead_to_another_and_a_private_one_anywhere() -> None:
    public, own = _target("https://example.org/x", "8.8.8.8"), _target("https://example.net/x", "10.0.0.1")
    assert module._redirected("https://1.1.1.1/y", public, public).addresses == (ip_address("1.1.1.1"),)
    assert module._redirected("https://10.0.0.2/y", own, own).addresses == (ip_address("10.0.0.2"),)
    half = _target("https://example.net/x", "10.0.0.1", "8.8.8.8")
    with pytest.raises(DownloadFailed):
        module._redirected("https://10.0.0.2/y", half, half)


def test_credentials_go_to_the_host_that_they_are_for(server: WebServer) -> None:
    server.answers["/old"] = redirect("/new")
    server.answers["/new"] = plain(BODY)
    assert _fetch(server.url("/old", user="me:s%40cret@")) == BODY
    expected = f"Authorization: Basic {base64.b64encode(b'me:s@cret').decode()}\r\n"
    assert all(expected in request for request in server.requests)


def test_credentials_do_not_follow_a_redirect_to_another_server(server: WebServer) -> None:
    with web_server() as other:
        server.answers["/old"] = redirect(other.url("/new", user="evil:evil@"))
        other.answers["/new"] = plain(BODY)
        assert _fetch(server.url("/old", user="me:secret@")) == BODY
        assert "Authorization" in server.requests[0]
        assert "Authorization" not in other.requests[0]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (plain(b"", "404 Not Found"), "answered 404"),
        (plain(b"secret", "401 Unauthorized"), "answered 401"),
        (redirect("file:///x?secret"), "it leads"),
        (raw(b""), "does not speak HTTP"),
        (raw(b"secret\r\n\r\n"), "does not speak HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 1000), "does not speak HTTP"),
    ],
)
def test_no_complaint_repeats_what_may_be_secret(server: WebServer, answer: Answer, problem: str) -> None:
    server.answers["/x?key=secret"] = answer
    with pytest.raises(DownloadFailed, match=problem) as caught:
        _fetch(server.url("/x?key=secret", user="secret:secret@"))
    assert "secret" not in caught.value.message
    assert server.url("/x") in caught.value.message


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1e8480\r\n",
    ],
)
def test_a_file_that_is_too_large_is_not_read_to_its_end(server: WebServer, head: bytes) -> None:
    server.answers["/"] = raw(head + bytes(2_000_000))
    into = io.BytesIO()
    with pytest.raises(DownloadFailed, match="larger than 1,000,000 bytes"):
        download(server.url("/"), into, Limits(size=1_000_000))
    assert len(into.getvalue()) <= 1_000_000


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\nonly this",
    ],
)
def test_a_file_that_is_cut_off_is_refused(server: WebServer, answer: bytes) -> None:
    server.answers["/"] = raw(answer)
    with pytest.raises(DownloadFailed, match=r"cut off|IncompleteRead"):
        _fetch(server.url("/"))


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n"])
def test_a_server_that_sends_a_byte_now_and_then_is_left_in_time(server: WebServer, start: bytes) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(start)
        while not server.is_over.wait(0.02):
            connection.sendall(b"x")

    server.answers["/"] = drip
    with pytest.raises(DownloadFailed, match=r"took longer than 0\.5 s"):
        _fetch(server.url("/"), Limits(seconds=0.5))


def test_a_server_that_says_nothing_is_left_in_time(server: WebServer) -> None:
    def stay_silent(_: socket.socket) -> None:
        server.is_over.wait()

    server.answers["/"] = stay_silent
    with pytest.raises(DownloadFailed, match=r"took longer than 0\.3 s"):
        _fetch(server.url("/"), Limits(seconds=0.3))


def test_a_secure_server_that_stops_in_the_handshake_is_left_in_time(server: WebServer) -> None:
    # It waits for the end of a request that begins with a handshake.
    with pytest.raises(DownloadFailed, match=r"took longer than 0\.3 s"):
        _fetch(server.url("/").replace("http:", "https:"), Limits(seconds=0.3))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@example.org:8443/a/b.csv?key=secret#secret", "https://example.org:8443/a/b.csv"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://[secret", "that address"),
        ("https://me:secret@host:port/", "that address"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert shown_url(url) == shown
