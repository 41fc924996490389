"""Tokens, as programs list, make and remove them."""

from __future__ import annotations

import pytest

from bangui.domain.accounts import Role
from packages.bangui.tests.web.api.programs import Program, problem
from packages.bangui.tests.web.client import ask

WANTED = {"name": "firewall", "scopes": ["read"], "seconds": 3600}


async def test_a_token_is_made_works_and_is_removed(program: Program) -> None:
    made = await program.send("POST", "/me/tokens", WANTED)
    assert made.status_code == 201
    token, secret = made.json()["token"], made.json()["secret"]
    assert (token["user"], token["name"], token["scopes"]) == ("admin", "firewall", ["read"])
    bearer = {"authorization": f"Bearer {secret}"}
    assert (await ask(program.app, "/api/v1/me", headers=bearer)).json()["token"] == "firewall"
    listed = (await program.get("/me/tokens")).json()["items"]
    assert [one["name"] for one in listed] == ["firewall", "tests"]
    assert (await program.send("DELETE", f"/me/tokens/{token['id']}")).status_code == 204
    assert (await ask(program.app, "/api/v1/me", headers=bearer)).status_code == 401
    assert problem(await program.send("DELETE", f"/me/tokens/{token['id']}"))["code"] == "not-found"


async def test_the_secret_is_told_once_also_with_a_key(program: Program) -> None:
    first = await program.send("POST", "/me/tokens", WANTED, headers={"idempotency-key": "k1"})
    assert first.status_code == 201
    again = await program.send("POST", "/me/tokens", WANTED, headers={"idempotency-key": "k1"})
    assert problem(again)["code"] == "answered"
    assert first.json()["secret"] not in (await program.get("/tokens")).text
    assert len((await program.get("/me/tokens")).json()["items"]) == 2


async def test_a_token_that_may_little_makes_no_other(program: Program) -> None:
    for role in (Role.VIEWER, Role.OPERATOR):
        assert problem(await program.send("POST", "/me/tokens", WANTED, role=role))["code"] == "forbidden"


async def test_administrators_see_and_remove_those_of_others(program: Program) -> None:
    tokens = {one["user"]: one["id"] for one in (await program.get("/tokens")).json()["items"]}
    assert set(tokens) == {"admin", "operator", "viewer"}
    assert (await program.send("DELETE", f"/tokens/{tokens['viewer']}")).status_code == 204
    assert (await program.get("/me", Role.VIEWER)).status_code == 401
    assert problem(await program.send("DELETE", f"/me/tokens/{tokens['operator']}"))["code"] == "not-found"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "x" * 81}, "name"),
        ({"scopes": ["root"]}, "scopes[0]"),
        ({"seconds": 0}, "seconds"),
        ({"seconds": 400 * 86_400}, "seconds"),
    ],
)
async def test_what_cannot_be_meant(program: Program, change: dict[str, object], field: str) -> None:
    assert problem(await program.send("POST", "/me/tokens", WANTED | change))["errors"][0]["field"] == field


async def test_a_token_is_good_for_something(program: Program) -> None:
    assert problem(await program.send("POST", "/me/tokens", {**WANTED, "scopes": []}))["code"] == "invalid"
