"""Hashing: two at once, as late an answer for nobody, and nothing that is too long."""

from __future__ import annotations

import asyncio
import threading

from bangui.adapters.passwords import Argon2Hashes
from bangui.domain.access_errors import TooBusy
from bangui.domain.proof_ports import PasswordCheck
from bangui.domain.secret import Secret
from bangui.services.hashing import AT_ONCE, Hashing
from packages.bangui.tests.access import PASSWORD, WRONG


class CountedHashes(Argon2Hashes):
    """Cheap hashes that count what is done with them."""

    def __init__(self) -> None:
        super().__init__(memory_kib=64, passes=1)
        self.checked: list[tuple[str, str]] = []
        self.at_once = self.most = 0
        self.go_on = threading.Event()
        self.go_on.set()
        self._lock = threading.Lock()

    def check(self, password_hash: str, password: Secret) -> PasswordCheck:
        """Check, while `go_on` is set, and take note of it."""
        with self._lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            self.checked.append((password_hash, password.reveal()))
        self.go_on.wait(10)
        found = super().check(password_hash, password)
        with self._lock:
            self.at_once -= 1
        return found


async def test_a_password_is_checked_against_its_hash() -> None:
    hashing = Hashing(CountedHashes())
    made = await hashing.make(PASSWORD)
    assert (await hashing.check(made, PASSWORD)).is_right
    assert not (await hashing.check(made, WRONG)).is_right


async def test_without_a_hash_another_is_checked_in_the_same_way() -> None:
    hashes = CountedHashes()
    hashing = Hashing(hashes)
    made = await hashing.make(PASSWORD)
    assert not (await hashing.check(None, PASSWORD)).is_right
    await hashing.check(made, PASSWORD)
    (nobodys, _), (somebodys, _) = hashes.checked
    assert nobodys.rpartition("$")[0].rpartition("$")[0] == somebodys.rpartition("$")[0].rpartition("$")[0]


async def test_a_password_without_end_is_wrong_and_not_hashed() -> None:
    hashes = CountedHashes()
    hashing = Hashing(hashes)
    made = hashes.make(Secret("x" * 2_000))
    assert not (await hashing.check(made, Secret("x" * 2_000))).is_right
    assert hashes.checked[-1][1] == ""
    empty = hashes.make(Secret(""))
    assert not (await hashing.check(empty, Secret("x" * 2_000))).is_right


async def test_there_are_two_at_once_and_the_rest_is_sent_away() -> None:
    hashes = CountedHashes()
    hashing = Hashing(hashes)
    made = hashes.make(PASSWORD)
    hashes.go_on.clear()
    refused = 0

    async def check() -> None:
        nonlocal refused
        try:
            await hashing.check(made, PASSWORD)
        except TooBusy:
            refused += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(check())
        while not refused:
            await asyncio.sleep(0)
        hashes.go_on.set()
    assert hashes.most <= AT_ONCE
    assert refused > 20
