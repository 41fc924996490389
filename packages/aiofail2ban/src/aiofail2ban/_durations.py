"""fail2ban's text for a time span, read by its own rules but never evaluated.

The daemon turns such a text into a Python expression and evaluates it as root. This reader knows the same units, the
four operations and brackets, and nothing else; what it gives is a whole number of seconds.

Units, in upper or lower case: s sec second, m min minute, h hour, d day, w week, mo month (30.4375 days), y year
(365.25 days). Parts may be joined: `1d12h`, `1h 30m`. A number without a unit is in seconds, so `1h30` is 3630.
"""

from __future__ import annotations

import re

_LONGEST_TEXT = 200

# What fail2ban's own patterns accept: every unit also doubled (`mm`) and cut short (`hou`).
_UNITS = {
    1: ("s", "ss", "se", "sec", "second", "seconds"),
    60: ("m", "mm", "mi", "min", "minute", "minutes"),
    3600: ("h", "hh", "ho", "hou", "hour", "hours"),
    86400: ("d", "dd", "da", "day", "days"),
    604800: ("w", "ww", "we", "wee", "week", "weeks"),
    2629800: ("mo", "mon", "month", "months"),
    31557600: ("y", "yy", "ye", "yea", "year", "years"),
}
_SECONDS = {name: seconds for seconds, names in _UNITS.items() for name in names}

# A number that begins with 0 is an error in Python unless it is zero or has a fraction.
_TOKEN = re.compile(r"\s*(?:(\d+\.\d*|\.\d+|0+(?![\d])|[1-9]\d*)|([A-Za-z]+)|([-+*/()]))")

# Numbers are fractions (numerator, denominator): `0.1h` is exactly six minutes.
_Fraction = tuple[int, int]


def parse_duration(text: str) -> int:
    """Return the seconds that fail2ban understands by `text`, such as 5400 for `1h 30m` or -1 for `-1`.

    Raises `ValueError` when fail2ban would not understand it, or when it is not a whole number of seconds.
    """
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"not a time span: more than {_LONGEST_TEXT} characters")
    numerator, denominator = _Reader(text).read()
    if numerator % denominator:
        raise ValueError(f"{text!r} is not a whole number of seconds")
    return numerator // denominator


def format_duration(seconds: int) -> str:
    """Return the shortest usual text for `seconds`, such as `1w 2d` or `1h 30m`; `parse_duration` reads it back.

    Raises `ValueError` for a negative number: -1 stands for a permanent ban, not for a span.
    """
    if seconds < 0:
        raise ValueError(f"a time span is not negative: {seconds}")
    parts: list[str] = []
    for size, unit in ((604800, "w"), (86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"


class _Reader:
    """A recursive descent over the words; sums of products of signed numbers with units."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = self._split(text)
        self._place = 0

    def read(self) -> _Fraction:
        value = self._read_sum()
        if self._next is not None:
            raise self._error()
        return value

    def _split(self, text: str) -> list[str]:
        words: list[str] = []
        place, end = 0, len(text.rstrip())
        while place < end:
            match = _TOKEN.match(text, place)
            if match is None:
                raise self._error()
            words.append(match.group().strip().lower())
            place = match.end()
        return words

    @property
    def _next(self) -> str | None:
        return self._words[self._place] if self._place < len(self._words) else None

    def _read_sum(self) -> _Fraction:
        total = self._read_product()
        while True:
            word = self._next
            if word in {"+", "-"}:
                self._place += 1
            elif word is None or not word[0].isdigit() or self._words[self._place - 1] == ")":
                return total
            # Otherwise two parts stand side by side, as in `1h 30m`: fail2ban puts a plus between them.
            numerator, denominator = self._read_product()
            sign = -1 if word == "-" else 1
            total = (total[0] * denominator + sign * numerator * total[1], total[1] * denominator)

    def _read_product(self) -> _Fraction:
        numerator, denominator = self._read_signed()
        while (word := self._next) is not None:
            if word in _SECONDS:
                self._place += 1
                numerator *= _SECONDS[word]
            elif word in {"*", "/"}:
                self._place += 1
                above, below = self._read_signed()
                if word == "/":
                    above, below = below, above
                if below == 0:
                    raise ValueError(f"{self._text!r} divides by zero")
                numerator, denominator = numerator * above, denominator * below
            else:
                break
        # Keeps the denominator positive, which the test for whole seconds and the sums rely on.
        return (numerator, denominator) if denominator > 0 else (-numerator, -denominator)

    def _read_signed(self) -> _Fraction:
        word = self._next
        if word is None:
            raise self._error()
        self._place += 1
        if word in {"+", "-"}:
            numerator, denominator = self._read_signed()
            return (numerator if word == "+" else -numerator), denominator
        if word == "(":
            value = self._read_sum()
            if self._next != ")":
                raise self._error()
            self._place += 1
            return value
        if not word[0].isdigit() and word[0] != ".":
            raise self._error()
        whole, _, fraction = word.partition(".")
        return int(whole + fraction or "0"), 10 ** len(fraction)

    def _error(self) -> ValueError:
        return ValueError(f"{self._text!r} is not a time span that fail2ban understands, such as '1h 30m' or '600'")
