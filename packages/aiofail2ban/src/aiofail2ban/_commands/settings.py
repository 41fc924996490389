"""What decides about a ban in a jail: times, numbers of failures, and the increment of ban times."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiofail2ban._command import Command, T
from aiofail2ban._formula import check_formula
from aiofail2ban.types import Duration

from ._arguments import PERMANENT, check_bool, check_number, check_text, to_seconds
from ._expect import expect_bool, expect_int, expect_list, expect_number, expect_text, optional

# The daemon removes a setting of the increment when it gets an empty text.
_UNSET = ""
_LARGEST_FACTOR = 1_000_000


def read(jail: str, name: str, parse: Callable[[object], T]) -> Command[T]:
    """`get J NAME`."""
    return Command(("get", jail, name), parse, reads=True)


def write(jail: str, name: str, value: object, parse: Callable[[object], T]) -> Command[T]:
    """`set J NAME VALUE`, which answers the new value."""
    return Command(("set", jail, name, value), parse)


def get_bantime(jail: str) -> Command[int]:
    """`get J bantime`."""
    return read(jail, "bantime", expect_int)


def set_bantime(jail: str, duration: Duration) -> Command[int]:
    """`set J bantime`, which the daemon would evaluate."""
    return write(jail, "bantime", to_seconds(duration, "the ban time", minimum=PERMANENT), expect_int)


def get_findtime(jail: str) -> Command[float]:
    """`get J findtime`."""
    return read(jail, "findtime", expect_number)


def set_findtime(jail: str, duration: Duration) -> Command[float]:
    """`set J findtime`, which the daemon would evaluate."""
    return write(jail, "findtime", to_seconds(duration, "the find time"), expect_number)


def get_maxretry(jail: str) -> Command[int]:
    """`get J maxretry`."""
    return read(jail, "maxretry", expect_int)


def set_maxretry(jail: str, count: int) -> Command[int]:
    """`set J maxretry`."""
    return write(jail, "maxretry", check_number(count, 1, "maxretry"), expect_int)


def get_maxmatches(jail: str) -> Command[int]:
    """`get J maxmatches`."""
    return read(jail, "maxmatches", expect_int)


def set_maxmatches(jail: str, count: int) -> Command[int]:
    """`set J maxmatches`."""
    return write(jail, "maxmatches", check_number(count, 0, "maxmatches"), expect_int)


def get_increment(jail: str) -> Command[bool]:
    """`get J bantime.increment`; None, when it was never set, means off."""
    return read(jail, "bantime.increment", parse_switch)


def set_increment(jail: str, is_on: bool) -> Command[bool]:
    """`set J bantime.increment`."""
    return write(jail, "bantime.increment", check_bool(is_on, "the increment"), parse_switch)


def get_overalljails(jail: str) -> Command[bool]:
    """`get J bantime.overalljails`."""
    return read(jail, "bantime.overalljails", parse_overalljails)


def set_overalljails(jail: str, is_on: bool) -> Command[bool]:
    """`set J bantime.overalljails`: a real truth value, because the daemon takes every text for true."""
    return write(jail, "bantime.overalljails", check_bool(is_on, "overalljails"), parse_overalljails)


def get_factor(jail: str) -> Command[str | None]:
    """`get J bantime.factor`."""
    return read(jail, "bantime.factor", optional(expect_text))


def set_factor(jail: str, factor: float | None) -> Command[str | None]:
    """`set J bantime.factor`, which the daemon evaluates at once, and only as a text."""
    return write(jail, "bantime.factor", _UNSET if factor is None else _spell_factor(factor), optional(expect_text))


def get_formula(jail: str) -> Command[str | None]:
    """`get J bantime.formula`."""
    return read(jail, "bantime.formula", optional(expect_text))


def set_formula(jail: str, formula: str | None) -> Command[str | None]:
    """`set J bantime.formula`, which the daemon evaluates at each ban."""
    value = _UNSET if formula is None else check_formula(check_text(formula, "the formula"))
    return write(jail, "bantime.formula", value, optional(expect_text))


def get_multipliers(jail: str) -> Command[tuple[int, ...]]:
    """`get J bantime.evmultipliers`: those in effect, not the text that was sent."""
    return read(jail, "bantime.evmultipliers", parse_multipliers)


def set_multipliers(jail: str, multipliers: Sequence[int]) -> Command[str | None]:
    """`set J bantime.multipliers`; an empty list removes them."""
    numbers = [check_number(number, 1, "a multiplier") for number in multipliers]
    return write(jail, "bantime.multipliers", " ".join(map(str, numbers)), optional(expect_text))


def get_maxtime(jail: str) -> Command[float | None]:
    """`get J bantime.maxtime`."""
    return read(jail, "bantime.maxtime", optional(expect_number))


def set_maxtime(jail: str, duration: Duration | None) -> Command[float | None]:
    """`set J bantime.maxtime`, which the daemon would evaluate."""
    value = _UNSET if duration is None else to_seconds(duration, "the longest ban time", minimum=1)
    return write(jail, "bantime.maxtime", value, optional(expect_number))


def get_rndtime(jail: str) -> Command[float | None]:
    """`get J bantime.rndtime`."""
    return read(jail, "bantime.rndtime", optional(expect_number))


def set_rndtime(jail: str, duration: Duration | None) -> Command[float | None]:
    """`set J bantime.rndtime`, which the daemon would evaluate."""
    value = _UNSET if duration is None else to_seconds(duration, "the random time")
    return write(jail, "bantime.rndtime", value, optional(expect_number))


def parse_switch(value: object) -> bool:
    """Read a truth value; None stands for one that was never set."""
    return value is not None and expect_bool(value)


def parse_overalljails(value: object) -> bool:
    """Read what the daemon makes of the setting: it holds any text for true, also the text `false`."""
    return bool(value) if isinstance(value, str) else parse_switch(value)


def parse_multipliers(value: object) -> tuple[int, ...]:
    """Read a list of whole numbers; None stands for none."""
    return () if value is None else tuple([expect_int(number) for number in expect_list(value)])


def _spell_factor(factor: float) -> str:
    if isinstance(factor, bool) or not isinstance(factor, (int, float)):
        raise TypeError(f"the factor must be a number, not {type(factor).__name__}")
    if not 0 < factor <= _LARGEST_FACTOR:
        raise ValueError(f"the factor must be greater than 0 and at most {_LARGEST_FACTOR}, not {factor!r}")
    whole = int(factor)
    return str(whole) if whole == factor else repr(float(factor))
