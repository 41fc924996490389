from __future__ import annotations

import pytest

from aiofail2ban._commands import settings


@pytest.mark.parametrize(("factor", "text"), [(2, "2"), (2.0, "2"), (1.5, "1.5"), (1e-7, "1e-07"), (None, "")])
def test_a_factor_is_sent_as_the_text_of_a_number(factor: float | None, text: str) -> None:
    assert settings.set_factor("sshd", factor).request == ("set", "sshd", "bantime.factor", text)


@pytest.mark.parametrize("factor", [0, -1, 1e300, float("nan"), float("inf")])
def test_a_factor_without_sense_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="factor"):
        settings.set_factor("sshd", factor)


@pytest.mark.parametrize("factor", [True, "2", [2]])
def test_a_factor_is_a_number(factor: object) -> None:
    with pytest.raises(TypeError, match="factor"):
        settings.set_factor("sshd", factor)  # type: ignore[arg-type]  # a caller without a type checker


def test_multipliers_are_whole_numbers_in_one_text() -> None:
    assert settings.set_multipliers("sshd", [1, 2, 4]).request[-1] == "1 2 4"
    assert settings.set_multipliers("sshd", []).request[-1] == ""
    with pytest.raises(TypeError, match="multiplier"):
        settings.set_multipliers("sshd", "1 2")  # type: ignore[arg-type]  # a caller without a type checker
    with pytest.raises(ValueError, match="multiplier"):
        settings.set_multipliers("sshd", [0])


def test_a_text_counts_as_true_because_it_does_for_the_daemon() -> None:
    assert settings.parse_overalljails("false") is True
    assert settings.parse_overalljails(None) is False
    assert settings.parse_overalljails(False) is False
