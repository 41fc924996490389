from __future__ import annotations

import pytest

from bangui.cli.arguments import COMMANDS, DEFAULT_SOCKET, DEFAULT_TIMEOUT, build_parser, parse_arguments
from bangui.domain.errors import InvalidInput

MINIMAL = {"ban": ["sshd", "192.0.2.1"], "unban": ["192.0.2.1"], "why": ["192.0.2.1"], "completion": ["bash"]}


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


def test_the_whole_parser_knows_every_command() -> None:
    text = build_parser({}).format_help()
    assert all(command.summary in text for command in COMMANDS.values())
