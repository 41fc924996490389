"""Hashes of passwords: what matches, what does not, and what a hash costs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from bangui.adapters.passwords import MEMORY_KIB, PASSES, Argon2Hashes
from bangui.domain.secret import Secret

PASSWORD = Secret("four words of mine")
CHEAP = Argon2Hashes(memory_kib=64, passes=1)


def test_the_parameters_are_above_the_least_that_is_advised() -> None:
    made = extract_parameters(Argon2Hashes().make(PASSWORD))
    assert made.type is Type.ID
    assert (made.memory_cost, made.time_cost) == (MEMORY_KIB, PASSES)
    assert made.memory_cost >= 19_456
    assert made.time_cost >= 2
    assert (made.salt_len, made.hash_len) == (16, 32)


def test_a_password_matches_its_own_hash_and_no_other() -> None:
    first, second = CHEAP.make(PASSWORD), CHEAP.make(PASSWORD)
    assert first != second
    assert "four" not in first
    assert CHEAP.check(first, PASSWORD).is_right
    assert not CHEAP.check(first, PASSWORD).is_outdated
    for other in ("", "four words of min", "four words of mine ", "Four words of mine", "four words of mine\x00"):
        assert not CHEAP.check(first, Secret(other)).is_right


def test_a_hash_of_other_parameters_still_matches_and_is_outdated() -> None:
    old = CHEAP.make(PASSWORD)
    found = Argon2Hashes(memory_kib=128, passes=1).check(old, PASSWORD)
    assert (found.is_right, found.is_outdated) == (True, True)
    assert not Argon2Hashes(memory_kib=128, passes=1).check(old, Secret("another one")).is_outdated


@pytest.mark.parametrize("text", ["\x00" * 12, "caf\u00e9 " * 3, "\U0001f600" * 12, "\ud800" * 12, "x" * 1024])
def test_any_text_can_be_hashed(text: str) -> None:
    assert CHEAP.check(CHEAP.make(Secret(text)), Secret(text)).is_right


def test_the_same_letters_from_another_keyboard_match() -> None:
    assert CHEAP.check(CHEAP.make(Secret("caf\u00e9")), Secret("cafe\u0301")).is_right


def test_nobody_has_the_password_of_nobody() -> None:
    nobodys = CHEAP.nobodys()
    made, real = extract_parameters(nobodys), extract_parameters(CHEAP.make(PASSWORD))
    assert made == real
    assert nobodys != CHEAP.nobodys()
    assert not CHEAP.check(nobodys, PASSWORD).is_right


@pytest.mark.parametrize(
    "password_hash",
    [
        "",
        "four words of mine",
        "$2b$12$" + "a" * 53,
        "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ",
        "$argon2id$v=19$m=64,t=1,p=1$!$!",
        "$argon2id$v=19$m=4194304,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$" + "A" * 43,
        "$argon2id$v=19$m=64,t=100000,p=1$c2FsdHNhbHRzYWx0c2FsdA$" + "A" * 43,
        "\ud800",
    ],
)
def test_what_is_no_hash_of_ours_matches_nothing(password_hash: str) -> None:
    assert not CHEAP.check(password_hash, PASSWORD).is_right


_PROGRAM = """
from concurrent.futures import ThreadPoolExecutor
from bangui.adapters.passwords import MEMORY_KIB, Argon2Hashes
from bangui.domain.secret import Secret

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4

hashes = Argon2Hashes()
password = Secret("four words of mine")
hash = hashes.make(password)
before = resident()
with ThreadPoolExecutor(6) as pool:
    assert all(found.is_right for found in pool.map(lambda _: hashes.check(hash, password), "x" * 12))
    print(resident() - before)
"""


def test_the_memory_of_a_hash_is_given_back_whichever_thread_took_it() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) < MEMORY_KIB // 2
