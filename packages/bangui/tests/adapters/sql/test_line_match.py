from __future__ import annotations

import pytest

from bangui.adapters.sql.line_match import hold, match_text
from bangui.adapters.sql.lines import keepable, pack

PACKED = pack(keepable(["Failed password for Oracle", "from 203.0.113.7 port 4711"]))


@pytest.mark.parametrize(
    ("whole", "begun", "is_held"),
    [
        (("failed", "oracle"), None, True),
        (("failed", "root"), None, False),
        ((), "ora", True),
        ((), "racle", False),
        (("failed", "203"), "47", True),
        (("absent",), "47", False),
        (("port",), "48", False),
    ],
)
def test_all_words_must_be_in_the_lines_and_one_must_begin_so(
    whole: tuple[str, ...], begun: str | None, is_held: bool
) -> None:
    assert hold(PACKED, match_text(whole, begun)) is is_held


@pytest.mark.parametrize("packed", [b"", b"\x00", b"\x01", PACKED[:-5], b"\x02" + PACKED[1:]])
def test_damaged_lines_hold_nothing_and_break_nothing(packed: bytes) -> None:
    assert hold(packed, match_text(("oracle",), "47")) is False
