"""Logs, as programs read them."""

from __future__ import annotations

import pytest

from bangui.domain.accounts import Role
from bangui.services.log_lines import LEVELS
from bangui.web.api.logs import Level
from packages.bangui.tests.web.api.programs import Program, problem


def test_the_levels_are_those_of_fail2ban() -> None:
    assert tuple(level.name for level in Level) == LEVELS


async def test_the_logs_that_fail2ban_names_are_listed(program: Program) -> None:
    own, read = (await program.get("/logs")).json()["items"]
    assert (own["key"], own["is_own"], own["jails"]) == ("own", True, [])
    assert (read["key"], read["is_own"], read["jails"]) == ("sshd", False, ["sshd"])


async def test_lines_come_with_what_they_mean(program: Program) -> None:
    told = (await program.get("/logs/own")).json()
    assert [(line["mark"], line["id"]) for line in told["items"]] == [
        ("found", "203.0.113.45"),
        ("ban", "203.0.113.45"),
    ]
    told = (await program.get("/logs/sshd")).json()
    assert [(line["mark"], line["id"]) for line in told["items"]] == [(None, None), ("banned", "203.0.113.45")]


@pytest.mark.parametrize("query", ["level=notice", "text=NOTICE", "text=ban%20203"])
async def test_lines_are_filtered(program: Program, query: str) -> None:
    told = (await program.get(f"/logs/own?{query}")).json()
    assert ([line["mark"] for line in told["items"]], told["read"]) == (["ban"], 2)
    assert len((await program.get("/logs/sshd?marked=true")).json()["items"]) == 1


@pytest.mark.parametrize("key", ["other", "..%2f..%2fetc%2fpasswd", "%2Fetc%2Fpasswd"])
async def test_a_log_that_fail2ban_does_not_watch_is_not_read(program: Program, key: str) -> None:
    assert problem(await program.get(f"/logs/{key}"))["code"] == "not-found"


async def test_logs_are_for_those_who_configure(program: Program) -> None:
    assert problem(await program.get("/logs", Role.OPERATOR))["code"] == "forbidden"
    assert problem(await program.get("/logs/own", Role.OPERATOR))["code"] == "forbidden"
