from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice, pairwise, takewhile

import pytest

from bangui.demo.jails import JAILS
from bangui.demo.logs import Log, LogEvent
from bangui.demo.traffic import WARM_UP_SECONDS, traffic

OWNER = ("192.0.2.10", "2001:db8::10")
HOURS = 12


def first_hours(seed: int, hours: float = HOURS) -> list[LogEvent]:
    return list(takewhile(lambda event: event.at < hours * 3600, traffic(seed, OWNER)))


@pytest.fixture(scope="module")
def half_a_day() -> list[LogEvent]:
    return first_hours(1)


def test_the_same_seed_gives_the_same_stream() -> None:
    assert list(islice(traffic(7, OWNER), 20_000)) == list(islice(traffic(7, OWNER), 20_000))
    assert list(islice(traffic(7, OWNER), 200)) != list(islice(traffic(8, OWNER), 200))


def test_time_never_goes_back_and_starts_before_the_demo(half_a_day: list[LogEvent]) -> None:
    assert half_a_day[0].at == -WARM_UP_SECONDS
    assert all(earlier.at <= later.at for earlier, later in pairwise(half_a_day))


def test_the_rate_stays_calm_and_does_not_grow(half_a_day: list[LogEvent]) -> None:
    lines = [0] * HOURS
    size = 0
    for event in half_a_day:
        if event.at >= 0:
            lines[int(event.at // 3600)] += 1
            size += len(event.line.before + event.line.after) + 25
    assert max(lines) < 30_000
    assert sum(lines[-3:]) < 1.3 * sum(lines[1:4])
    assert size / HOURS < 3_000_000


FAILURES = {
    Log.AUTH: re.compile(r"Failed password for (?P<user>\S+) from (?P<address>\S+) "),
    Log.MAIL: re.compile(r"auth failed.*user=<(?P<user>[^>]*)>.*rip=(?P<address>[^,]+),"),
}


def failures_of_staff(events: list[LogEvent], names: frozenset[str]) -> dict[tuple[Log, str], list[float]]:
    found: dict[tuple[Log, str], list[float]] = defaultdict(list)
    for event in events:
        pattern = FAILURES.get(event.line.log)
        match = pattern.search(event.line.after) if pattern else None
        if match and match["user"] in names:
            found[event.line.log, match["address"]].append(event.at)
    return found


def test_who_mistypes_never_fails_often_enough_for_a_ban(half_a_day: list[LogEvent]) -> None:
    from bangui.demo.names import STAFF

    failures = failures_of_staff(half_a_day, frozenset(STAFF))
    assert len(failures) >= 8
    limits = {jail.log: jail for jail in JAILS if jail.name in {"sshd", "dovecot"}}
    for (log, address), times in failures.items():
        jail = limits[log]
        for begin in times:
            within = [moment for moment in times if begin <= moment <= begin + jail.findtime]
            assert len(within) < jail.maxretry, (address, within)


def test_people_log_in_after_their_mistakes(half_a_day: list[LogEvent]) -> None:
    accepted = sum("Accepted password for" in event.line.after for event in half_a_day)
    assert accepted > 100


def test_the_owner_fails_often_and_only_at_ssh(half_a_day: list[LogEvent]) -> None:
    lines = [event for event in half_a_day if any(f" {address} " in event.line.after for address in OWNER)]
    assert len(lines) > 100
    assert {event.line.log for event in lines} == {Log.AUTH}


def test_every_log_is_written(half_a_day: list[LogEvent]) -> None:
    assert {event.line.log for event in half_a_day} == set(Log)


def test_attackers_come_back_and_some_are_of_one_ipv6_network(half_a_day: list[LogEvent]) -> None:
    times: dict[str, list[float]] = defaultdict(list)
    for event in half_a_day:
        match = re.search(r"SASL \w+ authentication failed|unknown\[(?P<address>[^\]]+)\]", event.line.after)
        if match and match["address"]:
            times[match["address"]].append(event.at)
    assert any(later - earlier > 600 for moments in times.values() for earlier, later in pairwise(moments))
