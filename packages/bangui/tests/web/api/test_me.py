"""Who asks."""

from __future__ import annotations

from bangui.domain.accounts import Role
from packages.bangui.tests.web.api.programs import Program, problem
from packages.bangui.tests.web.client import ask


async def test_a_program_learns_whose_it_is_and_what_it_may(program: Program) -> None:
    told = (await program.get("/me", Role.OPERATOR)).json()
    assert told == {
        "user": "operator",
        "role": "operator",
        "via": "api-token",
        "scopes": ["read", "ban"],
        "address": "127.0.0.1",
        "token": "tests",
        "token_ends": told["token_ends"],
    }
    assert told["token_ends"].endswith("Z")


async def test_a_stranger_learns_nothing(program: Program) -> None:
    answer = await ask(program.app, "/api/v1/me")
    assert problem(answer)["code"] == "unauthorized"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    wrong = await ask(program.app, "/api/v1/me", headers={"authorization": f"Bearer bgt_{'a' * 52}"})
    assert problem(wrong)["code"] == "unauthorized"
