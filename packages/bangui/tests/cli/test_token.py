from __future__ import annotations

import json

import pytest

from packages.bangui.tests.cli.harness import Bangui


@pytest.fixture
def with_ada(bangui: Bangui) -> Bangui:
    bangui("user", "add", "ada", "--role", "operator", "--password-stdin", stdin="four words of mine\n")
    return bangui


def tokens(bangui: Bangui) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(bangui("token", "--json").out)["tokens"]
    return listed


def test_without_tokens_it_says_how_to_make_one(with_ada: Bangui) -> None:
    assert "sudo bangui token add NAME" in with_ada("token").out


def test_a_token_is_shown_once_and_alone_so_that_it_can_be_piped(with_ada: Bangui) -> None:
    made = with_ada("token", "add", "ada", "--name", "backup", "--scope", "read,ban", "--for", "30d")
    assert (made.code, made.err) == (0, "")
    secret = made.out.strip()
    assert secret.startswith("bgt_")
    assert "\n" not in secret
    (listed,) = tokens(with_ada)
    assert (listed["of"], listed["name"], listed["scopes"]) == ("ada", "backup", ["ban", "read"])
    assert secret not in json.dumps(listed)
    assert str(listed["begins"]) == secret[:8]
    table = with_ada("token", "list").out.splitlines()
    assert table[1].split()[:5] == [secret[:8], "ada", "backup", "ban", "read"]


def test_on_a_terminal_it_says_that_it_is_shown_only_now(with_ada: Bangui) -> None:
    assert "only time" in with_ada("token", "add", "ada", "--name", "x", columns=80).out


def test_as_json_the_token_comes_with_what_it_is(with_ada: Bangui) -> None:
    made = json.loads(with_ada("token", "add", "ada", "--name", "x", "--json").out)
    assert made["token"].startswith(made["begins"])
    assert made["scopes"] == ["read"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("add", "ada", "--name", "x", "--scope", "everything"), "nothing that a token may do"),
        (("add", "ada", "--name", "x", "--scope", "configure"), "ada may not configure"),
        (("add", "ada", "--name", "x", "--for", "20y"), "a token ends by itself"),
        (("add", "ada", "--name", "x", "--for", "soon"), "soon"),
        (("add", "ada", "--name", " "), "a token needs a name"),
        (("add", "nobody", "--name", "x"), "no user named 'nobody'"),
        (("remove", "bgt_none"), "no token begins so"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(with_ada: Bangui, words: tuple[str, ...], complaint: str) -> None:
    outcome = with_ada("token", *words)
    assert outcome.code in {1, 2}
    assert (outcome.out, outcome.err.count("\n")) == ("", 1)
    assert complaint in outcome.err


def test_a_token_is_removed_by_its_beginning_or_as_a_whole(with_ada: Bangui) -> None:
    first = with_ada("token", "add", "ada", "--name", "first").out.strip()
    second = with_ada("token", "add", "ada", "--name", "second").out.strip()
    assert with_ada("token", "remove", first).out == f"removed {first[:8]}... (first)\n"
    assert json.loads(with_ada("token", "remove", second[:8], "--json").out) == {"removed": second[:8]}
    assert tokens(with_ada) == []
