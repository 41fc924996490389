"""A setting of a jail as a value: what it may be, how people write it, and how it travels.

The daemon evaluates lengths of time as Python, as root. They are read here, by our own grammar, and leave as whole
seconds.

`JailSetting.read` is the only way to a value: it reads what people type (`1h 30m`, `on`) as well as what `written`
returns, which is how values travel.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bangui.domain.durations import duration_in_words
from bangui.domain.errors import InvalidInput
from bangui.domain.history import PERMANENT
from bangui.domain.phrases import Phrase, phrase

SettingValue = int | float | bool | str | tuple[str, ...] | None
"""None where nothing is set."""


class SettingKind(Enum):
    """What a value is."""

    DURATION = "duration"
    """Seconds."""
    COUNT = "count"
    SWITCH = "switch"
    CHOICE = "choice"
    TEXT = "text"
    LIST = "list"


class SettingGroup(Enum):
    """What a setting is about."""

    RULE = "rule"
    """When it bans, and for how long."""
    GROWTH = "growth"
    """How ban times of repeated offenders grow."""
    IGNORING = "ignoring"
    """Whom it never bans."""
    READING = "reading"
    """How it reads the log."""


@dataclass(frozen=True, slots=True)
class JailSetting:
    """One setting, by fail2ban's own name for it.

    `least` and `most` bound counts and seconds. `may_be_endless` lets a duration be for ever, `may_be_unset` nothing at
    all. `is_private` keeps a value from those who may only look: it can hold a password.
    """

    name: str
    kind: SettingKind
    group: SettingGroup
    meaning: Phrase
    is_changeable: bool = True
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    may_be_endless: bool = False
    may_be_unset: bool = False
    is_private: bool = False

    def read(self, text: str) -> SettingValue:
        """Return the value that somebody wrote, or raise `InvalidInput`."""
        written = text.strip()
        match self.kind:
            case SettingKind.DURATION:
                return self._read_duration(written)
            case SettingKind.COUNT:
                return self._bounded(_read_count(written), str)
            case SettingKind.SWITCH:
                return _read_switch(written)
            case SettingKind.CHOICE:
                return self._read_choice(written)
            case SettingKind.TEXT if _SOBER.fullmatch(written):
                return written
        raise InvalidInput(
            phrase("{text!r} cannot be a {name}", text=text, name=self.name),
            phrase("expected one short word without blanks"),
        )

    def written(self, value: SettingValue) -> str:
        """Return a value as `read` reads it."""
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, tuple):
            return "\n".join(value)
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

    def in_words(self, value: SettingValue) -> str:
        """Return a value as a person says it: `1h 30m`, `for ever`, `on`, `none`."""
        if value is None or value in ((), ""):
            return "none"
        if self.kind is SettingKind.DURATION and isinstance(value, int | float):
            return "for ever" if self.may_be_endless and value < 0 else duration_in_words(value)
        return ", ".join(value) if isinstance(value, tuple) else self.written(value)

    def _read_duration(self, written: str) -> int | None:
        lower = written.lower()
        if self.may_be_endless and lower in _ENDLESS:
            return PERMANENT
        if self.may_be_unset and lower in _UNSET:
            return None
        return self._bounded(_read_seconds(lower), duration_in_words)

    def _read_choice(self, written: str) -> str:
        if written.lower() not in self.choices:
            raise InvalidInput(
                phrase("{text!r} is no {name}", text=written, name=self.name),
                phrase("say one of {names}", names=", ".join(self.choices)),
            )
        return written.lower()

    def _bounded(self, number: int, say: Callable[[int], str]) -> int:
        if self.least <= number <= self.most:
            return number
        hint = phrase("it can be from {least} to {most}", least=say(self.least), most=say(self.most))
        if number < self.least:
            raise InvalidInput(phrase("{text} is too little", text=say(number)), hint)
        raise InvalidInput(phrase("{text} is too much", text=say(number)), hint)


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that was changed: what it was, and what the daemon says it is now."""

    host: str
    jail: str
    setting: JailSetting
    before: SettingValue
    after: SettingValue


# Units as fail2ban has them; a month is 30.4375 days and a year 365.25.
_SECONDS = {
    1: "s sec secs second seconds",
    60: "m mm min mins minute minutes",
    3_600: "h hour hours",
    86_400: "d day days",
    604_800: "w week weeks",
    2_629_800: "mo mon month months",
    31_557_600: "y year years",
}
_UNITS = {word: seconds for seconds, words in _SECONDS.items() for word in words.split()}
_PART = re.compile(r"(\d{1,11})\s*([a-z]+)\s*", re.ASCII)
_WHOLE = re.compile(r"\d{1,11}", re.ASCII)
_SOBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}", re.ASCII)
_ENDLESS = frozenset({"-1", "for ever", "forever", "permanent"})
_UNSET = frozenset({"", "none", "no limit"})
_SWITCH = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


def _read_seconds(written: str) -> int:
    if _WHOLE.fullmatch(written):
        return int(written)
    total, end = 0, 0
    for part in _PART.finditer(written):
        unit = _UNITS.get(part[2])
        if part.start() != end or unit is None:
            break
        total, end = total + int(part[1]) * unit, part.end()
    if not written or end != len(written):
        # `1h30` is an hour and 30 seconds to fail2ban, which nobody means.
        raise InvalidInput(
            phrase("{text!r} is no length of time", text=written), phrase("each number with its unit: 10m, 1h 30m, 1w")
        )
    return total


def _read_count(written: str) -> int:
    if not _WHOLE.fullmatch(written):
        raise InvalidInput(phrase("{text!r} is no number", text=written), phrase("say a whole number, such as 5"))
    return int(written)


def _read_switch(written: str) -> bool:
    if written.lower() not in _SWITCH:
        raise InvalidInput(phrase("{text!r} is neither on nor off", text=written))
    return _SWITCH[written.lower()]
