from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from bangui.cli.arguments import parse_arguments
from bangui.cli.place_options import may_be_there, place_of
from bangui.domain.errors import InvalidInput


def parse(*words: str, **environment: str) -> Namespace:
    return parse_arguments(words, environment)


def test_the_history_is_among_the_data_unless_somebody_says_otherwise() -> None:
    assert parse("history").history == "/var/lib/bangui/history.sqlite3"
    assert parse("history", BANGUI_DATA="/d").history == "/d/history.sqlite3"
    assert parse("history", "--data", "/x", BANGUI_DATA="/d").history == "/x/history.sqlite3"
    assert parse("history", "--data", "/x", BANGUI_HISTORY="/h").history == "/h"
    assert parse("history", "--history", "/y", BANGUI_HISTORY="/h").history == "/y"
    assert place_of(None, None, {}) == ("/var/lib/bangui", "/var/lib/bangui/history.sqlite3")


@pytest.mark.parametrize(
    "url", ["postgresql://me:secret@db/bangui", "postgresql+psycopg://me:s@db", "postgresql://db/b?password=secret"]
)
def test_a_password_on_the_command_line_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse("history", "--history", url)
    assert "$BANGUI_HISTORY" in caught.value.message
    assert "secret" not in caught.value.message
    assert parse("history", BANGUI_HISTORY=url).history == url


def test_a_url_without_a_password_is_fine() -> None:
    for url in ("postgresql://db/bangui", "postgresql://me@db:5432/bangui"):
        assert parse("history", "--history", url).history == url


def test_a_file_must_be_there_and_a_server_answers_for_itself(tmp_path: Path) -> None:
    assert not may_be_there(str(tmp_path / "history.sqlite3"))
    (tmp_path / "history.sqlite3").touch()
    assert may_be_there(str(tmp_path / "history.sqlite3"))
    assert may_be_there("postgresql://db/bangui")


def test_a_folder_is_no_place_for_a_history(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse("history", "--history", str(tmp_path))
    assert caught.value.hint.endswith(f"--data {tmp_path}")
