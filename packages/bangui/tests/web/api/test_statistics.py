"""Counts as programs see them."""

from __future__ import annotations

import pytest

from packages.bangui.tests.web.api.programs import Program, problem


async def test_the_last_day_is_counted_where_nothing_is_asked(program: Program) -> None:
    told = (await program.get("/statistics")).json()
    assert (told["since"], told["until"]) == ("2026-05-31T12:00:00Z", "2026-06-01T12:00:00Z")
    assert (told["totals"]["ban"], told["totals_before"]["ban"], told["is_comparable"]) == (4, 1, True)
    assert told["totals"]["already-banned"] == 0
    assert (told["step"], len(told["steps"])) == (3600, 24)
    assert sum(step["bans"] for step in told["steps"]) == 4
    assert told["jails"][0] == {"jail": "sshd", "bans": 3, "failures": 15, "bans_before": 1, "failures_before": 0}


async def test_a_jail_alone(program: Program) -> None:
    told = (await program.get("/statistics?jail=web")).json()
    assert [jail["jail"] for jail in told["jails"]] == ["web"]


async def test_counts_over_time_by_jail(program: Program) -> None:
    told = (await program.get("/series?since=2026-06-01T08:00:00Z&until=2026-06-01T12:00:00Z&step=3600")).json()
    assert told["step"] == 3600
    assert told["items"][0] == {"start": "2026-06-01T08:00:00Z", "jail": "sshd", "bans": 1, "failures": 5}
    assert {point["jail"] for point in told["items"]} == {"sshd", "postfix", "web"}


@pytest.mark.parametrize("path", ["/statistics", "/series"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("step=61", "step"),
        ("step=59", "step"),
        ("step=900&since=2026-01-01T00:00:00Z", "step"),
        ("step=60&since=2026-05-31T12:00:00Z", "step"),
        ("since=2026-06-02T00:00:00Z", "until"),
        ("since=1970-01-01T00:00:00Z&step=86400", "step"),
    ],
)
async def test_what_cannot_be_counted(program: Program, path: str, query: str, field: str) -> None:
    assert problem(await program.get(f"{path}?{query}"))["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "query", ["since=1970-01-01T00:00:00Z", "until=1970-01-01T00:00:00Z", "until=9998-01-01T00:00:00Z"]
)
async def test_the_edges_of_time_are_counted_as_well(program: Program, query: str) -> None:
    assert (await program.get(f"/statistics?{query}")).status_code == 200


@pytest.mark.parametrize("path", ["/statistics", "/series"])
async def test_a_jail_that_never_was(program: Program, path: str) -> None:
    assert problem(await program.get(f"{path}?jail=shsd"))["code"] == "unknown-jail"
