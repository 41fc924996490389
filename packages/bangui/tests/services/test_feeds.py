from __future__ import annotations

import threading

from bangui.domain.history_ports import Reading
from bangui.services.feeds import BlockingFeed


class ThreadTellingSource:
    name = "log"

    def __init__(self) -> None:
        self.thread: str | None = None

    def read(self, cursor: str | None, at_most: int = 5_000) -> Reading:
        self.thread = threading.current_thread().name
        return Reading((), f"after {cursor}", False)

    def close(self) -> None:
        """Hold nothing."""


async def test_a_blocking_source_is_read_in_another_thread_from_its_cursor() -> None:
    source = ThreadTellingSource()
    feed = BlockingFeed(source)
    assert feed.name == "log"
    assert (await feed.read("7")).cursor == "after 7"
    assert source.thread != threading.main_thread().name
