"""The bans in force as programs see them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from packages.bangui.tests.filled_history import NOW
from packages.bangui.tests.web.api.programs import Prepared, Program, problem, program_over
from packages.bangui.tests.web.scripted import HOSTILE_IDS, hostile_host, make_ban, make_snapshot, many_bans


async def all_pages(program: Program, path: str) -> list[dict[str, object]]:
    """Return the bans of all pages."""
    found: list[dict[str, object]] = []
    after = ""
    for _ in range(500):
        told = (await program.get(f"{path}{after}")).json()
        found += told["items"]
        if told["next"] is None:
            return found
        after = f"&after={quote(told['next'])}"
    raise AssertionError("the list has no end")


async def test_bans_are_listed_the_newest_first(program: Program) -> None:
    told = (await program.get("/bans")).json()
    assert (told["matching"], told["next"], told["unlisted"]) == (8, None, [])
    assert told["items"][0] == {
        "jail": "sshd",
        "id": "203.0.113.45",
        "banned_at": "2026-06-01T11:59:46Z",
        "duration": 600,
        "ends_at": "2026-06-01T12:09:46Z",
        "country": "DE",
        "network": 64500,
        "network_name": "EVIL-NET",
        "origin": "filter",
        "author": None,
        "reason": None,
    }
    permanent = next(ban for ban in told["items"] if ban["id"] == "203.0.113.201")
    assert (permanent["duration"], permanent["ends_at"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("jail=nginx-http-auth", ["198.51.100.23"]),
        ("text=2001", ["2001:db8:85a3:1319:8a2e:370:7344:1f0c", "2001:db8::42"]),
        ("within=203.0.113.0/24", ["203.0.113.45", "203.0.113.7", "203.0.113.201"]),
        ("country=US", ["198.51.100.23", "198.51.100.0/24"]),
        ("network=64501&jail=recidive", ["2001:db8::42"]),
        ("origin=hand", []),
        ("sort=address&descending=false&limit=2", ["192.0.2.131", "198.51.100.0/24"]),
        ("sort=left&limit=1", ["203.0.113.201"]),
    ],
)
async def test_filters_and_orders(program: Program, query: str, ids: list[str]) -> None:
    assert [ban["id"] for ban in (await program.get(f"/bans?{query}")).json()["items"]] == ids


@pytest.mark.parametrize("sort", ["time", "left", "address", "jail", "country", "network"])
@pytest.mark.parametrize("descending", ["true", "false"])
async def test_pages_follow_each_other_in_every_order(
    tmp_path: Path, prepared: Prepared, sort: str, descending: str
) -> None:
    async with program_over(tmp_path, prepared=prepared, snapshot=many_bans(50, NOW)) as program:
        whole = (await program.get(f"/bans?sort={sort}&descending={descending}&limit=1000")).json()["items"]
        assert len(whole) == 50
        assert await all_pages(program, f"/bans?sort={sort}&descending={descending}&limit=7") == whole


async def test_hostile_ids_arrive_as_they_are_page_after_page(tmp_path: Path, prepared: Prepared) -> None:
    async with program_over(tmp_path, prepared=prepared, snapshot=hostile_host(NOW)) as program:
        ids = [ban["id"] for ban in await all_pages(program, "/bans?sort=address&limit=1")]
    assert set(HOSTILE_IDS) < set(ids)


@pytest.mark.parametrize("query", ["sort=time", "sort=address", "sort=address&descending=false"])
async def test_ids_that_are_too_long_to_be_told_apart_hold_no_program_up(
    tmp_path: Path, prepared: Prepared, query: str
) -> None:
    bans = [make_ban("x" * 5_000 + str(number), age=60, now=NOW) for number in range(20)]
    async with program_over(tmp_path, prepared=prepared, snapshot=make_snapshot(bans, now=NOW)) as program:
        assert len(await all_pages(program, f"/bans?{query}&limit=3")) < len(bans)


async def test_a_place_of_another_list_is_refused(program: Program) -> None:
    place = (await program.get("/bans?limit=1")).json()["next"]
    for query in ("sort=jail", "jail=sshd", "descending=false"):
        told = problem(await program.get(f"/bans?{query}&after={place}"))
        assert told["errors"][0]["field"] == "after"


async def test_a_jail_that_does_not_run_is_not_found(program: Program) -> None:
    assert problem(await program.get("/bans?jail=shsd"))["code"] == "unknown-jail"


async def test_jails_that_cannot_be_listed_are_named(tmp_path: Path, prepared: Prepared) -> None:
    async with program_over(
        tmp_path, prepared=prepared, snapshot=make_snapshot(unlisted={"flood": 900_000}, now=NOW)
    ) as program:
        assert (await program.get("/bans")).json()["unlisted"] == ["flood"]
