"""Tests may run as root, whom no file refuses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be somebody to whom files with mode 0 do not belong, where this is root."""
    own = os.geteuid()
    if own != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(own)
