from __future__ import annotations

import subprocess
import sys

import pytest

from bangui.cli.arguments import COMMANDS, DEFAULT_SOCKET, DEFAULT_TIMEOUT, actions_of, build_parser, parse_arguments
from bangui.domain.errors import InvalidInput

MINIMAL = {
    "ban": ["sshd", "192.0.2.1"],
    "unban": ["192.0.2.1"],
    "why": ["192.0.2.1"],
    "backup": ["file"],
    "restore": ["file"],
    "completion": ["bash"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_the_common_options_on_both_sides(command: str) -> None:
    words = [command, *MINIMAL.get(command, [])]
    plain = parse_arguments(words, {})
    assert (plain.command, plain.socket, plain.json, plain.timeout) == (command, DEFAULT_SOCKET, False, DEFAULT_TIMEOUT)
    common = ["--socket", "/x", "--json", "--no-color", "--timeout", "9"]
    for given in ([*common, *words], [*words, *common]):
        options = parse_arguments(given, {})
        assert (options.socket, options.json, options.no_color, options.timeout) == ("/x", True, True, 9.0)


def test_a_value_that_looks_like_a_command_is_no_command() -> None:
    assert parse_arguments(["--socket", "status", "bans"], {}).command == "bans"
    assert parse_arguments(["bans", "status"], {}).jail == "status"


@pytest.mark.parametrize("words", [["--sock", "/x", "ping"], ["serve", "--port", "x"], ["serve", "--port", "65536"]])
def test_nonsense_is_refused(words: list[str]) -> None:
    with pytest.raises(InvalidInput):
        parse_arguments(words, {})


def test_the_actions_of_a_command_are_its_own_and_the_common_ones() -> None:
    names = {name for action in actions_of("unban") for name in action.option_strings}
    assert names == {"-h", "--help", "--jail", "--socket", "--json", "--no-color", "--timeout"}
    assert {name for action in actions_of("") for name in action.option_strings} == names - {"--jail"} | {"--version"}


def test_only_commands_of_the_history_import_its_options() -> None:
    code = "import sys; from bangui.cli.arguments import parse_arguments; parse_arguments([sys.argv[1]], {});"
    code += " print('bangui.cli.history_options' in sys.modules, 'bangui.domain.history' in sys.modules)"
    for command, expected in (("status", "False False\n"), ("bans", "False False\n"), ("stats", "True True\n")):
        answer = subprocess.run([sys.executable, "-c", code, command], capture_output=True, text=True, check=True)
        assert answer.stdout == expected, command


def test_the_whole_parser_knows_every_command() -> None:
    text = build_parser({}).format_help()
    assert all(command.summary in text for command in COMMANDS.values())
