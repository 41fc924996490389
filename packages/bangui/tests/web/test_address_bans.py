from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.domain.history import Event, EventKind, JailSettings, Origin, Source
from bangui.domain.moments import milliseconds_of
from bangui.domain.story import Story, ToldBan
from bangui.services.ban_endings import Ending
from bangui.web.address_bans import ban_entries, id_pattern
from bangui.web.address_contexts import BanEntry
from packages.bangui.tests.web.scripted import HOSTILE_IDS, NOW

EVENT = Event(
    number=7,
    host="web-1",
    jail="sshd",
    id="203.0.113.7",
    kind=EventKind.BAN,
    time=milliseconds_of(NOW) - 60_000,
    logged=None,
    ordinal=0,
    origin=Origin.FILTER,
    sources=Source.DATABASE,
    duration=600,
    count=2,
    failures=5,
    country=None,
    network=None,
)
OLD = JailSettings("web-1", "sshd", 0, {"maxretry": "3", "findtime": "600", "bantime": "600"})
NEW = JailSettings("web-1", "sshd", 9, {"maxretry": "5", "findtime": "600", "bantime": "600"})


def entries(*bans: ToldBan, id: str = "203.0.113.7") -> list[BanEntry]:
    return list(ban_entries(Story(id, None, (), bans, has_more_bans=False), NOW))


def test_a_ban_tells_its_end_and_leads_to_its_jail() -> None:
    (entry,) = entries(ToldBan(EVENT))
    assert (entry.ending, entry.nth, entry.failures, entry.by) == (Ending.RUNS, 2, 5, "")
    assert entry.jail_path == "/history?q=203.0.113.7&jail=sshd"
    assert (entry.id, entry.id_path) == (None, None)


def test_in_a_network_each_ban_names_its_own_id() -> None:
    (entry,) = entries(ToldBan(EVENT), id="203.0.113.0/24")
    assert (entry.id, entry.id_path) == ("203.0.113.7", "/address?id=203.0.113.7")
    assert entry.jail_path == "/history?q=203.0.113.0/24&jail=sshd"


def test_the_rule_is_told_only_where_it_was_another_one() -> None:
    other = ToldBan(replace(EVENT, jail="recidive"), settings=replace(NEW, jail="recidive"))
    bans = [ToldBan(EVENT, settings=NEW), other, ToldBan(EVENT, settings=NEW), ToldBan(EVENT, settings=OLD)]
    assert [entry.rule[:10] for entry in entries(*bans)] == ["5 failures", "5 failures", "", "3 failures"]


def test_only_the_last_lines_are_shown_and_the_id_is_marked_in_them() -> None:
    (entry,) = entries(ToldBan(EVENT, tuple(f"{number} from 203.0.113.7" for number in range(50))))
    assert (len(entry.lines), entry.lines_before) == (20, 30)
    assert str(entry.lines[-1]) == "<bdi>49 from <mark>203.0.113.7</mark></bdi>"


def test_a_line_without_end_is_cut() -> None:
    (entry,) = entries(ToldBan(EVENT, ("x" * 2_000,)))
    assert len(entry.lines[0]) < 1_050


@pytest.mark.parametrize(
    ("id", "line", "found"),
    [
        ("192.0.2.1", "from 192.0.2.1 port", True),
        ("192.0.2.1", "from 192.0.2.10 port", False),
        ("192.0.2.1", "from 1192.0.2.1", False),
        ("192.0.2.1", "rhost=192.0.2.1.", True),
        ("2001:db8::1", "from 2001:DB8::1", True),
        ("a(b", "user a(b failed", True),
    ],
)
def test_an_id_is_found_where_it_stands_by_itself(id: str, line: str, found: bool) -> None:
    pattern = id_pattern(id)
    assert pattern is not None
    assert bool(pattern.search(line)) is found


def test_the_empty_id_is_found_nowhere() -> None:
    assert id_pattern("") is None
    assert id_pattern(" ") is None


@pytest.mark.parametrize("id", HOSTILE_IDS)
def test_hostile_lines_are_inert(id: str) -> None:
    (entry,) = entries(ToldBan(replace(EVENT, id=id), (f"<script>{id}</script>\x1b",)), id=id)
    assert "<script" not in entry.lines[0]
    assert "\x1b" not in entry.lines[0]
