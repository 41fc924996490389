from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from bangui.domain.accounts import Role
from bangui.domain.watched_logs import LogAway, LogTail, WatchedLog
from bangui.web import Services, WebSettings
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.logged import FileLogs
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import HOSTILE_IDS, LONG_JAIL, NOW, ScriptedLive, make_ban, make_snapshot

BANNED = make_snapshot([make_ban("203.0.113.7")])


def app_over(logs: FileLogs | None, role: Role = Role.ADMIN) -> ASGIApp:
    services = Services(logs=logs)
    return open_app(ScriptedLive(BANNED), WebSettings(version="1"), services=services, role=role, now=lambda: NOW)


@pytest.fixture
def logs(tmp_path: Path) -> FileLogs:
    (tmp_path / "fail2ban.log").write_text(
        "2026-11-23 09:35:13,459 fail2ban.filter         [7471]: INFO [sshd] Found 203.0.113.7 - 2026-11-23\n"
        "2026-11-23 09:35:14,459 fail2ban.actions        [7471]: NOTICE  [sshd] Ban 203.0.113.7\n"
    )
    (tmp_path / "auth.log").write_text("Accepted for alice\nFailed for root from 203.0.113.7 port 22\n")
    return FileLogs({"": tmp_path / "fail2ban.log", "sshd": tmp_path / "auth.log"})


async def text_of(logs: FileLogs, path: str = "/log", status: int = 200) -> str:
    answer = await ask(app_over(logs), path)
    assert answer.status_code == status
    return answer.text


async def test_fail2bans_own_log_comes_first_with_its_marks(logs: FileLogs) -> None:
    page = await text_of(logs)
    assert '<li class="is-marked found"><span class="log-mark">failure </span>' in page
    assert '<li class="is-marked ban"><span class="log-mark">ban </span>' in page
    assert '<a class="address" href="/address?id=203.0.113.7">' in page
    assert re.search(r'data-stream="/log/lines\?file=own&amp;since=[0-9a-f.]+"', page)


async def test_another_log_is_chosen_by_its_key(logs: FileLogs) -> None:
    page = await text_of(logs, "/log?file=sshd")
    assert page.index("Accepted for alice") < page.index("Failed for root from")
    assert "banned now" in page
    assert 'name="level"' not in page


async def test_a_path_in_the_address_chooses_nothing(logs: FileLogs) -> None:
    secret = logs.paths["sshd"].with_name("secret")
    secret.write_text("a secret\n")
    for name in (secret, "../secret"):
        page = await text_of(logs, f"/log?file={name}"[:45], 404)
        assert "a secret" not in page
        assert "does not watch this file any more" in page


async def test_lines_are_filtered_here_and_an_empty_answer_says_why(logs: FileLogs) -> None:
    assert "Accepted" not in await text_of(logs, "/log?file=sshd&marked=1")
    assert "Found" not in await text_of(logs, "/log?level=notice")
    page = await text_of(logs, "/log?file=sshd&q=nothing+of+that+kind")
    assert "None of the newest 2 lines matches." in page
    logs.paths["sshd"].write_text("")
    assert "This log is empty." in await text_of(logs, "/log?file=sshd")


async def test_a_log_that_cannot_be_read_says_why_and_what_to_do(logs: FileLogs) -> None:
    logs.paths["sshd"].unlink()
    page = await text_of(logs, "/log?file=sshd")
    assert "there is no such file here" in page
    assert "data-stream" not in page
    assert 'name="file"' in page


async def test_a_daemon_that_names_no_log_is_said_to_do_so() -> None:
    assert "fail2ban names no log." in await text_of(FileLogs({}))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_logs_are_for_those_who_may_change_the_configuration(logs: FileLogs, role: Role) -> None:
    for path in ("/log", "/log/lines?file=own"):
        assert (await ask(app_over(logs, role), path)).status_code == 403


async def test_without_the_daemons_files_there_is_no_such_page() -> None:
    assert (await ask(app_over(None), "/log")).status_code == 404


async def test_what_strangers_write_is_inert(logs: FileLogs) -> None:
    hostile = [text.encode("utf-8", "surrogatepass") for text in HOSTILE_IDS]
    logs.paths["sshd"].write_bytes(b"\n".join([*hostile, b"\x00\xff\xfe", b"y" * 50_000, b""]))
    logs.paths["<script>alert(1)</script>"] = logs.paths["sshd"]
    logs.paths[LONG_JAIL] = logs.paths["sshd"]
    page = await text_of(logs, "/log?file=sshd")
    body = page.partition("<main")[2]
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x1b\x7f]", page)
    assert "\\x1b" in body
    assert '<span class="log-cut">cut</span>' in body
    assert len(page) < 60_000


@pytest.mark.parametrize("word", ["<script>alert(1)</script>", '"><svg onload=x>', "\u202e", "{{ 7 * 7 }}"])
async def test_text_of_the_address_is_inert(logs: FileLogs, word: str) -> None:
    page = await text_of(logs, f"/log?q={word}".replace("#", "%23"))
    assert "<script>alert" not in page
    assert "<svg onload" not in page


async def test_a_log_in_the_journal_is_called_so(logs: FileLogs) -> None:
    listed = await logs.list()

    class JournalLogs(FileLogs):
        async def list(self) -> tuple[WatchedLog, ...]:
            return tuple(replace(log, name="_COMM=sshd", is_file=False) for log in listed)

        def open(self, log: WatchedLog, place: str | None = None) -> LogTail:
            raise LogAway("the journal cannot be read", f"{log.name} {place}")

    page = await text_of(JournalLogs({}), "/log?file=sshd")
    assert "journal: _COMM=sshd (sshd)" in page
    assert "The journal cannot be read." in page
