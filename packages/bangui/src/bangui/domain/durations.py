"""Durations in the words of fail2ban's configuration: 10m, 1h 30m, 1w."""

from __future__ import annotations

# From the largest down. Months and years are left out on purpose: nobody knows how many days fail2ban's month has.
_UNITS = ((604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def duration_in_words(seconds: float) -> str:
    """Return the exact duration: `600` is `10m`, `5400` is `1h 30m`, `1209600` is `2w`, `1.5` is `1.5s`."""
    if seconds < 0:
        return f"-{duration_in_words(-seconds)}"
    whole = int(seconds)
    if whole != seconds:
        return f"{seconds:g}s"
    parts = []
    for size, unit in _UNITS:
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"


def rough_duration(seconds: float) -> str:
    """Return the duration as a person would say it, in one unit: `23 h`, `4 min`, `12 days`."""
    seconds = abs(seconds)
    if seconds < 60:
        return f"{int(seconds)} s"
    if seconds < 3_600:
        return f"{int(seconds // 60)} min"
    if seconds < 2 * 86_400:
        return f"{int(seconds // 3_600)} h"
    return f"{int(seconds // 86_400)} days"
