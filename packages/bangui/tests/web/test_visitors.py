from ipaddress import ip_network

import pytest
from starlette.requests import HTTPConnection

from bangui.web import WebSettings
from bangui.web.visitors import address_of, is_secure, is_trusted

PROXIES = WebSettings(version="1", trusted_proxies=(ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")))
NOBODY = WebSettings(version="1")


def connection(peer: str | None, *forwarded: str, proto: str = "", scheme: str = "http") -> HTTPConnection:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded] + [(b"x-forwarded-proto", proto.encode())]
    client = None if peer is None else (peer, 50000)
    return HTTPConnection(
        {"type": "http", "headers": headers, "client": client, "scheme": scheme, "path": "/", "server": ("h", 80)}
    )


def test_what_strangers_say_about_themselves_counts_for_nothing() -> None:
    assert address_of(connection("192.0.2.1", "203.0.113.9"), PROXIES) == "192.0.2.1"
    assert address_of(connection("10.0.0.1", "203.0.113.9"), NOBODY) == "10.0.0.1"
    assert not is_secure(connection("192.0.2.1", proto="https"), PROXIES)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (("203.0.113.9",), "203.0.113.9"),
        (("198.51.100.1, 203.0.113.9",), "203.0.113.9"),
        (("198.51.100.1", "203.0.113.9, 10.9.9.9"), "203.0.113.9"),
        (("203.0.113.9:4711",), "203.0.113.9"),
        (("[2001:db9::1]:4711",), "2001:db9::1"),
        (("2001:db9::1",), "2001:db9::1"),
        (("::ffff:203.0.113.9",), "203.0.113.9"),
        (("203.0.113.9, nonsense",), "10.0.0.1"),
        (("10.1.1.1, 10.2.2.2",), "10.0.0.1"),
        ((), "10.0.0.1"),
        (("",), "10.0.0.1"),
        ((", ".join(["198.51.100.1"] * 5000),), "198.51.100.1"),
    ],
)
def test_of_a_proxy_the_last_address_counts_that_is_no_proxy(forwarded: tuple[str, ...], address: str) -> None:
    assert address_of(connection("10.0.0.1", *forwarded), PROXIES) == address


def test_a_unix_socket_has_no_address_and_is_no_proxy() -> None:
    assert address_of(connection(None, "203.0.113.9"), PROXIES) is None
    assert not is_trusted(connection(None), PROXIES)


def test_https_is_known_by_itself_or_by_the_word_of_a_proxy() -> None:
    assert is_secure(connection("192.0.2.1", scheme="https"), NOBODY)
    assert is_secure(connection("10.0.0.1", proto="https"), PROXIES)
    assert not is_secure(connection("10.0.0.1", proto="http"), PROXIES)
