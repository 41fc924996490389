from __future__ import annotations

import pytest

from bangui.domain.account_rules import canonical_name, check_password, normal_form, parse_user_name
from bangui.domain.errors import InvalidInput
from bangui.domain.secret import Secret


@pytest.mark.parametrize(
    ("text", "name"),
    [("ada", "ada"), (" Ada ", "ada"), ("ada@example.org", "ada@example.org"), ("7of9", "7of9"), ("a" * 64, "a" * 64)],
)
def test_a_name_is_kept_in_lower_case(text: str, name: str) -> None:
    assert parse_user_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a" * 65,
        "ada lovelace",
        "-ada",
        ".ada",
        "ada\nada",
        "a\x00da",
        "a\x1b[2Jda",
        "ad\u0430",  # a Cyrillic letter
        "\u212aarl",  # the Kelvin sign, whose lower case is a plain k
        "\u202eada",
        "ada\u200b",
        "<b>",
        'a"b',
        "a'b",
        "a/b",
        "=ada",
        "ada:1",
    ],
)
def test_a_name_that_could_deceive_or_break_something_is_none(text: str) -> None:
    assert canonical_name(text) is None
    with pytest.raises(InvalidInput):
        parse_user_name(text)


def test_a_refused_name_is_not_repeated_at_length() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_user_name("x" * 10_000)
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    "text",
    [
        "four words of mine",
        "zwölf Zeichen",
        "a" * 11 + "bcde",
        "".join(chr(0x1F600 + number) for number in range(12)),
        "q8#Vt2!mZ0pL",
    ],
)
def test_any_text_that_is_long_enough_is_a_password(text: str) -> None:
    check_password(Secret(text), "ada")


@pytest.mark.parametrize("text", ["", "short", "elevenchars", "ﬁve"])
def test_a_short_password_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="less than 12"):
        check_password(Secret(text), "ada")


def test_a_password_may_not_be_without_end() -> None:
    check_password(Secret("ab3 " * 5 + "x" * 1004), "ada")
    with pytest.raises(InvalidInput, match="more than 1024"):
        check_password(Secret("x" * 1025), "ada")


@pytest.mark.parametrize(
    "text",
    [
        "administrator",
        "Administrator2025!",
        "password1234",
        "P@ssw0rd12345",
        "passwordpassword",
        "123456789012",
        "1234 5678 9012",
        "qwertyuiopas",
        "QWERTZUIOPASDF",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "abcdefghijkl",
        "112211221122",
        "............",
        "fail2banfail2ban",
        "bangui123456",
        "correcthorsebatterystaple",
        "lovelace.ada@example.org",
    ],
)
def test_what_is_tried_first_is_no_password(text: str) -> None:
    with pytest.raises(InvalidInput, match="tried first"):
        check_password(Secret(text), "lovelace.ada@example.org")


def test_half_a_character_is_no_password() -> None:
    with pytest.raises(InvalidInput, match="a character that is none"):
        check_password(Secret("four words \ud800 of mine"), "ada")


def test_no_complaint_repeats_the_password() -> None:
    for text in ("hunter2", "hunter2" * 200, "password123456", "hunter2hunter2\ud800"):
        with pytest.raises(InvalidInput) as caught:
            check_password(Secret(text), "ada")
        assert "hunter2" not in caught.value.message + caught.value.hint
        assert "password123456" not in caught.value.message + caught.value.hint


def test_the_same_letters_from_two_keyboards_are_one_password() -> None:
    assert normal_form("cafe\u0301") == normal_form("caf\u00e9")
