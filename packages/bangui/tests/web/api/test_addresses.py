"""Dossiers as programs see them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from packages.bangui.tests.filled_history import HOSTILE, NOW
from packages.bangui.tests.web.api.programs import Prepared, Program, problem, program_over
from packages.bangui.tests.web.scripted import HOSTILE_IDS, hostile_host


async def test_an_address_with_its_bans_and_what_is_around_it(program: Program) -> None:
    told = (await program.get("/addresses?id=203.0.113.7&bans=1")).json()
    assert (told["id"], told["country"], told["network_name"]) == ("203.0.113.7", "DE", "EVIL-NET")
    assert [ban["jail"] for ban in told["banned_now"]] == ["recidive"]
    assert told["known"]["bans"] == 2
    assert (len(told["bans"]), told["has_more_bans"]) == (1, True)
    assert len(told["bans"][0]["ban"]["lines"]) == 2
    assert told["jails"][0]["jail"] == "sshd"
    assert [around["id"] for around in told["banned_around"]] == ["203.0.113.0/24"]
    assert [other["id"] for other in told["subnet"]["others"]] == ["203.0.113.0/24", "203.0.113.9"]
    assert (told["system"]["name"], told["inside"]) == ("AS64500", None)


async def test_a_network_tells_what_came_from_it(program: Program) -> None:
    told = (await program.get("/addresses?id=203.0.113.0/24")).json()
    assert (told["banned_inside"], told["inside"]["bans"], told["inside"]["bans_are_exact"]) == (3, 4, True)


async def test_an_address_that_was_never_seen(program: Program) -> None:
    told = (await program.get("/addresses?id=192.0.2.99")).json()
    assert (told["known"], told["bans"], told["banned_now"]) == (None, [], [])


async def test_a_hostile_id_has_a_dossier_like_any_other(program: Program) -> None:
    told = (await program.get(f"/addresses?id={quote(HOSTILE)}")).json()
    assert (told["id"], told["known"]["bans"]) == (HOSTILE, 1)


@pytest.mark.parametrize("id", [id for id in HOSTILE_IDS if id and len(id) < 400])
async def test_nothing_that_may_be_asked_for_breaks_anything(tmp_path: Path, prepared: Prepared, id: str) -> None:
    async with program_over(tmp_path, prepared=prepared, snapshot=hostile_host(NOW)) as program:
        answer = await program.get(f"/addresses?id={quote(id, errors='replace')}")
    assert answer.status_code == 200


@pytest.mark.parametrize("query", ["", "id=", "id=%20", f"id={'x' * 501}", "id=a%00", "id=x&bans=0"])
async def test_what_is_no_id_is_refused(program: Program, query: str) -> None:
    assert problem(await program.get(f"/addresses?{query}"))["code"] == "invalid"
