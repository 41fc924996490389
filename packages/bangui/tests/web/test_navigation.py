from bangui.domain.accounts import Role, Visitor
from bangui.web.access import Caller
from bangui.web.navigation import navigation
from packages.bangui.tests.web.opened import a_principal


def shown(role: Role | None, existing: set[str], here: str = "/") -> list[tuple[str, bool]]:
    caller = None if role is None else Caller(a_principal(role), Visitor(None))
    return [(item.path, item.is_here) for item in navigation(caller, existing, here)]


def test_shows_what_exists_and_what_the_reader_may_open() -> None:
    existing = {"/", "/history", "/audit", "/healthz"}
    assert shown(Role.VIEWER, existing, "/history") == [("/", False), ("/history", True)]
    assert shown(Role.ADMIN, existing) == [("/", True), ("/history", False), ("/audit", False)]
    assert shown(None, existing) == []
