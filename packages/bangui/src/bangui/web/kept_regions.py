"""Parts of pages that were rendered already: many tabs that show the same view of the same state cost one rendering.

Times in words are true for a second, and so is what is kept here.
"""

from __future__ import annotations

from collections.abc import Hashable

# Different views within one second; each is at most some 100 kB.
_VIEWS_KEPT = 50


class KeptRegions:
    """What was rendered of one page at one moment: a state of what it shows, in one second."""

    def __init__(self) -> None:
        self._moment: Hashable = None
        self._regions: dict[Hashable, str] = {}

    def find(self, moment: Hashable, view: Hashable) -> str | None:
        """Return what was kept of a view at this very moment."""
        return self._regions.get(view) if moment == self._moment else None

    def keep(self, moment: Hashable, view: Hashable, html: str) -> None:
        """Keep a view, and forget those of other moments."""
        if moment != self._moment or len(self._regions) >= _VIEWS_KEPT:
            self._regions.clear()
            self._moment = moment
        self._regions[view] = html
