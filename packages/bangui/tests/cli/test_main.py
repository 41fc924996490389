from __future__ import annotations

import json
from pathlib import Path

import pytest

from bangui.cli.arguments import COMMANDS, DEFAULT_SOCKET, actions_of
from bangui.domain.errors import AwayReason, DaemonAway, OperationRefused
from packages.bangui.tests.cli.harness import Bangui

READING = ["status", "jails", "bans", "ping", "version"]


@pytest.mark.parametrize("command", READING)
def test_every_reading_command_answers_in_text_and_in_one_json_document(bangui: Bangui, command: str) -> None:
    assert bangui(command).code == 0
    for words in ([command, "--json"], ["--json", command]):
        outcome = bangui(*words)
        assert isinstance(json.loads(outcome.out), dict)
        assert outcome.err == ""


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (["ping"], DEFAULT_SOCKET),
        (["--socket", "/x", "ping"], "/x"),
        (["ping", "--socket", "/x"], "/x"),
        (["--socket=/y", "ping", "--socket", "/x"], "/x"),
    ],
)
def test_the_socket_may_be_named_before_and_after_the_command(bangui: Bangui, words: list[str], path: str) -> None:
    bangui(*words)
    assert bangui.opened[-1][0] == path


def test_the_environment_names_the_socket_unless_an_option_does(bangui: Bangui) -> None:
    bangui.environment["BANGUI_SOCKET"] = "/env"
    bangui("ping")
    assert bangui.opened[-1][0] == "/env"
    bangui("ping", "--socket", "/x", "--timeout", "2.5")
    assert bangui.opened[-1] == ("/x", 2.5)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "which command?: see bangui --help"),
        (["stauts"], "there is no command 'stauts': did you mean 'stats' or 'status'?"),
        (["hist"], "there is no command 'hist': did you mean 'history'?"),
        (["xyzzy"], "there is no command 'xyzzy': see bangui --help"),
        (["ban", "sshd"], "the following arguments are required: IP: see bangui ban --help"),
        (["status", "more"], "unrecognized arguments: more: see bangui --help"),
        (["ping", "--timeout", "0"], "argument --timeout: expected seconds, such as 5 or 0.5, not '0'"),
        (["--sock", "/x", "ping"], "--sock is no option of bangui itself: did you mean --socket?"),
        (["completion", "tcsh"], "see bangui completion --help"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_told_in_one_line(bangui: Bangui, words: list[str], message: str) -> None:
    outcome = bangui(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("bangui: ")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (AwayReason.MISSING, 3),
        (AwayReason.REFUSED, 3),
        (AwayReason.LOST, 3),
        (AwayReason.FOREIGN, 3),
        (AwayReason.DENIED, 4),
        (AwayReason.SLOW, 5),
    ],
)
def test_a_daemon_that_is_away_has_an_exit_status_of_its_own(bangui: Bangui, reason: AwayReason, code: int) -> None:
    bangui.gateway.away = DaemonAway("it is gone", "start it", reason=reason)
    outcome = bangui("status")
    assert (outcome.code, outcome.out, outcome.err) == (code, "", "bangui: it is gone: start it\n")


def test_with_json_an_error_is_an_object_on_standard_error(bangui: Bangui) -> None:
    bangui.gateway.away = DaemonAway("it is gone", "start it", reason=AwayReason.MISSING)
    outcome = bangui("bans", "--json")
    assert (outcome.code, outcome.out) == (3, "")
    assert json.loads(outcome.err) == {
        "error": {"kind": "away", "message": "it is gone", "hint": "start it", "exit_code": 3, "reason": "missing"}
    }


def test_a_refusal_keeps_the_daemons_words_in_json_and_is_inert_in_text(bangui: Bangui) -> None:
    bangui.gateway.away = OperationRefused("no \x1b[2J", "ask", detail="ValueError: no")
    outcome = bangui("status")
    assert (outcome.code, outcome.err) == (1, "bangui: no \\x1b[2J: ask\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_itself_with_examples(bangui: Bangui, command: str) -> None:
    outcome = bangui(command, "--help")
    assert outcome.code == 0
    assert f"usage: bangui {command}" in outcome.out
    assert f"bangui {command}" in outcome.out.partition("options")[0].partition("\n")[2] + outcome.out[-600:]
    assert max(map(len, outcome.out.splitlines())) <= 120


def test_the_general_help_names_every_command_and_every_exit_status(bangui: Bangui) -> None:
    outcome = bangui("--help")
    assert outcome.code == 0
    assert all(f"\n    {command} " in outcome.out for command in COMMANDS)
    assert all(f"\n  {code} " in outcome.out for code in (0, 1, 2, 3, 4, 5, 130))


def test_the_version_needs_no_daemon(bangui: Bangui) -> None:
    bangui.gateway.performed.clear()
    outcome = bangui("--version")
    assert outcome.code == 0
    assert outcome.out.startswith("bangui 0.")
    assert bangui.gateway.performed == []


def test_the_documentation_names_every_command_and_option(pytestconfig: pytest.Config) -> None:
    text = (Path(pytestconfig.rootpath) / "docs/cli.md").read_text()
    options = {name for command in COMMANDS for action in actions_of(command) for name in action.option_strings}
    words = [*COMMANDS, *(option for option in options if option.startswith("--"))]
    assert [word for word in sorted(words) if word not in text] == []
