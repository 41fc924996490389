"""One-time codes, against the examples of the standard."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from pyotp import TOTP

from bangui.adapters.totp import TotpCodes
from bangui.domain.secret import Secret

CODES = TotpCodes()
# Appendix B of RFC 6238, cut to six digits.
SECRET = Secret(base64.b32encode(b"12345678901234567890").decode())
EXAMPLES = [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (20_000_000_000, "353130")]


@pytest.mark.parametrize(("seconds", "code"), EXAMPLES)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert CODES.time_step(SECRET, code, seconds * 1000) == seconds // 30


def test_a_code_is_good_one_step_before_and_after_its_own() -> None:
    code, step = TOTP(SECRET.reveal()).generate_otp(1_000), 1_000
    found = {off: CODES.time_step(SECRET, code, (step + off) * 30_000) for off in (-2, -1, 0, 1, 2)}
    assert found == {-2: None, -1: 1_000, 0: 1_000, 1: 1_000, 2: None}


@pytest.mark.parametrize(
    "code",
    ["", "28708", "2870820", "28708a", " 287082", "２８７０８２", "\u0662\u0668\u0667\u0660\u0668\u0662", "-87082"],
)
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert CODES.time_step(SECRET, code, 59_000) is None


def test_a_clock_at_its_beginning_breaks_nothing() -> None:
    assert CODES.time_step(SECRET, "000000", 0) is None


def test_a_new_secret_has_160_bits_and_is_another_each_time() -> None:
    first, second = CODES.new_secret(), CODES.new_secret()
    assert first != second
    assert len(base64.b32decode(first.reveal())) == 20


def test_an_authenticator_is_told_whose_codes_these_are() -> None:
    uri = urlsplit(CODES.uri(SECRET, "ada@example.org").reveal())
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert "ada" in uri.path
    assert parse_qs(uri.query) == {"secret": [SECRET.reveal()], "issuer": ["BanGUI"]}
