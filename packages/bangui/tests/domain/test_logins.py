from __future__ import annotations

import pytest

from bangui.domain.logins import Proof, is_new_code


@pytest.mark.parametrize(
    ("used", "step", "is_new"),
    [(None, 100, True), (99, 100, True), (100, 100, False), (101, 100, False), (120, 100, False), (121, 100, True)],
)
def test_a_code_is_good_once_and_a_clock_that_was_wrong_keeps_nobody_out(
    used: int | None, step: int, is_new: bool
) -> None:
    assert is_new_code(used, step) is is_new


def test_what_was_proven_does_not_show_its_hash() -> None:
    assert "argon2" not in repr(Proof("$argon2id$v=19$"))
