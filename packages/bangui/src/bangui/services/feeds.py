"""Sources as the collector reads them: without holding up the event loop."""

from __future__ import annotations

from bangui.domain.history_ports import EventSource, Reading
from bangui.services.threads import in_thread


class BlockingFeed:
    """A source whose reading blocks, read in a thread."""

    def __init__(self, source: EventSource) -> None:
        self._source = source

    @property
    def name(self) -> str:
        """What its cursor is called."""
        return self._source.name

    async def read(self, cursor: str | None) -> Reading:
        """Return what came after the cursor, or raise `SourceAway`."""
        return await in_thread(lambda: self._source.read(cursor))
