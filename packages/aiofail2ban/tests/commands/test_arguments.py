from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from aiofail2ban import Fail2BanProtocolError
from aiofail2ban._commands._arguments import (
    MAX_SECONDS,
    check_bool,
    check_id,
    check_number,
    check_text,
    to_ids,
    to_seconds,
)


def test_one_id_stands_for_a_list_of_one() -> None:
    assert to_ids("192.0.2.1") == ("192.0.2.1",)
    assert to_ids(ip_network("192.0.2.0/24")) == ("192.0.2.0/24",)
    assert to_ids(["192.0.2.1", ip_address("2001:db8::1")]) == ("192.0.2.1", "2001:db8::1")


def test_an_id_is_any_text_and_nothing_else() -> None:
    for text in ("", "not an address", "5", "é"):
        assert check_id(text) == text
    with pytest.raises(TypeError, match="a text or an address"):
        check_id(5)  # type: ignore[arg-type]  # a caller without a type checker
    with pytest.raises(Fail2BanProtocolError):
        check_id("<F2B_END_COMMAND>")


@pytest.mark.parametrize("value", [True, 1.5, None, b"1", [1]])
def test_a_time_span_is_whole_seconds_or_a_text(value: object) -> None:
    with pytest.raises(TypeError):
        to_seconds(value, "the time")  # type: ignore[arg-type]  # a caller without a type checker


def test_a_time_span_has_limits() -> None:
    assert to_seconds("1h", "the time") == 3600
    assert to_seconds(-1, "the time", minimum=-1) == -1
    for value in (-1, MAX_SECONDS + 1, "9999999y"):
        with pytest.raises(ValueError, match="the time must be"):
            to_seconds(value, "the time")


def test_a_number_is_whole_and_not_a_truth_value() -> None:
    assert check_number(3, 1, "it") == 3
    for value in (True, 1.0, "1"):
        with pytest.raises(TypeError):
            check_number(value, 0, "it")  # type: ignore[arg-type]  # a caller without a type checker


def test_a_truth_value_is_not_a_text() -> None:
    assert check_bool(False, "it") is False
    with pytest.raises(TypeError):
        check_bool("false", "it")  # type: ignore[arg-type]  # a caller without a type checker


def test_a_text_is_not_a_number() -> None:
    with pytest.raises(TypeError):
        check_text(5)  # type: ignore[arg-type]  # a caller without a type checker
