"""Rankings as programs see them."""

from __future__ import annotations

import pytest

from packages.bangui.tests.web.api.programs import Program, problem


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("by=jail", ["sshd", "recidive", "web", "postfix"]),
        ("by=country", ["DE", None, "NL"]),
        ("by=country&metric=failures&limit=1", ["DE"]),
        ("by=network", ["64500", None, "64501"]),
        ("by=subnet&limit=1", ["203.0.113.0/24"]),
        ("by=address&country=DE&limit=1", ["203.0.113.7"]),
        ("by=address&within=2001:db8::/32", ["2001:db8::7"]),
        ("by=address&network=64501&jail=sshd", ["2001:db8::7"]),
        ("by=jail&since=2026-06-01T11:30:00Z", ["web", "postfix"]),
    ],
)
async def test_what_was_counted_most(program: Program, query: str, keys: list[str | None]) -> None:
    told = (await program.get(f"/top?{query}")).json()
    assert [row["key"] for row in told["items"]] == keys


async def test_networks_have_names(program: Program) -> None:
    first = (await program.get("/top?by=network")).json()["items"][0]
    assert (first["network_name"], first["bans"], first["failures"]) == ("EVIL-NET", 4, 10)
    address = (await program.get("/top?by=address")).json()["items"][0]
    assert (address["country"], address["network"], address["network_name"]) == ("DE", 64500, "EVIL-NET")


async def test_some_filters_go_with_addresses_only(program: Program) -> None:
    told = problem(await program.get("/top?by=jail&country=DE&within=192.0.2.1"))
    assert [error["field"] for error in told["errors"]] == ["country", "within"]


async def test_what_is_counted_must_be_said(program: Program) -> None:
    assert problem(await program.get("/top"))["errors"][0]["field"] == "by"
    assert problem(await program.get("/top?by=jail&jail=shsd"))["code"] == "unknown-jail"
