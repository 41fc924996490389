"""Which colour a jail has: the same on every page, as far as there are colours.

There are eight plain tones and the same eight with stripes. A jail gets the tone that its name says; where another one
has it already, the next that is free. So the colour of a jail depends on which jails there are, but neither on what
they did nor on what a page shows. The tones grow lighter from the first to the last (`jail-colours.css`): stacked in
this order they can be told apart without colours too.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

PLAIN_TONES = 8
TONES = 2 * PLAIN_TONES
"""From `PLAIN_TONES` on they are striped."""


class JailColours:
    """The tones of the jails of a host. Those that are `gone` get what the jails that there are leave over."""

    def __init__(self, jails: Iterable[str], gone: Iterable[str] = ()) -> None:
        self._tones: dict[str, int] = {}
        plain, striped = list(range(PLAIN_TONES)), list(range(PLAIN_TONES, TONES))
        for jail in dict.fromkeys((*sorted(set(jails)), *sorted(set(gone)))):
            free = plain or striped
            if not free:
                break
            wanted = free[0] // PLAIN_TONES * PLAIN_TONES + _named(jail, PLAIN_TONES)
            tone = min(free, key=lambda tone: (tone - wanted) % PLAIN_TONES)
            free.remove(tone)
            self._tones[jail] = tone

    def tone(self, jail: str) -> int:
        """Return the tone of a jail; of one that nobody has told of, what its name says."""
        known = self._tones.get(jail)
        return _named(jail, TONES) if known is None else known


def _named(jail: str, tones: int) -> int:
    # Not Python's own hash, which is another one after every start.
    return crc32(jail.encode("utf-8", "surrogatepass")) % tones
