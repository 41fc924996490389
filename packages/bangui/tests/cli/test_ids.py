from __future__ import annotations

import io

import pytest

from bangui.cli.ids import given_ids
from bangui.domain.errors import InvalidInput


def test_a_dash_stands_for_the_lines_of_standard_input() -> None:
    stdin = io.StringIO("192.0.2.1\n\n# a comment\n 192.0.2.2  # bad boy\n")
    assert given_ids(["203.0.113.1", "-"], stdin) == ["203.0.113.1", "192.0.2.1", "192.0.2.2"]


def test_standard_input_is_read_once_and_must_hold_something() -> None:
    with pytest.raises(InvalidInput):
        given_ids(["-", "-"], io.StringIO("192.0.2.1"))
    with pytest.raises(InvalidInput):
        given_ids(["-"], io.StringIO("# nothing\n"))
