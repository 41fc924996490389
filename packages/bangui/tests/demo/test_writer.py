from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bangui.demo.logs import Line, Log
from bangui.demo.writer import LogWriter, rotate

MOMENT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def test_every_log_exists_from_the_beginning(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path / "logs")
    assert all(writer.path(log).is_file() for log in Log)


def test_lines_are_appended_in_utf_8(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path / "logs")
    writer.write(Line(Log.MYSQL, " \u202eone"), MOMENT)
    writer.write(Line(Log.MYSQL, " two"), MOMENT)
    text = writer.path(Log.MYSQL).read_text(encoding="utf-8")
    assert text == "2026-11-23 20:00:00 \u202eone\n2026-11-23 20:00:00 two\n"


def test_the_logs_never_take_more_than_two_files_of_their_limit_each(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path / "logs", largest=1000)
    for number in range(500):
        writer.write(Line(Log.AUTH, f" line {number}"), MOMENT)
    files = sorted(path.name for path in (tmp_path / "logs").iterdir() if path.name.startswith("auth"))
    assert files == ["auth.log", "auth.log.1"]
    assert all((tmp_path / "logs" / name).stat().st_size < 1100 for name in files)
    assert "line 499" in writer.path(Log.AUTH).read_text()


def test_a_small_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("short")
    assert not rotate(path, 100)
    assert path.read_text() == "short"
