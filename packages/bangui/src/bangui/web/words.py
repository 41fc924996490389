"""Numbers and times in words, as templates show them, in the language of the request.

Relative words are worked out against the moment of rendering; the browser's `times.js` keeps them going with the same
rules and the same words (`time_words`), so a page whose scripts do not run still shows what was true when it was made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from bangui.domain.sizes import size_in_words
from bangui.web.language import LazyText, said, spoken
from bangui.web.language import gettext as _

# Of things that happened longer ago than this, the day matters.
_A_WHILE = 2 * 86_400


def count(number: int) -> str:
    """Return the number with its thousands apart: `1,204`."""
    return f"{number:,}".replace(",", spoken().thousands)


def size(number: int) -> str:
    """Return a number of bytes: `1.4 GB`."""
    return size_in_words(number).replace(".", spoken().decimals)


def percent(share: float) -> str:
    """Return a share, from 0 to 1, in whole percent: `23 %`; what is there is never nothing."""
    whole = round(100 * share)
    if share > 0 and not whole:
        return _("under 1 %%") % {}
    return _("%(number)s %%") % {"number": whole}


def sentence(phrase: str | LazyText) -> str:
    """Return a phrase of the domain as a sentence: its messages start small and end bare, on a page they stand alone.

    A phrase that starts with one of our names (`fail2ban`) keeps it as it is written; a command at its end becomes
    code, without a full stop that somebody would copy along.
    """
    text = said(phrase).strip()
    if not text:
        return ""
    start = text[0] if text.startswith("fail2ban") else text[0].upper()
    # What has not been translated has the English word.
    for word in dict.fromkeys((_("try:"), "try:")):
        before, is_command, command = f"{start}{text[1:]}".rpartition(f" {word} ")
        if is_command:
            return f"{before} {word.capitalize() if before.endswith('?') else word} `{command}`"
    return f"{start}{text[1:]}" + ("" if text[-1] in ".?" else ".")


def exact(moment: datetime) -> str:
    """Return the exact time with its zone named: `2026-11-23 20:41:06 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def machine(moment: datetime) -> str:
    """Return the time for a `datetime` attribute: `2026-11-23T20:41:06Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago it was: `4 min ago`; a moment ahead of our clock counts as now."""
    seconds = (now - moment).total_seconds()
    return _("just now") if seconds < 1 else _rough(seconds, _ago_words())


def when(moment: datetime, now: datetime) -> str:
    """Return how long ago it was, or the date and time where that would tell too little: `3 Nov 2026, 14:05 UTC`."""
    if (now - moment).total_seconds() < _A_WHILE:
        return ago(moment, now)
    return f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC"


def time_for(moment: datetime, now: datetime) -> str:
    """Return for how long it has lasted: `4 min`."""
    return _rough((now - moment).total_seconds(), _for_words())


def time_left(moment: datetime, now: datetime) -> str:
    """Return how long it will last: `23 h left`; a moment that has passed is `ending`."""
    seconds = (moment - now).total_seconds()
    return _("ending") if seconds < 1 else _rough(seconds, _left_words())


def _rough(seconds: float, words: Mapping[str, str]) -> str:
    """Return a duration as a person would say it, in one unit; the rules are those of `rough_duration`."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return words["s"] % {"n": whole}
    if whole < 3_600:
        return words["min"] % {"n": whole // 60}
    if whole < 2 * 86_400:
        return words["h"] % {"n": whole // 3_600}
    return words["days"] % {"n": whole // 86_400}


def _ago_words() -> dict[str, str]:
    return {"s": _("%(n)s s ago"), "min": _("%(n)s min ago"), "h": _("%(n)s h ago"), "days": _("%(n)s days ago")}


def _for_words() -> dict[str, str]:
    return {"s": _("%(n)s s"), "min": _("%(n)s min"), "h": _("%(n)s h"), "days": _("%(n)s days")}


def _left_words() -> dict[str, str]:
    return {"s": _("%(n)s s left"), "min": _("%(n)s min left"), "h": _("%(n)s h left"), "days": _("%(n)s days left")}


def time_words() -> str:
    """Return what the browser says about times, as JSON: `%(n)s` stands for the number."""
    words = {
        "now": _("just now"),
        "ending": _("ending"),
        "ago": _ago_words(),
        "for": _for_words(),
        "left": _left_words(),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def hour(moment: datetime) -> str:
    """Return an hour of the clock: `Mon 14:00`."""
    moment = moment.astimezone(UTC)
    days = _("Mon Tue Wed Thu Fri Sat Sun").split()
    return f"{days[moment.weekday()]} {moment:%H:%M}"


def day(moment: datetime) -> str:
    """Return a day: `3 Nov 2026`."""
    moment = moment.astimezone(UTC)
    months = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    return _("%(day)s %(month)s %(year)s") % {
        "day": moment.day,
        "month": months[moment.month - 1],
        "year": moment.year,
    }
