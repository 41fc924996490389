from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bangui.adapters.config_stream import actions_of, jails_of, parse_stream, read_stream, value_of
from bangui.adapters.f2b_programs import Fail2BanPrograms
from bangui.domain.errors import OperationRefused

PRINTED = """WARNING 'findtime' not defined
['set', 'dbfile', '/var/lib/fail2ban/fail2ban.sqlite3']
['add', 'sshd', 'polling']
['set', 'sshd', 'addaction', 'nftables']
['multi-set', 'sshd', 'action', 'nftables', [['actionban', 'nft "<ip>"']]]
['set', 'sshd', 'addaction', 'mail', '/etc/fail2ban/action.d/smtp.py', '{}']
['start', 'sshd']
"""


def test_each_line_is_a_command_and_warnings_are_none() -> None:
    stream = parse_stream(PRINTED)
    assert stream[1] == ("add", "sshd", "polling")
    assert stream[3] == ("multi-set", "sshd", "action", "nftables", [["actionban", 'nft "<ip>"']])
    assert jails_of(stream) == ("sshd",)
    assert actions_of(stream) == {"sshd": {"nftables": False, "mail": True}}
    assert value_of(stream, "dbfile") == "/var/lib/fail2ban/fail2ban.sqlite3"
    assert value_of(stream, "loglevel") is None


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("", ""),
        ("nothing of use", "nothing of use"),
        ("['set', 'x'", "['set', 'x'"),
        ("['a', __import__('os').getpid()]", "__import__"),
        ("['add', 'sshd', 'polling']\n['config-error', \"Jail 'x' has no log\"]", "Jail 'x' has no log"),
    ],
)
def test_what_is_no_complete_stream_is_refused(printed: str, told: str) -> None:
    with pytest.raises(OperationRefused) as refusal:
        parse_stream(printed)
    assert told in refusal.value.detail


@pytest.mark.parametrize("missing", ["['start', 'sshd']", "['add', 'sshd', 'polling']"])
def test_a_jail_that_would_be_lost_is_refused(missing: str) -> None:
    with pytest.raises(OperationRefused) as refusal:
        jails_of(parse_stream(PRINTED.replace(missing, "")))
    assert refusal.value.detail == "sshd"


def programs(folder: Path, script: str) -> Fail2BanPrograms:
    path = folder / "client.py"
    path.write_text(script)
    return Fail2BanPrograms((sys.executable, str(path)), (), {}, str(folder))


def test_the_reader_checks_first_and_prints_then(tmp_path: Path) -> None:
    script = "import sys\nprint(['set', 'asked', sys.argv[1]])"
    assert read_stream(programs(tmp_path, script)) == (("set", "asked", "-d"),)


@pytest.mark.parametrize("option", ["-t", "-d"])
def test_a_reader_that_fails_is_told_in_its_own_words(tmp_path: Path, option: str) -> None:
    script = f"import sys\nprint(['set', 'x'])\nif sys.argv[1] == {option!r}: sys.exit('no log file')"
    with pytest.raises(OperationRefused) as refusal:
        read_stream(programs(tmp_path, script))
    assert "no log file" in refusal.value.detail


def test_a_reader_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperationRefused):
        read_stream(Fail2BanPrograms((str(tmp_path / "nothing"),), (), {}, str(tmp_path)))
