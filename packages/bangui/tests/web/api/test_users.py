"""Accounts, as programs of administrators manage them."""

from __future__ import annotations

import pytest

from bangui.domain.accounts import Role
from packages.bangui.tests.web.api.programs import Program, problem

GRACE = {"name": "Grace", "role": "operator", "password": "four or more words"}


async def test_an_account_is_made_changed_and_removed(program: Program) -> None:
    made = await program.send("POST", "/users", GRACE)
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["role"], made.json()["has_password"]) == ("grace", "operator", True)
    changed = (await program.send("PATCH", "/users/grace", {"role": "viewer", "disabled": True})).json()
    assert (changed["role"], changed["disabled"]) == ("viewer", True)
    assert not (await program.send("PATCH", "/users/grace", {"disabled": False})).json()["disabled"]
    assert (
        await program.send("PUT", "/users/grace/password", {"password": "five other words here"})
    ).status_code == 204
    assert (await program.send("DELETE", "/users/grace/codes")).status_code == 204
    assert (await program.send("POST", "/users/grace/forgive")).status_code == 204
    assert (await program.send("DELETE", "/users/grace")).status_code == 204
    assert problem(await program.get("/users/grace"))["code"] == "unknown-user"


async def test_accounts_are_listed_in_the_order_of_their_names(program: Program) -> None:
    names = [user["name"] for user in (await program.get("/users")).json()["items"]]
    assert names == ["admin", "operator", "viewer"]


async def test_no_password_is_ever_told(program: Program) -> None:
    answer = await program.send("POST", "/users", {**GRACE, "password": "hush"})
    assert problem(answer)["code"] == "invalid"
    assert "hush" not in answer.text
    made = await program.send("POST", "/users", GRACE)
    assert "password" not in {name for name in made.json() if name != "has_password"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**GRACE, "name": "Grace Hopper"}, "name"),
        ({**GRACE, "role": "root"}, "role"),
        ({**GRACE, "password": 7}, "password"),
        ({**GRACE, "id": "x"}, "id"),
    ],
)
async def test_what_cannot_be_meant(program: Program, body: object, field: str) -> None:
    assert problem(await program.send("POST", "/users", body))["errors"][0]["field"] == field


async def test_rules_hold_whoever_asks(program: Program) -> None:
    await program.send("POST", "/users", GRACE)
    assert problem(await program.send("POST", "/users", GRACE))["code"] == "exists"
    assert problem(await program.send("DELETE", "/users/admin"))["code"] == "refused"
    assert problem(await program.send("PATCH", "/users/admin", {"role": "viewer"}))["code"] == "refused"


async def test_only_administrators_manage_accounts(program: Program) -> None:
    assert problem(await program.get("/users", Role.OPERATOR))["code"] == "forbidden"
    assert "administer" in problem(await program.send("POST", "/users", GRACE, role=Role.OPERATOR))["detail"]
