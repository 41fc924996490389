"""What to do when the history cannot be used, in the words of the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bangui.cli.place_options import HOW_TO_GET_ONE
from bangui.domain.history_ports import StoreError, StoreTrouble

_HINTS: Mapping[StoreTrouble, str] = {
    StoreTrouble.MISSING: HOW_TO_GET_ONE,
    StoreTrouble.DENIED: "it belongs to whoever records it: try again with sudo",
}


@contextmanager
def explaining() -> Iterator[None]:
    """Let errors of the history say which command helps."""
    try:
        yield
    except StoreError as error:
        raise StoreError(error.message, _HINTS.get(error.trouble, error.hint), trouble=error.trouble) from error
