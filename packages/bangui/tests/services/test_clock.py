from __future__ import annotations

from datetime import UTC, datetime

from bangui.services.clock import unix_milliseconds


def test_the_time_is_that_of_this_machine_in_milliseconds() -> None:
    before = int(datetime.now(UTC).timestamp() * 1000)
    assert before <= unix_milliseconds() <= before + 600_000
