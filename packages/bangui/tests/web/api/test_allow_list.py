"""The allow list as programs see and change it."""

from __future__ import annotations

import pytest

from bangui.domain.accounts import Role
from packages.bangui.tests.web.api.programs import Program, problem


async def test_an_entry_is_added_listed_and_removed(program: Program) -> None:
    body = {"entries": ["192.0.2.0/24"], "note": "the office", "seconds": 3600, "lifts_bans": True}
    made = (await program.send("POST", "/allow-list", body)).json()
    assert (made["entries"], made["failures"], made["lifted"]) == (["192.0.2.0/24"], [], 1)
    assert "sshd" in made["jails"]
    (entry,) = (await program.get("/allow-list", Role.VIEWER)).json()["items"]
    assert (entry["entry"], entry["kind"], entry["origin"]) == ("192.0.2.0/24", "network", "bangui")
    assert (entry["note"], entry["author"], entry["for_all"]) == ("the office", "admin (tests)", True)
    assert entry["ends_at"] > entry["made_at"]
    gone = (await program.send("DELETE", "/allow-list?entry=192.0.2.0/24")).json()
    assert (gone["entry"], gone["failures"]) == ("192.0.2.0/24", [])
    assert (await program.get("/allow-list")).json()["items"] == []


async def test_in_some_jails_only(program: Program) -> None:
    await program.send("POST", "/allow-list", {"entries": ["192.0.2.9"], "jails": ["sshd"]})
    assert program.gateway.jails["sshd"].allowed == ("192.0.2.9",)
    assert program.gateway.jails["recidive"].allowed == ()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"entries": ["0.0.0.0"]}, None),
        ({"entries": []}, None),
        ({"entries": ["office.example"]}, "entries[0]"),
        ({"entries": ["192.0.2.1"], "seconds": 1}, "seconds"),
        ({"entries": ["192.0.2.1"], "note": "x" * 1_001}, "note"),
    ],
)
async def test_what_cannot_be_meant(program: Program, body: object, field: str | None) -> None:
    told = problem(await program.send("POST", "/allow-list", body))
    assert told["code"] == "invalid"
    assert [error["field"] for error in told["errors"]] == ([field] if field else [])


async def test_what_is_not_there_and_who_may_not(program: Program) -> None:
    assert problem(await program.send("DELETE", "/allow-list?entry=192.0.2.9"))["code"] == "invalid"
    answer = await program.send("POST", "/allow-list", {"entries": ["192.0.2.1"]}, role=Role.OPERATOR)
    assert problem(answer)["code"] == "forbidden"
    body = {"entries": ["192.0.2.1"], "jails": ["shsd"]}
    assert problem(await program.send("POST", "/allow-list", body))["code"] == "unknown-jail"
