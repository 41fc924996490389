import pytest
from starlette.requests import HTTPConnection

from bangui.web.access import LoopbackPolicy, Role


def connection_from(client: tuple[str, int] | None) -> HTTPConnection:
    return HTTPConnection({"type": "http", "headers": [], "client": client})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "::1%lo"])
def test_whoever_asks_from_this_machine_may_look(host: str) -> None:
    assert LoopbackPolicy().role_of(connection_from((host, 1))) is Role.VIEWER


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "fe80::1%eth0", "::ffff:192.0.2.1", "testclient"])
def test_nobody_else_may(host: str) -> None:
    assert LoopbackPolicy().role_of(connection_from((host, 1))) is Role.PUBLIC


def test_a_unix_socket_has_decided_by_its_permissions() -> None:
    assert LoopbackPolicy().role_of(connection_from(None)) is Role.VIEWER
