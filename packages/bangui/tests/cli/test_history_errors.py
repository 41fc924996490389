from __future__ import annotations

import pytest

from bangui.cli.history_errors import explaining
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import StoreError, StoreTrouble


@pytest.mark.parametrize(
    ("trouble", "command"), [(StoreTrouble.MISSING, "bangui collect --once"), (StoreTrouble.DENIED, "sudo")]
)
def test_the_hint_names_the_command_that_helps(trouble: StoreTrouble, command: str) -> None:
    with pytest.raises(StoreError) as caught, explaining():
        raise StoreError("no", "start the service", trouble=trouble)
    assert (caught.value.message, caught.value.trouble) == ("no", trouble)
    assert command in caught.value.hint


def test_where_no_command_helps_the_hint_stays() -> None:
    with pytest.raises(StoreError) as caught, explaining():
        raise StoreError("no", "make room", trouble=StoreTrouble.FULL)
    assert caught.value.hint == "make room"


def test_other_errors_pass() -> None:
    with pytest.raises(InvalidInput), explaining():
        raise InvalidInput("what?")
