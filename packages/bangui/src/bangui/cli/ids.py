"""Which ids a person means: from the command line, or from standard input where they wrote `-`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from bangui.domain.errors import InvalidInput


def given_ids(words: Sequence[str], stdin: TextIO) -> list[str]:
    """Return the ids in the order given; `-` stands for the lines of standard input.

    Empty lines and what follows a `#` are left out, so that a block list can be fed as it is.
    """
    if words.count("-") > 1:
        raise InvalidInput("standard input can be read only once", "say - a single time")
    ids: list[str] = []
    for word in words:
        ids.extend(_read_lines(stdin) if word == "-" else [word])
    if not ids:
        raise InvalidInput("standard input holds no address", "write one address a line")
    return ids


def _read_lines(stdin: TextIO) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in stdin)
    return [line for line in lines if line]
