"""What was noticed before an operation was asked, as programs read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bangui.web import WebSettings
from bangui.web.api.errors import STRANGER_BURST, is_api_path
from packages.bangui.tests.web.api.programs import Prepared, Program, problem, program_over
from packages.bangui.tests.web.client import ask

_TYPE = "application/problem+json"


@pytest.mark.parametrize(
    ("path", "is_api"),
    [("/api/v1", True), ("/api/v1/bans", True), ("/api/v1/docs", False), ("/api/v10", False), ("/", False)],
)
def test_which_paths_are_meant(path: str, is_api: bool) -> None:
    assert is_api_path(path) is is_api


async def test_every_error_below_the_path_is_a_problem(program: Program) -> None:
    assert problem(await program.get("/nowhere"))["code"] == "not-found"
    assert problem(await program.send("PUT", "/me", {}))["code"] == "method-not-allowed"
    assert problem(await program.send("TRACE", "/me"))["code"] == "method-not-allowed"
    assert problem(await program.get(f"/me?{'x' * 9_000}"))["code"] == "target-too-long"
    assert problem(await program.get("/me", host="evil.example"))["code"] == "unknown-host"
    assert problem(await program.send("GET", "/me", {}))["code"] == "too-large"


async def test_an_address_says_which_methods_it_takes(program: Program) -> None:
    assert (await program.send("PUT", "/me", {})).headers["allow"] == "GET, HEAD"
    assert (await program.send("PATCH", "/bans", {})).headers["allow"] == "DELETE, GET, HEAD, POST"
    assert (await program.send("TRACE", "/jails/sshd/stop")).headers["allow"] == "POST"


async def test_a_browser_of_another_site_gets_nothing(program: Program) -> None:
    assert problem(await program.get("/me", sec_fetch_site="cross-site"))["code"] == "forbidden"


async def test_other_paths_answer_as_before(program: Program) -> None:
    assert (await ask(program.app, "/nowhere")).headers["content-type"].startswith("text/html")


async def test_strangers_are_told_to_wait_and_programs_beside_them_are_not(program: Program) -> None:
    for _ in range(STRANGER_BURST):
        assert (await ask(program.app, "/api/v1/me", client="192.0.2.9")).status_code == 401
    answer = await ask(program.app, "/api/v1/me", client="192.0.2.9")
    assert problem(answer)["code"] == "too-many-requests"
    assert int(answer.headers["retry-after"]) >= 1
    assert (await ask(program.app, "/api/v1/me", client="192.0.2.10")).status_code == 401
    told = {"authorization": f"Bearer {next(iter(program.tokens.values()))}"}
    assert (await ask(program.app, "/api/v1/me", client="192.0.2.9", headers=told)).status_code == 200


async def test_behind_a_proxy_problems_lead_to_its_path(tmp_path: Path, prepared: Prepared) -> None:
    async with program_over(
        tmp_path, prepared=prepared, settings=WebSettings(version="1", base_path="/bangui")
    ) as program:
        answer = await ask(program.app, "/bangui/api/v1/nowhere")
        assert problem(answer)["type"] == "/bangui/api/v1/docs#not-found"
        assert answer.headers["content-type"] == _TYPE
