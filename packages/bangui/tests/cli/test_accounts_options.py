import pytest

from packages.bangui.tests.cli.harness import Bangui


@pytest.mark.parametrize("command", ["user", "token"])
def test_the_help_names_every_action(bangui: Bangui, command: str) -> None:
    outcome = bangui(command, "--help")
    assert outcome.code == 0
    for action in ("list", "add", "remove"):
        assert f"\n    {action}" in outcome.out
    assert "examples:" in outcome.out


def test_where_the_accounts_are_can_be_said_before_and_after_the_action(bangui: Bangui) -> None:
    place = str(bangui.history.path.with_name("other.sqlite3"))
    bangui("user", "--history", place, "add", "ada", "--role", "admin", "--no-password")
    assert "ada" in bangui("user", "list", "--history", place).out
    assert "ada" not in bangui("user", "list").out


def test_a_password_has_no_place_on_the_command_line(bangui: Bangui) -> None:
    assert bangui("user", "add", "ada", "--password", "four words of mine").code == 2
