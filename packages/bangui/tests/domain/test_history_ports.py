from __future__ import annotations

from bangui.domain.errors import BanGUIError
from bangui.domain.history_ports import StoreError, StoreTrouble


def test_trouble_with_the_store_says_what_what_to_do_and_of_which_kind() -> None:
    error = StoreError("the disk is full", "make room", trouble=StoreTrouble.FULL)
    assert isinstance(error, BanGUIError)
    assert (str(error), error.message, error.hint) == ("the disk is full", "the disk is full", "make room")
    assert error.trouble is StoreTrouble.FULL
