from __future__ import annotations

import re

import pytest

from bangui.domain.accounts import is_id
from bangui.domain.secret import is_encoded_secret
from bangui.services.new_secrets import is_recovery_code, new_id, new_recovery_codes, new_secret, plain_code


def test_secrets_are_long_and_never_the_same() -> None:
    made = [new_secret("bgt_") for _ in range(100)]
    assert all(is_encoded_secret(secret, "bgt_") for secret in made)
    assert len({secret.reveal() for secret in made}) == 100


def test_ids_have_the_form_of_ids() -> None:
    assert is_id(new_id())
    assert new_id() != new_id()


def test_recovery_codes_can_be_written_down() -> None:
    codes = [code.reveal() for code in new_recovery_codes()]
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code) for code in codes)


@pytest.mark.parametrize("typed", ["abcd-efgh-2345-6723", "ABCD EFGH 2345 6723", " abcdefgh23456723\n"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert plain_code(typed) == "abcdefgh23456723"
    assert is_recovery_code(plain_code(typed))


def test_a_one_time_code_is_no_recovery_code() -> None:
    assert plain_code("123 456") == "123456"
    assert not is_recovery_code("123456")
