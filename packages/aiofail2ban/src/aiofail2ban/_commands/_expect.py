"""Readers for the simple shapes of replies.

They are lenient about what does not matter (a list or a tuple, more entries than are known) and raise
`Fail2BanProtocolError` for everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from aiofail2ban.errors import Fail2BanProtocolError

T = TypeVar("T")

_LONGEST_EXCERPT = 100


def unexpected(what: str, value: object) -> Fail2BanProtocolError:
    """Return the error for a reply that is not `what`."""
    return Fail2BanProtocolError(
        f"the daemon's reply is not {what}: {repr(value)[:_LONGEST_EXCERPT]}",
        hint="Something else than fail2ban answers on this socket, or a newer fail2ban changed this reply.",
    )


def expect_nothing(value: object) -> None:
    """Accept any value of a command that answers nothing worth reading."""
    del value


def expect_text(value: object) -> str:
    """Return a text."""
    if isinstance(value, str):
        return value
    raise unexpected("a text", value)


def expect_int(value: object) -> int:
    """Return a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise unexpected("a whole number", value)


def expect_number(value: object) -> float:
    """Return a number; a whole one comes as an int, whatever the daemon has computed it with."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise unexpected("a number", value)


def expect_bool(value: object) -> bool:
    """Return a truth value."""
    if isinstance(value, bool):
        return value
    raise unexpected("true or false", value)


def expect_flag(value: object) -> bool:
    """Return a truth value that the daemon sends as 1 or 0."""
    return bool(expect_int(value))


def expect_list(value: object) -> list[object] | tuple[object, ...]:
    """Return a list or a tuple."""
    if isinstance(value, (list, tuple)):
        return value
    raise unexpected("a list", value)


def expect_texts(value: object) -> tuple[str, ...]:
    """Return a list of texts."""
    items = expect_list(value)
    if set(map(type, items)) <= {str}:
        return cast("tuple[str, ...]", tuple(items))
    raise unexpected("a list of texts", value)


def optional(expect: Callable[[object], T]) -> Callable[[object], T | None]:
    """Return a reader that also accepts None."""

    def expect_or_none(value: object) -> T | None:
        return None if value is None else expect(value)

    return expect_or_none
