"""Sessions, as programs list and end them."""

from __future__ import annotations

from bangui.domain.accounts import Role, Visitor
from bangui.domain.logins import LoggedIn
from packages.bangui.tests.access import PASSWORD
from packages.bangui.tests.web.api.programs import Program, problem
from packages.bangui.tests.web.client import ask


async def log_in(program: Program, name: str = "viewer") -> LoggedIn:
    outcome = await program.access.login.log_in(name, PASSWORD, Visitor("192.0.2.50", "a browser"))
    assert isinstance(outcome, LoggedIn)
    return outcome


async def test_sessions_of_an_account_are_listed_and_ended(program: Program) -> None:
    first, _ = await log_in(program), await log_in(program)
    listed = (await program.get("/users/viewer/sessions")).json()["items"]
    assert len(listed) == 2
    assert {one["address"] for one in listed} == {"192.0.2.50"}
    path = f"/users/viewer/sessions/{first.session.id}"
    assert (await program.send("DELETE", path)).status_code == 204
    assert problem(await program.send("DELETE", path))["code"] == "not-found"
    assert (await program.send("DELETE", "/users/viewer/sessions")).json() == {"ended": 1}
    assert problem(await program.get("/users/nobody/sessions"))["code"] == "unknown-user"


async def test_one_sees_ones_own_and_a_token_alone_ends_none(program: Program) -> None:
    session = (await log_in(program)).session
    assert len((await program.get("/me/sessions", Role.VIEWER)).json()["items"]) == 1
    answer = await program.send("DELETE", f"/me/sessions/{session.id}", role=Role.VIEWER)
    assert problem(answer)["code"] == "forbidden"
    assert len((await program.get("/me/sessions", Role.VIEWER)).json()["items"]) == 1


async def test_an_administrator_ends_their_own(program: Program) -> None:
    session = (await log_in(program, "admin")).session
    assert (await program.send("DELETE", f"/me/sessions/{session.id}")).status_code == 204


async def test_a_session_asks_from_our_own_pages_and_changes_with_their_token_only(program: Program) -> None:
    login = await log_in(program, "admin")
    cookie = {"cookie": f"bangui_session={login.secret.reveal()}"}
    listed = await ask(program.app, "/api/v1/me/sessions", headers=cookie)
    assert [one["is_this_one"] for one in listed.json()["items"]] == [True]
    path = f"/api/v1/me/sessions/{login.session.id}"
    assert problem(await ask(program.app, path, method="DELETE", headers=cookie))["code"] == "forbidden"
    foreign = cookie | {"origin": "https://evil.example"}
    assert problem(await ask(program.app, "/api/v1/me", headers=foreign))["code"] == "forbidden"
