"""One's own password and codes, as programs change them."""

from __future__ import annotations

from pyotp import TOTP

from bangui.domain.accounts import Role
from packages.bangui.tests.access import PASSWORD
from packages.bangui.tests.web.api.programs import Program, problem

OLD = {"password": PASSWORD.reveal()}
WRONG = {"password": "four words of yours"}


async def test_a_password_is_changed_by_whoever_knows_the_old_one(program: Program) -> None:
    new = {"new_password": "five other words of mine"}
    answer = await program.send("PUT", "/me/password", WRONG | new)
    assert (answer.status_code, problem(answer)["code"]) == (403, "wrong-password")
    assert (await program.send("PUT", "/me/password", OLD | new)).status_code == 204
    assert problem(await program.send("PUT", "/me/password", OLD | new))["code"] == "wrong-password"


async def test_a_new_password_that_is_none_is_refused(program: Program) -> None:
    answer = await program.send("PUT", "/me/password", OLD | {"new_password": "hush"})
    assert problem(answer)["code"] == "invalid"
    assert "hush" not in answer.text


async def test_codes_are_turned_on_in_two_steps_and_off_again(program: Program) -> None:
    assert problem(await program.send("POST", "/me/codes", WRONG))["code"] == "wrong-password"
    secret = (await program.send("POST", "/me/codes", OLD)).json()["secret"]
    assert problem(await program.send("POST", "/me/codes/confirm", {"code": "000000x"}))["code"] == "wrong-password"
    done = await program.send("POST", "/me/codes/confirm", {"code": TOTP(secret).now()})
    assert len(done.json()["codes"]) > 5
    renewed = await program.send("POST", "/me/codes/recovery", OLD)
    assert set(renewed.json()["codes"]).isdisjoint(done.json()["codes"])
    assert (await program.get("/users/admin")).json()["has_codes"]
    assert (await program.send("POST", "/me/codes/off", OLD)).status_code == 204
    assert not (await program.get("/users/admin")).json()["has_codes"]


async def test_who_guesses_passwords_waits(program: Program) -> None:
    answers = [await program.send("POST", "/me/codes/off", WRONG) for _ in range(30)]
    answer = answers[-1]
    assert problem(answer)["code"] == "too-many-requests"
    assert int(answer.headers["retry-after"]) >= 1


async def test_a_token_that_may_little_changes_nothing_of_its_owner(program: Program) -> None:
    for method, path, body in (
        ("PUT", "/me/password", OLD | {"new_password": "five other words of mine"}),
        ("POST", "/me/codes", OLD),
        ("POST", "/me/codes/confirm", {"code": "123456"}),
        ("POST", "/me/codes/recovery", OLD),
        ("POST", "/me/codes/off", OLD),
    ):
        assert problem(await program.send(method, path, body, role=Role.OPERATOR))["code"] == "forbidden"
