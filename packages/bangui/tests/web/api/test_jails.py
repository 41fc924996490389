"""Jails as programs see them, whatever they are called."""

from __future__ import annotations

from pathlib import Path

from bangui.domain.errors import AwayReason, DaemonAway
from packages.bangui.tests.filled_history import NOW
from packages.bangui.tests.web.api.programs import Prepared, Program, problem, program_over
from packages.bangui.tests.web.scripted import HOSTILE_IDS, make_snapshot

NAMES = (*(name for name in HOSTILE_IDS if len(name) < 500), "a/b", "..", "?x=1#y", "%2e")


async def test_all_jails_are_listed_with_their_counters(program: Program) -> None:
    told = (await program.get("/jails")).json()
    assert told["next"] is None
    assert [jail["name"] for jail in told["items"]] == [
        "nginx-botsearch",
        "nginx-http-auth",
        "postfix-sasl",
        "recidive",
        "sshd",
    ]
    assert told["items"][4]["currently_banned"] == 3


async def test_a_jail_tells_its_rule_and_its_allow_list(program: Program) -> None:
    program.gateway.jails["sshd"].allowed = ("127.0.0.1/8", "192.0.2.1")
    told = (await program.get("/jails/sshd")).json()
    assert told["jail"]["key"] == "sshd"
    assert told["rule"] == {"max_retry": 5, "find_time": 600, "ban_time": 600, "grows": False}
    assert told["allowed"] == ["127.0.0.1/8", "192.0.2.1"]


async def test_every_jail_is_found_by_its_key_whatever_it_is_called(tmp_path: Path, prepared: Prepared) -> None:
    async with program_over(tmp_path, prepared=prepared, snapshot=make_snapshot(jails=NAMES, now=NOW)) as program:
        listed = (await program.get("/jails")).json()["items"]
        assert {jail["name"] for jail in listed} == set(NAMES)
        for jail in listed:
            told = (await program.get(f"/jails/{jail['key']}")).json()
            assert told["jail"] == jail


async def test_a_jail_that_does_not_run_is_not_found_and_the_right_one_is_named(program: Program) -> None:
    answer = await program.get("/jails/shsd")
    assert answer.status_code == 404
    told = problem(answer)
    assert (told["code"], told["hint"]) == ("unknown-jail", "Did you mean 'sshd'?")


async def test_a_key_that_is_none_is_a_mistake_in_the_path(program: Program) -> None:
    told = problem(await program.get("/jails/~!!"))
    assert (told["code"], told["errors"][0]["place"], told["errors"][0]["field"]) == ("invalid", "path", "jail")


async def test_a_daemon_that_is_away_cannot_be_asked(program: Program) -> None:
    program.gateway.away = DaemonAway("nobody listens", "start it", reason=AwayReason.REFUSED)
    answer = await program.get("/jails/sshd")
    assert answer.status_code == 503
    assert problem(answer)["code"] == "daemon-away"
