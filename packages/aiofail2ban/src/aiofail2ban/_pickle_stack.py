"""The values of a pickle in the making: its stack, marks and memo, all with limits.

Every count that the sender announces is checked against a limit before it is used, and what a pickle piles up is
counted, because a byte of it can cost us a hundred.
"""

from __future__ import annotations

from typing import TypeVar

from ._pickle_bytes import fault

# An empty set costs the sender one byte and us two hundred; real replies hold a few containers and long texts.
MAX_CONTAINERS = 1_000_000
# The shortest texts cost the sender four bytes and us sixty. A ban is four values (its text, remembered twice, and
# the tuple around it), so that this is more than a million bans.
MAX_VALUES = 5_000_000
# One for each container that is being filled; real replies nest six deep.
MAX_OPEN_MARKS = 64
# Python 2 numbers its memo from 1, others from 0 without gaps.
MAX_MEMO_GAP = 16
# Larger numbers can be chosen to have one hash, so that each new key is compared with all others.
_KEY_LIMIT = 2**60

_KEY_TYPES = frozenset({str, int, float, bool, bytes, type(None)})

_C = TypeVar("_C", list[object], dict[object, object], set[object])


class _Placeholder:
    """Stands in the memo where a value would have to be made only to be forgotten."""


_UNSET = _Placeholder()
# The tuple around the text before it, which only the pickle's own REDUCE ever uses.
TUPLE_OF_PREVIOUS = _Placeholder()


class PickleStack:
    """Values, marks and memo of one pickle. Raises `IndexError` for a value that is not there."""

    def __init__(self) -> None:
        self._stack: list[object] = []
        self._marks: list[int] = []
        self._memo: list[object] = []
        self._containers = 0
        self._contained = 0

    def _forget_values(self) -> None:
        self._stack.clear()
        self._marks.clear()
        self._memo.clear()
        self._containers = self._contained = 0

    # Limits

    def _count_container(self) -> None:
        self._containers += 1
        if self._containers > MAX_CONTAINERS:
            raise fault(f"holds more than {MAX_CONTAINERS} containers")

    def _check_values(self) -> None:
        """Raise when there are too many values: on the stack, in the memo, and in containers."""
        if len(self._stack) + len(self._memo) + self._contained > MAX_VALUES:
            raise fault(f"holds more than {MAX_VALUES} values")

    # Stack and marks

    def _mark(self) -> None:
        if len(self._marks) >= MAX_OPEN_MARKS:
            raise fault(f"nests more than {MAX_OPEN_MARKS} deep")
        self._marks.append(len(self._stack))

    def _since_mark(self) -> list[object]:
        start = self._marks.pop()
        items = self._stack[start:]
        del self._stack[start:]
        self._contained += len(items)
        return items

    def _last(self, count: int) -> tuple[object, ...]:
        self._guard_mark(count)
        items = tuple(self._stack[-count:])
        del self._stack[-count:]
        self._contained += count
        return items

    def _guard_mark(self, count: int) -> None:
        """Raise unless `count` values stand above the last mark."""
        if len(self._stack) - count < (self._marks[-1] if self._marks else 0):
            raise IndexError

    def _pop(self) -> object:
        self._guard_mark(1)
        return self._stack.pop()

    def _top(self, kind: type[_C]) -> _C:
        self._guard_mark(1)
        top = self._stack[-1]
        if type(top) is not kind:
            raise fault(f"adds to something that is not a {kind.__name__}")
        return top

    # Memo

    def _remember(self, index: int) -> None:
        memo = self._memo
        if index >= len(memo):
            if index > len(memo) + MAX_MEMO_GAP:
                raise fault(f"numbers a value {index}")
            memo.extend([_UNSET] * (index + 1 - len(memo)))
        elif memo[index] is not _UNSET:
            raise fault(f"numbers two values {index}")
        self._guard_mark(1)
        memo[index] = self._stack[-1]

    def _recall(self, index: int) -> object:
        value = self._memo[index]
        if value is TUPLE_OF_PREVIOUS:
            self._count_container()
            return (self._memo[index - 1],)
        if value is _UNSET:
            raise IndexError
        return value


def checked_keys(items: list[object]) -> list[object]:
    """Return `items` when all may be hashed: hashing nested tuples would recurse as deep as they nest."""
    kinds = set(map(type, items))
    if not kinds <= _KEY_TYPES:
        raise fault("uses something as a key that is not a plain value")
    if int in kinds and not all(-_KEY_LIMIT < item < _KEY_LIMIT for item in items if isinstance(item, int)):
        raise fault("uses a number as a key that is too large")
    return items


def fill_dict(target: dict[object, object], items: list[object]) -> None:
    """Add `items`, keys and values in turn."""
    if len(items) % 2:
        raise fault("holds a key without a value")
    target.update(zip(checked_keys(items[::2]), items[1::2], strict=True))
