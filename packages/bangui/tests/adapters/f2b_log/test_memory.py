from __future__ import annotations

import json

from bangui.adapters.f2b_log.memory import LogMemory, key_of
from bangui.domain.history import EventKind

SECOND = 1_795_600_000_000


def test_alike_is_what_has_the_same_kind_jail_id_moment_and_run() -> None:
    memory = LogMemory()
    one, other = key_of("sshd", "x"), key_of("sshd", "y")

    def count(kind: EventKind, key: bytes, time: int, run: int = 0) -> int:
        return memory.count(kind, key, time, SECOND, run)

    assert [count(EventKind.FAILURE, one, SECOND) for _ in range(3)] == [0, 1, 2]
    assert count(EventKind.FAILURE, other, SECOND) == 0
    assert count(EventKind.IGNORED, one, SECOND) == 0
    assert count(EventKind.FAILURE, one, SECOND + 1000) == 0
    assert count(EventKind.FAILURE, one, SECOND, run=1) == 0
    assert count(EventKind.FAILURE, one, SECOND) == 3
    assert key_of("a", "b\0c") != key_of("a\0b", "c") or key_of("a", "b") != key_of("b", "a")


def test_a_flood_of_others_does_not_make_it_forget_what_was_counted_a_moment_ago() -> None:
    memory = LogMemory()
    key = key_of("sshd", "x")
    for expected in range(5):
        assert memory.count(EventKind.FAILURE, key, SECOND, SECOND) == expected
        for number in range(4_000):
            memory.count(EventKind.FAILURE, key_of("sshd", f"{expected}/{number}"), SECOND, SECOND)


def test_the_latest_failure_counts_until_it_is_taken() -> None:
    memory = LogMemory()
    key = key_of("sshd", "x")
    for entry in (SECOND, SECOND + 2000, SECOND + 1000):
        memory.add_failure(key, entry, SECOND + 5000)
    assert memory.take_failure(key) == SECOND + 2000
    assert memory.take_failure(key) is None


def test_a_failure_from_before_the_clock_was_set_back_does_not_count() -> None:
    memory = LogMemory()
    key = key_of("sshd", "x")
    memory.add_failure(key, SECOND + 86_400_000, SECOND + 86_400_000)
    memory.add_failure(key, SECOND, SECOND)
    assert memory.take_failure(key) == SECOND


def test_a_dump_holds_everything_and_stays_small() -> None:
    memory = LogMemory()
    for number in range(100_000):
        key = key_of("sshd", str(number))
        memory.count(EventKind.FAILURE, key, SECOND, SECOND)
        memory.add_failure(key, SECOND, SECOND)
        memory.add_ban(key, SECOND, SECOND)
    text = json.dumps(memory.dump())
    assert len(text) < 250_000
    again = LogMemory(json.loads(text))
    assert again.dump() == memory.dump()
    assert again.begin_of_ban(key_of("sshd", "99999")) == SECOND
    again.forget()
    assert again.dump() == {}
    assert again.begin_of_ban(key_of("sshd", "99999")) is None
