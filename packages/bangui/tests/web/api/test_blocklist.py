"""Lists for firewalls, over HTTP."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from bangui.domain.daemon import DaemonState, Presence
from packages.bangui.tests.filled_history import NOW
from packages.bangui.tests.web.api.programs import Prepared, Program, problem, program_over
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.scripted import HOST, few_bans, hostile_host, make_ban, make_snapshot, many_bans


async def test_a_firewall_gets_one_address_on_each_line(program: Program) -> None:
    answer = await program.get("/blocklist.txt?jail=recidive")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "203.0.113.7\n203.0.113.201\n2001:db8::42\n"
    assert (await program.get("/blocklist.txt?jail=recidive&family=ipv6")).text == "2001:db8::42\n"


@pytest.mark.parametrize(
    ("form", "first"),
    [("cidr", "192.0.2.131"), ("nft", "add table inet bangui"), ("ipset", "create bangui-ipv4 hash:net")],
)
async def test_other_forms(program: Program, form: str, first: str) -> None:
    assert (await program.get(f"/blocklist.txt?format={form}")).text.startswith(first)


async def test_a_firewall_that_has_the_list_gets_304_until_it_changes(program: Program) -> None:
    first = await program.get("/blocklist.txt")
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = await program.get("/blocklist.txt", if_none_match=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    program.live.show(make_snapshot([make_ban("192.0.2.77", now=NOW)], now=NOW))
    changed = await program.get("/blocklist.txt", if_none_match=tag)
    assert (changed.status_code, changed.text) == (200, "192.0.2.77\n")
    assert changed.headers["etag"] != tag


async def test_the_same_bans_have_the_same_tag_in_another_run(tmp_path: Path, program: Program) -> None:
    other = tmp_path / "other"
    other.mkdir()
    async with program_over(other) as second:
        tags = {(await one.get("/blocklist.txt")).headers["etag"] for one in (program, second)}
    assert len(tags) == 1


async def test_a_long_list_travels_compressed_and_has_a_tag_of_its_own(tmp_path: Path, prepared: Prepared) -> None:
    async with program_over(tmp_path, prepared=prepared, snapshot=many_bans(500, NOW)) as program:
        plain = await program.get("/blocklist.txt", accept_encoding="identity")
        small = await program.get("/blocklist.txt", accept_encoding="br, gzip;q=0.8")
    assert small.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.text == small.text
    assert len(gzip.compress(plain.content)) < len(plain.content) // 2
    assert small.headers["etag"] != plain.headers["etag"]
    assert "Accept-Encoding" in small.headers["vary"]


async def test_no_id_of_an_attacker_gets_into_a_list(tmp_path: Path, prepared: Prepared) -> None:
    async with program_over(tmp_path, prepared=prepared, snapshot=hostile_host(NOW)) as program:
        assert (await program.get("/blocklist.txt")).text == "2001:db8:85a3:1319:8a2e:370:7344:1f0c\n"


async def test_while_the_bans_are_not_known_there_is_no_list(tmp_path: Path, prepared: Prepared) -> None:
    starting = replace(few_bans(NOW), daemon=DaemonState(HOST, Presence.STARTING, None, NOW), bans=(), jails=())
    async with program_over(tmp_path, prepared=prepared, snapshot=starting) as program:
        assert problem(await program.get("/blocklist.txt"))["code"] == "daemon-away"
        program.live.show(make_snapshot([make_ban("192.0.2.1", now=NOW)], unlisted={"flood": 900_000}, now=NOW))
        assert problem(await program.get("/blocklist.txt"))["code"] == "unavailable"
        assert (await program.get("/blocklist.txt?jail=sshd")).text == "192.0.2.1\n"


async def test_while_the_daemon_is_away_the_last_list_stays(program: Program) -> None:
    before = await program.get("/blocklist.txt")
    program.live.show(replace(few_bans(NOW), daemon=DaemonState(HOST, Presence.AWAY, None, NOW, "gone")))
    assert (await program.get("/blocklist.txt")).headers["etag"] == before.headers["etag"]


async def test_only_whoever_may_read_gets_a_list(program: Program) -> None:
    assert (await ask(program.app, "/api/v1/blocklist.txt")).status_code == 401
    assert problem(await program.get("/blocklist.txt?jail=shsd"))["code"] == "unknown-jail"
    assert problem(await program.get("/blocklist.txt?format=xml"))["code"] == "invalid"
