from __future__ import annotations

import re

import pytest

from bangui.cli.arguments import COMMANDS
from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.operations import BanIds
from packages.bangui.tests.cli.harness import Bangui


def candidates(bangui: Bangui, *words: str) -> list[str]:
    outcome = bangui("__complete", *words)
    assert (outcome.code, outcome.err) == (0, "")
    return [line.partition("\t")[0] for line in outcome.out.splitlines()]


def test_without_a_command_every_command_is_offered_with_a_description(bangui: Bangui) -> None:
    assert candidates(bangui, "") == list(COMMANDS)
    assert "\t" in bangui("__complete", "sta").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ba"], ["bans", "ban", "backup"]),
        (["bans", ""], ["recidive", "sshd"]),
        (["ban", "s"], ["sshd"]),
        (["ban", "sshd", ""], []),
        (["unban", ""], ["203.0.113.0/24", "2001:db8::7"]),
        (["unban", "2001"], ["2001:db8::7"]),
        (["unban", "--jail", ""], ["recidive", "sshd"]),
        (["unban", "--jail", "sshd", ""], ["2001:db8::7"]),
        (["unban", "2001:db8::7", ""], ["203.0.113.0/24"]),
        (["why", "2"], ["203.0.113.0/24", "2001:db8::7"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["--socket", "/x", "bans", "r"], ["recidive"]),
        (["--socket", ""], []),
        (["ban", "--forc"], ["--force"]),
        (["status", ""], []),
        (["top", "s"], ["subnets"]),
        (["top", "--by", ""], ["bans", "failures"]),
        (["top", "jails", ""], []),
        (["history", "--sort", "c"], ["country"]),
        (["history", "--kind", "re"], ["restore", "repeal", "reban"]),
        (["history", "--kind", "ban,un"], ["ban,unban"]),
        (["history", "--kind", "ban,b"], []),
        (["history", "--all", "2"], ["203.0.113.0/24", "2001:db8::7"]),
        (["history", "203.0.113.0/24", ""], ["2001:db8::7"]),
        (["history", "--since", "t"], ["today"]),
        (["history", "--text", ""], []),
        (["export", "--format", ""], ["csv", "jsonl", "list"]),
        (["export", "--output", ""], []),
        (["backup", ""], []),
        (["geo", "l"], ["lookup"]),
        (["geo", "update", "--f"], ["--from"]),
        (["geo", "lookup", "--from"], []),
        (["serve", "--keep", ""], ["1y", "2y", "forever"]),
    ],
)
def test_what_fits_is_offered(bangui: Bangui, words: list[str], expected: list[str]) -> None:
    assert candidates(bangui, *words) == expected


def test_the_socket_on_the_line_is_the_one_that_is_asked(bangui: Bangui) -> None:
    candidates(bangui, "--socket", "/x", "bans", "")
    assert bangui.opened[-1][0] == "/x"


def test_what_the_history_knows_is_offered_most_frequent_first(bangui: Bangui) -> None:
    bangui.history.record()
    assert candidates(bangui, "history", "--jail", "") == ["postfix", "recidive", "sshd", "web"]
    assert candidates(bangui, "unban", "--jail", "") == ["recidive", "sshd"]
    assert candidates(bangui, "top", "--country", "") == ["DE", "NL"]
    assert candidates(bangui, "top", "--country", "DE,") == ["DE,NL"]
    assert candidates(bangui, "export", "--network", "AS64500,") == ["AS64500,AS64501"]


def test_a_history_somewhere_else_is_the_one_that_is_asked(bangui: Bangui) -> None:
    bangui.history.record()
    assert candidates(bangui, "history", "--history", "/nowhere", "--country", "") == []
    bangui.environment["BANGUI_HISTORY"] = "/nowhere"
    assert candidates(bangui, "history", "--country", "") == []
    assert candidates(bangui, "history", "--data", str(bangui.history.path.parent), "--country", "") == []
    bangui.environment["BANGUI_HISTORY"] = ""
    assert candidates(bangui, "history", "--data", str(bangui.history.path.parent), "--country", "") == ["DE", "NL"]


def test_without_a_history_the_jails_of_the_daemon_are_offered(bangui: Bangui) -> None:
    assert candidates(bangui, "history", "--jail", "") == ["recidive", "sshd"]


def test_a_daemon_that_is_away_offers_nothing_and_does_not_complain(bangui: Bangui) -> None:
    bangui.gateway.away = DaemonAway("gone", reason=AwayReason.MISSING)
    assert candidates(bangui, "bans", "") == []


async def test_names_that_a_shell_could_run_are_left_out(bangui: Bangui) -> None:
    await bangui.gateway.perform(BanIds("sshd", ("$(reboot)", "a b", "\x1b[2J", "-rf", "`id`", "x;y", "\u202e")))
    bangui.gateway.jails["$(id)"] = bangui.gateway.jails["recidive"]
    assert candidates(bangui, "unban", "") == ["203.0.113.0/24", "2001:db8::7"]
    assert candidates(bangui, "bans", "") == ["recidive", "sshd"]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_option_that_is_offered_exists_and_every_one_that_exists_is_offered(bangui: Bangui, command: str) -> None:
    words = [command] if command else []
    known = set(re.findall(r"(--[a-z0-9-]+)", bangui(*words, "--help").out.partition("\n\n")[0]))
    assert known | {"--help"} == set(candidates(bangui, *words, "-"))


def test_every_option_is_described(bangui: Bangui) -> None:
    for line in bangui("__complete", "export", "-").out.splitlines():
        assert "\t" in line
