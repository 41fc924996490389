"""Bans by hand, as programs make them."""

from __future__ import annotations

import pytest

from bangui.domain.accounts import Role
from bangui.domain.errors import AwayReason, DaemonAway
from packages.bangui.tests.web.api.programs import Program, problem


async def test_ids_are_banned_in_jails_and_each_result_is_told(program: Program) -> None:
    body = {"ids": ["192.0.2.7", "::ffff:192.0.2.7", "203.0.113.45"], "jails": ["sshd", "recidive"], "reason": "noise"}
    answer = await program.send("POST", "/bans", body, role=Role.OPERATOR)
    assert answer.status_code == 200
    told = answer.json()
    assert {(one["jail"], one["id"], one["result"]) for one in told["items"]} == {
        ("sshd", "192.0.2.7", "banned"),
        ("recidive", "192.0.2.7", "banned"),
        ("sshd", "203.0.113.45", "already-banned"),
        ("recidive", "203.0.113.45", "banned"),
    }
    assert told["stopped_by"] is None
    assert "192.0.2.7" in program.gateway.jails["recidive"].bans
    audit = (await program.get("/audit?action=ban")).json()["items"]
    assert {entry["actor"] for entry in audit} == {"operator (tests)"}


async def test_what_is_dangerous_needs_insistence_and_is_seen_in_a_review(program: Program) -> None:
    body = {"ids": ["198.51.100.0/24", "192.0.2.7"], "jails": ["sshd"]}
    review = (await program.send("POST", "/bans/review", body)).json()
    assert review["is_dangerous"]
    assert [bool(one["dangers"]) for one in review["items"]] == [True, False]
    assert "198.51.100.254" in review["items"][0]["dangers"][0]
    refused = await program.send("POST", "/bans", body)
    assert (refused.status_code, problem(refused)["code"]) == (409, "dangerous")
    assert "192.0.2.7" not in program.gateway.jails["sshd"].bans
    assert (await program.send("POST", "/bans", {**body, "insist": True})).status_code == 200
    assert "198.51.100.0/24" in program.gateway.jails["sshd"].bans


async def test_a_review_tells_what_is_banned_and_what_is_allowed(program: Program) -> None:
    program.gateway.jails["sshd"].allowed = ("192.0.2.0/24",)
    body = {"ids": ["203.0.113.45", "192.0.2.7"], "jails": ["sshd"]}
    items = (await program.send("POST", "/bans/review", body)).json()["items"]
    assert [(one["banned_in"], one["allowed_in"]) for one in items] == [(["sshd"], []), ([], ["sshd"])]


@pytest.mark.parametrize("path", ["/bans", "/bans/review"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "ids"),
        ({"ids": [], "jails": ["sshd"]}, ""),
        ({"ids": ["192.0.2.1"], "jails": []}, ""),
        ({"ids": ["192.0.2.1; reboot"], "jails": ["sshd"]}, "ids[0]"),
        ({"ids": ["192.0.2.1"], "jails": ["sshd"], "seconds": 59}, "seconds"),
        ({"ids": ["192.0.2.1"], "jails": ["sshd"], "seconds": "60"}, "seconds"),
        ({"ids": ["192.0.2.1"], "jails": ["sshd"], "reason": "x" * 501}, "reason"),
        ({"ids": ["192.0.2.1"], "jails": ["sshd"], "force": True}, "force"),
        ({"ids": ["192.0.2.1"] * 1_001, "jails": ["sshd"]}, "ids"),
    ],
)
async def test_what_cannot_be_meant(program: Program, path: str, body: object, field: str) -> None:
    answer = await program.send("POST", path, body)
    assert answer.status_code == 422
    assert field in [error["field"] for error in problem(answer)["errors"]]


async def test_a_jail_that_does_not_run(program: Program) -> None:
    answer = await program.send("POST", "/bans", {"ids": ["192.0.2.1"], "jails": ["shsd"]})
    assert problem(answer)["code"] == "unknown-jail"


async def test_a_daemon_that_is_away(program: Program) -> None:
    program.gateway.away = DaemonAway("nobody listens", "start it", reason=AwayReason.REFUSED)
    answer = await program.send("POST", "/bans", {"ids": ["192.0.2.1"], "jails": ["sshd"]})
    assert problem(answer)["code"] == "daemon-away"


async def test_a_viewer_bans_nobody(program: Program) -> None:
    answer = await program.send("POST", "/bans", {"ids": ["192.0.2.1"], "jails": ["sshd"]}, role=Role.VIEWER)
    assert problem(answer)["code"] == "forbidden"
    assert "192.0.2.1" not in program.gateway.jails["sshd"].bans


async def test_a_ban_that_comes_again_with_its_key_is_made_once(program: Program) -> None:
    body = {"ids": ["192.0.2.7"], "jails": ["sshd"]}
    first = await program.send("POST", "/bans", body, headers={"idempotency-key": "k1"})
    again = await program.send("POST", "/bans", body, headers={"idempotency-key": "k1"})
    assert first.json() == again.json()
    assert first.json()["items"][0]["result"] == "banned"
