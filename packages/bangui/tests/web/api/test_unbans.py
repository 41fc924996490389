"""Bans that programs lift."""

from __future__ import annotations

from pathlib import Path

import pytest

from packages.bangui.tests.filled_history import NOW
from packages.bangui.tests.web.api.programs import Prepared, Program, problem, program_over
from packages.bangui.tests.web.scripted import hostile_host


async def test_an_id_is_unbanned_everywhere_or_in_some_jails(program: Program) -> None:
    told = (await program.send("DELETE", "/bans?id=203.0.113.7")).json()
    assert (told["lifted"], told["items"][0]["jails"], told["items"][0]["jail"]) == (1, ["recidive"], None)
    told = (await program.send("DELETE", "/bans?id=203.0.113.201&jail=recidive&jail=sshd")).json()
    assert told["lifted"] == 1
    assert "203.0.113.201" not in program.gateway.jails["recidive"].bans


async def test_many_are_unbanned_at_once(program: Program) -> None:
    bans = [{"jail": "sshd", "id": "203.0.113.45"}, {"jail": "recidive", "id": "2001:db8::42"}]
    assert (await program.send("POST", "/unbans", {"bans": bans})).json()["lifted"] == 2
    assert (await program.send("POST", "/unbans", {"ids": ["198.51.100.23", "192.0.2.99"]})).json()["lifted"] == 1


async def test_all_that_match_are_unbanned(program: Program) -> None:
    matching = {"within": "203.0.113.0/24", "jail": "recidive"}
    assert (await program.send("POST", "/unbans", {"matching": matching})).json()["lifted"] == 2
    assert list(program.gateway.jails["recidive"].bans) == ["2001:db8::42"]
    nothing = await program.send("POST", "/unbans", {"matching": {"country": ["KP"]}})
    assert nothing.json() == {"items": [], "next": None, "lifted": 0, "stopped_by": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"ids": ["192.0.2.1"], "bans": [{"jail": "sshd", "id": "192.0.2.1"}]}, ""),
        ({"matching": {}}, "matching"),
        ({"ids": ["root"]}, "ids[0]"),
        ({"bans": [{"jail": "sshd", "id": "evil; text"}]}, "bans[0]"),
        ({"bans": [{"jail": "sshd"}]}, "bans[0].id"),
        ({"matching": {"kind": "x"}}, "matching.kind"),
    ],
)
async def test_what_cannot_be_meant(program: Program, body: object, field: str) -> None:
    answer = await program.send("POST", "/unbans", body)
    assert answer.status_code == 422
    assert problem(answer)["errors"][0]["field"] == field


async def test_a_text_that_is_banned_can_be_lifted_and_no_other_text_reaches_the_daemon(
    tmp_path: Path, prepared: Prepared
) -> None:
    async with program_over(tmp_path, prepared=prepared, snapshot=hostile_host(NOW)) as program:
        answer = await program.send("POST", "/unbans", {"ids": ["'; DROP TABLE bans; --{{ 7 * 7 }}"]})
        assert answer.json()["lifted"] == 1
        performed = len(program.gateway.performed)
        assert (await program.send("DELETE", "/bans?id=other%20text")).status_code == 422
        assert len(program.gateway.performed) == performed


async def test_a_jail_that_does_not_run(program: Program) -> None:
    for method, path, body in (
        ("DELETE", "/bans?id=192.0.2.1&jail=shsd", None),
        ("POST", "/unbans", {"bans": [{"jail": "shsd", "id": "192.0.2.1"}]}),
        ("POST", "/unbans", {"matching": {"jail": "shsd"}}),
    ):
        assert problem(await program.send(method, path, body))["code"] == "unknown-jail"
