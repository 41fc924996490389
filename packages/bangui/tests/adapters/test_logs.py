from __future__ import annotations

import logging
import sys

import pytest

from bangui.adapters.logs import KeyValueFormatter, keep_quiet, start_logging


@pytest.fixture(autouse=True)
def root_logger_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    library = logging.getLogger("aiofail2ban")
    monkeypatch.setattr(library, "level", library.level)


def line(message: str, **fields: object) -> str:
    record = logging.makeLogRecord({"msg": message, "levelname": "WARNING", "created": 0.0, **fields})
    return KeyValueFormatter().format(record).partition(" ")[2]


def test_an_event_is_one_line_of_keys_and_values() -> None:
    assert line("fail2ban_away", host="web1", attempt=3) == "warning fail2ban_away host=web1 attempt=3"


def test_values_with_blanks_quotes_or_controls_are_quoted_and_escaped() -> None:
    assert line("event", a="two words", b='"', c="\x1b[2J\n", d="", e="\u202e") == (
        'warning event a="two words" b="\\"" c="\\u001b[2J\\n" d="" e="\\u202e"'
    )
    assert line("a sentence of a library") == 'warning "a sentence of a library"'


def test_an_error_brings_its_traceback() -> None:
    try:
        raise ValueError("no\n2026-11-23T21:04:05+01:00 warning login_failed")
    except ValueError:
        text = line("failed", exc_info=sys.exc_info())
    assert text.splitlines()[-2] == "    ValueError: no"
    assert all(below.startswith("    ") for below in text.splitlines()[1:]), "none can pass for a line of the log"


@pytest.mark.parametrize(("is_verbose", "level"), [(True, logging.INFO), (False, logging.WARNING)])
def test_quiet_means_warnings_and_nothing_of_single_tries_to_connect(is_verbose: bool, level: int) -> None:
    start_logging(is_verbose=is_verbose)
    assert logging.getLogger().level == level
    assert logging.getLogger("aiofail2ban").isEnabledFor(logging.WARNING) is is_verbose


def test_keeping_quiet_leaves_nothing_to_the_last_resort(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers.clear()
    keep_quiet()
    logging.getLogger("bangui.live").warning("fail2ban_away")
    assert capfd.readouterr().err == ""
