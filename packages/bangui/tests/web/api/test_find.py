"""What a few letters may mean, as programs ask."""

from __future__ import annotations

import pytest

from packages.bangui.tests.web.api.programs import Program, problem


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("203.0.113.45", "address", "203.0.113.45"),
        ("2001:DB8::42", "address", "2001:db8::42"),
        ("203.0.113.2", "banned", ["203.0.113.201"]),
        ("ssh", "jails", ["sshd"]),
        ("germ", "countries", ["DE"]),
        ("evil", "networks", [{"number": 64500, "name": "EVIL-NET"}]),
        ("AS64501", "networks", [{"number": 64501, "name": "EXAMPLE-SIX"}]),
    ],
)
async def test_what_a_text_may_mean(program: Program, text: str, field: str, expected: object) -> None:
    assert (await program.get(f"/find?text={text}")).json()[field] == expected


async def test_a_text_that_means_nothing(program: Program) -> None:
    told = (await program.get("/find?text=zzzz")).json()
    assert told == {"address": None, "banned": [], "jails": [], "countries": [], "networks": []}
    assert problem(await program.get("/find?text=%20"))["code"] == "invalid"
