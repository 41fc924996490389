"""`bangui ban --for`: written for the service that ends the ban."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bangui.domain.moments import milliseconds_of
from bangui.domain.operations import BanIds
from bangui.domain.timed_bans import TimedBan, TimedKey
from bangui.runtime.history import open_timed_bans
from packages.bangui.tests.cli.harness import Bangui

IP = "192.0.2.1"


@pytest.fixture
def filled(bangui: Bangui) -> Bangui:
    bangui.history.record()
    bangui.environment["SUDO_USER"] = "alice"
    return bangui


def kept(bangui: Bangui, id: str = IP) -> TimedBan | None:
    with open_timed_bans(str(bangui.history.path)) as store:
        return store.find("memory", [TimedKey("sshd", id)]).get(TimedKey("sshd", id))


def a_service_runs(bangui: Bangui, seconds_ago: int = 10) -> None:
    with open_timed_bans(str(bangui.history.path)) as store:
        store.watch("memory", milliseconds_of(bangui.now) - seconds_ago * 1000)


def test_the_ban_is_written_down_for_the_service(filled: Bangui) -> None:
    a_service_runs(filled)
    outcome = filled("ban", "sshd", IP, "--for", "2h", "--reason", "scans")
    assert (outcome.code, outcome.out, outcome.err) == (0, f"banned {IP} in sshd for 2h\n", "")
    ban = kept(filled)
    assert ban is not None
    assert (ban.ends, ban.author, ban.reason) == (milliseconds_of(filled.now) + 7_200_000, "alice", "scans")
    assert ban.lets_go == milliseconds_of(filled.now) + 3_600_000


@pytest.mark.parametrize("seconds_ago", [None, 600])
def test_where_no_service_runs_it_says_so(filled: Bangui, seconds_ago: int | None) -> None:
    if seconds_ago is not None:
        a_service_runs(filled, seconds_ago)
    outcome = filled("ban", "sshd", IP, "--for", "2h")
    assert outcome.code == 0
    assert "no service of BanGUI is running that would end the ban in time: start it with" in outcome.err
    assert kept(filled) is not None
    warning = json.loads(filled("ban", "sshd", "192.0.2.2", "--for", "2h", "--json").err)
    assert warning["warning"]["hint"] == "start it with: sudo bangui serve"


def test_who_was_banned_already_stays_so(filled: Bangui) -> None:
    a_service_runs(filled)
    outcome = filled("ban", "sshd", "2001:db8::7", "--for", "1w")
    assert outcome.out == "2001:db8::7 was already banned in sshd, and stays so for 1w at least\n"
    ban = kept(filled, "2001:db8::7")
    assert ban is not None
    assert (ban.start, ban.is_expected) == (None, False)
    changed = replace(ban, start=1, ends=2)
    with open_timed_bans(str(filled.history.path)) as store:
        store.put([changed])
    filled("ban", "sshd", "2001:db8::7", "--for", "2w")
    assert kept(filled, "2001:db8::7") == replace(
        changed, ends=milliseconds_of(filled.now) + 14 * 86_400_000, look_at=ban.look_at
    )


def test_without_a_history_nothing_is_banned(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshd", IP, "--for", "2h")
    assert outcome.code != 0
    assert "bangui serve" in outcome.err
    assert BanIds("sshd", (IP,)) not in bangui.gateway.performed


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--for", "soon"], "no length of time"),
        (["--for", "5s"], "between 1m and 100y"),
        (["--for", "2h", "--any-id"], "do not go together"),
    ],
)
def test_a_duration_that_cannot_be_meant_bans_nobody(filled: Bangui, words: list[str], problem: str) -> None:
    outcome = filled("ban", "sshd", IP, *words)
    assert outcome.code == 2
    assert problem in outcome.err
    assert BanIds("sshd", (IP,)) not in filled.gateway.performed


def test_a_long_list_goes_out_in_slices_that_are_written_down_one_by_one(filled: Bangui) -> None:
    a_service_runs(filled)
    ids = [f"203.0.113.{n}" for n in range(60)]
    outcome = filled("ban", "sshd", "-", "--for", "2h", stdin="\n".join(ids))
    assert outcome.out.count("banned") == 60
    assert all(kept(filled, id) for id in ids)
    assert [len(one.ids) for one in filled.gateway.performed if isinstance(one, BanIds) and one.ids[0] in ids] == [
        25,
        25,
        10,
    ]
