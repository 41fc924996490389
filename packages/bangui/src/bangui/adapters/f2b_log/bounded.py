"""Numbers by key, of which only so many are kept: the newest, those not touched for a while go first.

There are two generations. What is put goes into the young one; when that is full, or old enough, it becomes the old
one, and what was the old one is forgotten. So at least `most` and fewer than twice as many keys are known, whatever an
attacker makes up. The same calls in the same order always forget the same: that lets a log be read in pieces.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping


class BoundedNumbers:
    """Whole numbers that fit into `value_bytes`, by keys of `key_bytes` bytes; larger ones count as the largest.

    `span` is after which time (milliseconds, of the log's own clock) a generation ends although it is not full.
    """

    def __init__(self, key_bytes: int, value_bytes: int, most: int, span: int, dumped: object = None) -> None:
        self._key_bytes = key_bytes
        self._value_bytes = value_bytes
        self._largest = (1 << (8 * value_bytes)) - 1
        self._most = most
        self._span = span
        self._young: dict[bytes, int] = {}
        self._old: dict[bytes, int] = {}
        self._since = 0
        if isinstance(dumped, Mapping):
            self._young = self._load(dumped.get("young"))
            self._old = self._load(dumped.get("old"))
            since = dumped.get("since")
            self._since = since if isinstance(since, int) else 0

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())

    def get(self, key: bytes) -> int | None:
        """Return the number of a key."""
        value = self._young.get(key)
        return self._old.get(key) if value is None else value

    def put(self, key: bytes, value: int) -> None:
        """Keep a number."""
        self._young[key] = min(max(value, 0), self._largest)
        if len(self._young) >= self._most:
            self._turn()

    def pop(self, key: bytes) -> int | None:
        """Return the number of a key and forget it."""
        young, old = self._young.pop(key, None), self._old.pop(key, None)
        return old if young is None else young

    def clear(self) -> None:
        """Forget everything."""
        self._young, self._old = {}, {}

    def pass_time(self, time: int) -> None:
        """Take note of what time it is in the log."""
        if not self._since <= time < self._since + self._span:
            if time > self._since:
                self._turn()
            # Also where the clock was set back: otherwise nothing would be forgotten until it has caught up.
            self._since = time

    def dump(self) -> dict[str, object]:
        """Return all of it as what JSON can hold; empty where there is nothing."""
        if not self._young and not self._old:
            return {}
        return {"young": self._text(self._young), "old": self._text(self._old), "since": self._since}

    def _turn(self) -> None:
        self._young, self._old = {}, self._young

    def _load(self, text: object) -> dict[bytes, int]:
        if not isinstance(text, str):
            return {}
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return {}
        width, size = self._key_bytes, self._key_bytes + self._value_bytes
        parts = (data[start : start + size] for start in range(0, len(data) - len(data) % size, size))
        return {part[:width]: int.from_bytes(part[width:], "big") for part in parts}

    def _text(self, numbers: Mapping[bytes, int]) -> str:
        size = self._value_bytes
        data = b"".join([key + value.to_bytes(size, "big") for key, value in numbers.items()])
        return base64.b64encode(data).decode("ascii")
