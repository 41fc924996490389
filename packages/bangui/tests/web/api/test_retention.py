"""How long the history is kept, as programs set it."""

from __future__ import annotations

from bangui.domain.accounts import Role
from packages.bangui.tests.web.api.programs import Program, problem

START = {"keep": "forever", "keep_failures": "90d", "keep_size": "5G"}
OTHER = {"keep": "2y", "keep_failures": "30d", "keep_size": "unlimited"}


async def test_it_is_told_changed_and_taken_back(program: Program) -> None:
    assert (await program.get("/retention")).json() == START
    assert (await program.send("PUT", "/retention", OTHER)).json() == OTHER
    assert (await program.get("/retention")).json() == OTHER
    assert (await program.send("DELETE", "/retention")).json() == START
    assert len((await program.get("/audit?action=settings")).json()["items"]) == 2


async def test_what_would_forget_nearly_everything_is_a_mistake(program: Program) -> None:
    told = problem(await program.send("PUT", "/retention", {**OTHER, "keep": "1m"}))
    assert told["errors"][0]["hint"] == "keep an hour at least, or say forever"
    assert problem(await program.send("PUT", "/retention", {"keep": "2y"}))["code"] == "invalid"
    assert (await program.get("/retention")).json() == START


async def test_only_those_who_configure_change_it(program: Program) -> None:
    assert problem(await program.send("PUT", "/retention", OTHER, role=Role.OPERATOR))["code"] == "forbidden"
