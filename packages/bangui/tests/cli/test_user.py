from __future__ import annotations

import json

import pytest

from packages.bangui.tests.cli.harness import Bangui, Outcome

WORDS = "four words of mine"


def add(bangui: Bangui, name: str = "ada", role: str = "admin") -> Outcome:
    return bangui("user", "add", name, "--role", role, "--password-stdin", stdin=f"{WORDS}\n")


def users(bangui: Bangui) -> dict[str, dict[str, object]]:
    return {user["name"]: user for user in json.loads(bangui("user", "--json").out)["users"]}


def test_without_accounts_it_says_how_to_make_one(bangui: Bangui) -> None:
    outcome = bangui("user")
    assert (outcome.code, outcome.err) == (0, "")
    assert "sudo bangui user add NAME --role admin" in outcome.out


def test_an_account_is_made_and_listed(bangui: Bangui) -> None:
    assert add(bangui).out == "added ada, admin\n"
    lines = bangui("user", "list").out.splitlines()
    assert lines[0].split() == ["NAME", "ROLE", "CODES", "LAST", "LOGIN", "STATE"]
    assert lines[1].split() == ["ada", "admin", "no", "never"]
    assert users(bangui)["ada"] | {"created": ""} == {
        "name": "ada",
        "role": "admin",
        "disabled": False,
        "has_password": True,
        "has_codes": False,
        "created": "",
        "last_login": None,
    }


def test_a_password_is_typed_twice_and_shown_nowhere(bangui: Bangui) -> None:
    bangui.typed = [WORDS, WORDS]
    outcome = bangui("user", "add", "ada")
    assert (outcome.code, outcome.out) == (0, "added ada, viewer\n")
    assert bangui.prompts == ["Password: ", "The same again: "]
    bangui.typed = [WORDS, "something else"]
    differs = bangui("user", "add", "bob")
    assert (differs.code, "bob" in users(bangui)) == (2, False)
    assert "the two passwords differ" in differs.err


@pytest.mark.parametrize(
    ("words", "stdin", "complaint"),
    [
        (("add", "bob", "--role", "king", "--password-stdin"), WORDS, "'king' is no role"),
        (("add", "bob", "--password-stdin"), "short", "less than 12 characters"),
        (("add", "bob", "--password-stdin"), "", "no password on standard input"),
        (("add", "b b", "--password-stdin"), WORDS, "cannot be the name of a user"),
        (("add", "Ada", "--password-stdin"), WORDS, "a user named 'ada' already"),
        (("role", "ada", "viewer"), "", "last administrator"),
        (("disable", "ada"), "", "last administrator"),
        (("remove", "ada"), "", "last administrator"),
        (("remove", "nobody"), "", "no user named 'nobody'"),
        (("password", "nobody", "--password-stdin"), WORDS, "no user named 'nobody'"),
        (("forgive", "nobody"), "", "no user named 'nobody'"),
        (("log-out", "nobody"), "", "no user named 'nobody'"),
        (("codes-off", "nobody"), "", "no user named 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    bangui: Bangui, words: tuple[str, ...], stdin: str, complaint: str
) -> None:
    add(bangui)
    before = users(bangui)
    outcome = bangui("user", *words, stdin=stdin)
    assert outcome.code in {1, 2}
    assert (outcome.out, outcome.err.count("\n")) == ("", 1)
    assert complaint in outcome.err
    assert users(bangui) == before


def test_every_action_does_what_it_says(bangui: Bangui) -> None:
    add(bangui)
    add(bangui, "bob", "viewer")
    assert bangui("user", "role", "bob", "operator").out == "bob is operator now\n"
    assert users(bangui)["bob"]["role"] == "operator"
    assert bangui("user", "disable", "bob").code == 0
    assert bangui("user").out.splitlines()[2].endswith("disabled")
    assert bangui("user", "enable", "bob").code == 0
    assert users(bangui)["bob"]["disabled"] is False
    changed = bangui("user", "password", "bob", "--password-stdin", stdin="other words of bob\n")
    assert changed.out == "bob has another password, and no session any more\n"
    assert bangui("user", "codes-off", "bob").code == 0
    assert bangui("user", "log-out", "bob").out == "ended 0 sessions of bob\n"
    assert bangui("user", "forgive", "bob").code == 0
    assert bangui("user", "forgive", "203.0.113.7").out == "nobody at 203.0.113.7 has to wait any more\n"
    assert json.loads(bangui("user", "remove", "bob", "--json").out) == {"done": "remove", "name": "bob"}
    assert set(users(bangui)) == {"ada"}


def test_an_account_without_a_password_is_for_proxies(bangui: Bangui) -> None:
    assert bangui("user", "add", "carol", "--no-password").code == 0
    assert users(bangui)["carol"]["has_password"] is False
    assert "no password" in bangui("user").out


def test_an_unknown_action_is_told(bangui: Bangui) -> None:
    outcome = bangui("user", "promote", "ada")
    assert outcome.code == 2
    assert "promote" in outcome.err
