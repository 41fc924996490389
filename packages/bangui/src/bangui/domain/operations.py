"""Everything that can be asked of a host, as plain values.

An operation says what is wanted, never how: it can be performed here, by a root helper or by an agent on another
machine, so it must survive the journey. `encode_operation` and `decode_operation` turn it into JSON's own types and
back; decoding accepts what is listed here and nothing else. Operations are small: whoever has ten thousand addresses
to ban slices them (`bangui.services.bans`), so that other clients of the daemon get their turn in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from bangui.domain.errors import InvalidInput

# Not needed to ask, only to say what is answered: a short command asks one thing.
if TYPE_CHECKING:
    from datetime import datetime  # noqa: F401 - named below as text

    from bangui.domain.bans import Ban  # noqa: F401
    from bangui.domain.jails import AllowList, JailCounters, JailRule  # noqa: F401
    from bangui.domain.outcomes import BanOutcome, UnbanOutcome  # noqa: F401

R_co = TypeVar("R_co", covariant=True)

RECENT_SECONDS = 300
"""What counts as recent: longer than the database is ever behind."""


@dataclass(frozen=True, slots=True)
class Operation(Generic[R_co]):
    """Something that a host can do; `R_co` is what it answers. `changes` is True where it is more than a question."""

    changes: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class JailOperation(Operation[R_co]):
    """An operation that needs to know the jail and nothing else."""

    jail: str


# What adds no fields is a value by what it inherits; making it a dataclass of its own would cost every short command
# a quarter of a millisecond.


class ReadVersion(Operation[str]):
    """The version of the daemon, as it names itself."""

    __slots__ = ()


class ReadStart(Operation["datetime | None"]):
    """When the daemon was started (aware, UTC); None where that cannot be known from here."""

    __slots__ = ()


class ReadCounters(Operation["tuple[JailCounters, ...]"]):
    """The counters of every jail, in the order of the jails' names."""

    __slots__ = ()


class ReadBans(JailOperation["tuple[Ban, ...]"]):
    """The bans of one jail, newest first. Costs the daemon about 10 microseconds for each ban."""

    __slots__ = ()


class ReadRecordedBans(JailOperation["tuple[Ban, ...]"]):
    """The bans of one jail that are in force by fail2ban's own database, newest first; costs the daemon nothing.

    The database may be a few seconds behind. Refused where it cannot be read.
    """

    __slots__ = ()


class ReadRecentlyRecordedBans(JailOperation["tuple[Ban, ...]"]):
    """As `ReadRecordedBans`, but only the bans that began in the last `RECENT_SECONDS`."""

    __slots__ = ()


class ReadRule(JailOperation["JailRule"]):
    """When a jail bans, and for how long."""

    __slots__ = ()


class ReadAllowList(JailOperation["AllowList"]):
    """What a jail never bans."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class LookUp(Operation[tuple[tuple[str, ...], ...]]):
    """For each id the jails that ban exactly this id; a network that covers an address is another id."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BanIds(Operation["BanOutcome"]):
    """Ban ids in a jail, for as long as the jail bans."""

    changes: ClassVar[bool] = True

    jail: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnbanIds(Operation["UnbanOutcome"]):
    """Lift the bans of ids in one jail, or in all of them where `jail` is None.

    A network lifts its own ban, or else the bans of all single addresses inside it.
    """

    changes: ClassVar[bool] = True

    ids: tuple[str, ...]
    jail: str | None = None


OPERATIONS: Mapping[str, type[Operation[object]]] = {
    "read-version": ReadVersion,
    "read-start": ReadStart,
    "read-counters": ReadCounters,
    "read-bans": ReadBans,
    "read-recorded-bans": ReadRecordedBans,
    "read-recently-recorded-bans": ReadRecentlyRecordedBans,
    "read-rule": ReadRule,
    "read-allow-list": ReadAllowList,
    "look-up": LookUp,
    "ban-ids": BanIds,
    "unban-ids": UnbanIds,
}
"""Those that short commands ask; `bangui.domain.further_operations` has the others."""


@cache
def _every_operation() -> Mapping[str, type[Operation[object]]]:
    from bangui.domain.further_operations import FURTHER_OPERATIONS

    return {**OPERATIONS, **FURTHER_OPERATIONS}


def encode_operation(operation: Operation[object]) -> dict[str, object]:
    """Return the operation in JSON's own types: its name and its fields."""
    names = {kind: name for name, kind in _every_operation().items()}
    encoded: dict[str, object] = {"operation": names[type(operation)]}
    for field in fields(operation):
        value = getattr(operation, field.name)
        encoded[field.name] = list(value) if isinstance(value, tuple) else value
    return encoded


def decode_operation(encoded: Mapping[str, object]) -> Operation[object]:
    """Return the operation that was encoded; anything else is an `InvalidInput`."""
    name = encoded.get("operation")
    kind = _every_operation().get(name) if isinstance(name, str) else None
    if kind is None:
        raise InvalidInput(f"there is no operation named {name!r}")
    expected = {field.name: str(field.type) for field in fields(kind)}
    if set(encoded) != {"operation", *expected}:
        raise InvalidInput(f"the operation {name!r} takes {', '.join(expected) or 'no arguments'}")
    arguments = {}
    for field_name, type_name in expected.items():
        try:
            arguments[field_name] = _DECODERS[type_name](encoded[field_name])
        except TypeError:
            raise InvalidInput(f"{field_name!r} of {name!r} must be {type_name}") from None
    return kind(**arguments)


def _decode_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _decode_optional_text(value: object) -> str | None:
    return None if value is None else _decode_text(value)


def _decode_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_decode_text(item) for item in value)


# By the annotation of the field: the few types that an operation may hold.
_DECODERS: Mapping[str, Callable[[object], object]] = {
    "str": _decode_text,
    "str | None": _decode_optional_text,
    "tuple[str, ...]": _decode_texts,
}
