from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.requests import HTTPConnection

from bangui.domain.accounts import Role, Scope, User, Via, Visitor
from bangui.domain.logins import LoggedIn
from bangui.domain.secret import Secret, encode_secret
from bangui.services.access import Access
from bangui.web import WebSettings
from bangui.web.access import RouteKind
from bangui.web.door import AccountDoor, ClosedDoor
from packages.bangui.tests.access import PASSWORD, ROOT

PROXIED = WebSettings(version="1", trusted_proxies=(ip_network("10.0.0.0/8"),), login_header="Remote-User")
PLAIN = WebSettings(version="1")


async def ada(access: Access, role: Role = Role.OPERATOR) -> User:
    return await access.accounts.add("ada", PASSWORD, role, ROOT)


async def session_of(access: Access) -> str:
    outcome = await access.login.log_in("ada", PASSWORD, Visitor("192.0.2.1"))
    assert isinstance(outcome, LoggedIn)
    return outcome.secret.reveal()


def connection(peer: str = "192.0.2.1", **headers: str) -> HTTPConnection:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection(
        {"type": "http", "headers": raw, "client": (peer, 1), "scheme": "http", "path": "/", "server": ("h", 80)}
    )


async def test_a_session_is_known_everywhere(access: Access) -> None:
    await ada(access)
    secret = await session_of(access)
    for kind in RouteKind:
        caller = await AccountDoor(access, PLAIN).caller(connection(cookie=f"bangui_session={secret}"), kind)
        assert caller.principal is not None
        assert (caller.principal.user.name, caller.principal.via) == ("ada", Via.SESSION)
        assert caller.form_secret == Secret(secret)


@pytest.mark.parametrize("cookie", ["", "x", encode_secret(b"n" * 32).reveal(), '"', "\u00e4"])
async def test_what_is_no_session_is_a_stranger(access: Access, cookie: str) -> None:
    await ada(access)
    made = connection(cookie=f"bangui_session={cookie}", user_agent="a" * 5000)
    caller = await AccountDoor(access, PLAIN).caller(made, RouteKind.PAGE)
    assert caller.principal is None
    assert (caller.visitor.address, len(caller.visitor.agent)) == ("192.0.2.1", 200)


async def test_a_session_that_was_ended_is_over_at_once(access: Access) -> None:
    await ada(access)
    made = connection(cookie=f"bangui_session={await session_of(access)}")
    door = AccountDoor(access, PLAIN)
    assert (await door.caller(made, RouteKind.PAGE)).principal is not None
    await access.sessions.end_all("ada", ROOT)
    assert (await door.caller(made, RouteKind.PAGE)).principal is None


async def test_a_token_counts_for_programs_and_never_for_a_page(access: Access) -> None:
    user = await ada(access)
    _, secret = await access.tokens.make(user, "backup", {Scope.READ}, 60, ROOT)
    made = connection(authorization=f"Bearer {secret.reveal()}")
    door = AccountDoor(access, PLAIN)
    caller = await door.caller(made, RouteKind.API)
    assert caller.principal is not None
    assert caller.principal.via is Via.API
    assert (caller.may(Scope.READ), caller.may(Scope.BAN)) == (True, False)
    for kind in set(RouteKind) - {RouteKind.API}:
        assert (await door.caller(made, kind)).principal is None


@pytest.mark.parametrize("written", ["Bearer bgt_x", "Basic YTpi", "Bearer", ""])
async def test_a_wrong_token_is_not_made_good_by_a_session(access: Access, written: str) -> None:
    await ada(access)
    made = connection(cookie=f"bangui_session={await session_of(access)}", authorization=written)
    assert (await AccountDoor(access, PLAIN).caller(made, RouteKind.API)).principal is None


async def test_a_configured_proxy_vouches_for_accounts_of_ours(access: Access) -> None:
    await ada(access)
    door = AccountDoor(access, PROXIED)
    caller = await door.caller(connection("10.0.0.1", remote_user="Ada"), RouteKind.PAGE)
    assert caller.principal is not None
    assert (caller.principal.user.name, caller.principal.via) == ("ada", Via.PROXY)
    for made in (
        connection("192.0.2.1", remote_user="ada"),
        connection("10.0.0.1", remote_user="nobody"),
        connection("10.0.0.1", remote_user=""),
        connection("10.0.0.1"),
    ):
        assert (await door.caller(made, RouteKind.PAGE)).principal is None
    without = AccountDoor(access, PLAIN)
    assert (await without.caller(connection("10.0.0.1", remote_user="ada"), RouteKind.PAGE)).principal is None


async def test_two_names_at_once_are_nobodys(access: Access) -> None:
    await ada(access)
    raw = [(b"remote-user", b"ada"), (b"remote-user", b"bob")]
    made = HTTPConnection(
        {"type": "http", "headers": raw, "client": ("10.0.0.1", 1), "scheme": "http", "path": "/", "server": ("h", 1)}
    )
    assert (await AccountDoor(access, PROXIED).caller(made, RouteKind.PAGE)).principal is None


async def test_without_accounts_everybody_is_a_stranger() -> None:
    secret = encode_secret(b"f" * 32).reveal()
    caller = await ClosedDoor(PLAIN).caller(connection(cookie=f"bangui_form={secret}"), RouteKind.PAGE)
    assert (caller.principal, caller.form_secret) == (None, Secret(secret))
