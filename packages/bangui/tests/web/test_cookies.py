from ipaddress import ip_network

import pytest
from starlette.requests import HTTPConnection
from starlette.responses import Response

from bangui.domain.secret import Secret
from bangui.web import WebSettings
from bangui.web.cookies import CookieKind, Cookies


def connection(scheme: str = "http", cookie: str = "") -> HTTPConnection:
    headers = [(b"cookie", cookie.encode())]
    return HTTPConnection(
        {"type": "http", "headers": headers, "client": None, "scheme": scheme, "path": "/", "server": ("h", 80)}
    )


def written(settings: WebSettings, scheme: str, kind: CookieKind) -> str:
    response = Response()
    Cookies(settings).write(connection(scheme), response, kind, Secret("abc"), 60)
    return response.headers["set-cookie"]


@pytest.mark.parametrize("kind", CookieKind)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_script_reads_a_cookie_and_no_other_site_sends_it(kind: CookieKind, scheme: str) -> None:
    cookie = written(WebSettings(version="1"), scheme, kind)
    assert "HttpOnly" in cookie
    assert "Path=/;" in cookie
    assert "Domain" not in cookie
    assert "SameSite=lax" in cookie if kind is CookieKind.SESSION else "SameSite=strict" in cookie
    assert ("Secure" in cookie) is (scheme == "https")


def test_names_promise_what_browsers_enforce() -> None:
    plain, based = WebSettings(version="1"), WebSettings(version="1", base_path="/bans")
    assert written(plain, "https", CookieKind.SESSION).startswith("__Host-bangui_session=abc")
    assert written(based, "https", CookieKind.SESSION).startswith("__Secure-bangui_session=abc")
    assert "Path=/bans" in written(based, "https", CookieKind.SESSION)
    assert written(plain, "http", CookieKind.SESSION).startswith("bangui_session=abc")


def test_a_cookie_set_without_https_does_not_count_with_it() -> None:
    cookies = Cookies(WebSettings(version="1", trusted_proxies=(ip_network("10.0.0.0/8"),)))
    planted = "bangui_session=planted"
    assert cookies.read(connection("http", planted), CookieKind.SESSION) == Secret("planted")
    assert cookies.read(connection("https", planted), CookieKind.SESSION) is None


def test_a_cookie_is_taken_back_as_it_was_given() -> None:
    response = Response()
    Cookies(WebSettings(version="1")).forget(connection("https"), response, CookieKind.SESSION)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith('__Host-bangui_session="";')
    assert "Max-Age=0" in cookie
