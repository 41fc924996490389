"""Reloading fail2ban, as programs do it."""

from __future__ import annotations

from bangui.domain.accounts import Role
from packages.bangui.tests.memory import MemoryJail
from packages.bangui.tests.web.api.programs import Program, problem


async def test_a_reload_is_made_that_leads_to_what_somebody_has_seen(program: Program) -> None:
    program.gateway.configured = {"sshd": MemoryJail(), "web": MemoryJail()}
    forecast = (await program.get("/reload")).json()
    assert (forecast["kept"], forecast["added"]) == (["sshd"], ["web"])
    assert "recidive" in forecast["removed"]
    answer = await program.send("POST", "/reload", {"jails": forecast["jails"]})
    assert answer.json() == {"jails": ["sshd", "web"]}
    assert set(program.gateway.jails) == {"sshd", "web"}


async def test_another_outcome_than_the_one_that_was_seen_is_refused(program: Program) -> None:
    program.gateway.configured = {"sshd": MemoryJail()}
    answer = await program.send("POST", "/reload", {"jails": ["other"]})
    assert (answer.status_code, problem(answer)["code"]) == (409, "refused")
    program.gateway.configured = None
    assert problem(await program.get("/reload"))["code"] == "refused"


async def test_only_those_who_configure_reload(program: Program) -> None:
    assert problem(await program.get("/reload", Role.OPERATOR))["code"] == "forbidden"
