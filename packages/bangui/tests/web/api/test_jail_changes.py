"""Settings of jails, and jails that are paused, stopped and started by programs."""

from __future__ import annotations

import pytest

from bangui.domain.accounts import Role
from packages.bangui.tests.web.api.programs import Program, problem


async def test_settings_are_told_with_their_meaning(program: Program) -> None:
    told = (await program.get("/jails/sshd/settings")).json()
    settings = {one["name"]: one for one in told["items"]}
    assert settings["maxretry"]["kind"] == "count"
    assert settings["maxretry"]["is_changeable"]
    assert settings["maxretry"]["meaning"]


async def test_a_command_that_may_hold_a_password_is_only_told_to_those_who_may_change_it(program: Program) -> None:
    program.gateway.jails["sshd"].values["ignorecommand"] = "check --password hush"
    assert "hush" in (await program.get("/jails/sshd/settings")).text
    assert "hush" not in (await program.get("/jails/sshd/settings", Role.OPERATOR)).text


async def test_a_setting_is_changed_and_what_was_there_is_told(program: Program) -> None:
    answer = await program.send("PUT", "/jails/sshd/settings/findtime", {"value": "1h 30m"})
    assert answer.json() == {"before": "600", "after": "5400"}
    assert (await program.get("/jails/sshd")).json()["rule"]["find_time"] == 5400


@pytest.mark.parametrize(
    ("setting", "value", "place"),
    [("bantime.formula", "1", "path"), ("nothing", "1", "path"), ("maxretry", "x" * 61, "body")],
)
async def test_what_cannot_be_changed(program: Program, setting: str, value: str, place: str) -> None:
    told = problem(await program.send("PUT", f"/jails/sshd/settings/{setting}", {"value": value}))
    assert (told["code"], told["errors"][0]["place"]) == ("invalid", place)


async def test_a_value_that_makes_no_sense(program: Program) -> None:
    answer = await program.send("PUT", "/jails/sshd/settings/bantime", {"value": "__import__('os')"})
    assert (answer.status_code, problem(answer)["code"]) == (422, "invalid")


async def test_a_jail_is_paused_resumed_and_stopped(program: Program) -> None:
    assert (await program.send("POST", "/jails/sshd/pause")).status_code == 204
    paused = program.gateway.jails["sshd"].is_paused
    assert (await program.send("POST", "/jails/sshd/resume")).status_code == 204
    assert (paused, program.gateway.jails["sshd"].is_paused) == (True, False)
    assert (await program.send("POST", "/jails/sshd/start")).status_code in {204, 409}
    assert (await program.send("POST", "/jails/sshd/stop")).json() == {"lifted": 3}
    assert "sshd" not in program.gateway.jails
    assert problem(await program.send("POST", "/jails/sshd/stop"))["code"] == "unknown-jail"


async def test_a_change_without_an_answer_is_made_once_with_a_key_too(program: Program) -> None:
    key = {"idempotency-key": "k1"}
    answers = [await program.send("POST", "/jails/sshd/pause", headers=key) for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]
    assert answers[1].headers["idempotency-replayed"] == "true"


async def test_only_an_administrator_changes_jails(program: Program) -> None:
    for path in ("/jails/sshd/stop", "/jails/sshd/pause"):
        assert problem(await program.send("POST", path, role=Role.OPERATOR))["code"] == "forbidden"
    assert "sshd" in program.gateway.jails
