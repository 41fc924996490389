"""What names and passwords may be, and how a name is written so that two that look alike are one.

Names are ASCII in lower case: no two accounts look the same, and a name does no harm wherever it is shown. A password
may be any text that is long enough and not among the first that somebody would try; rules about its characters make
passwords worse, so there are none.
"""

from __future__ import annotations

import re
import unicodedata

from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase
from bangui.domain.secret import Secret

LONGEST_NAME = 64
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
"""Characters; more than anybody types, and little enough to be hashed at once."""

# An e-mail address is a name as well: proxies vouch for people by it.
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}", re.ASCII)
# The longest unit that a password may not be made of alone: `abcabcabcabc`.
_LONGEST_UNIT = 4
# `112233112233` and the like.
_FEWEST_CHARACTERS = 3
_ROWS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "1234567890qwertyuiop",
    "1234567890qwertzuiop",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "qazwsxedcrfvtgbyhnujm",
)
# What people make long passwords of when they want to get it over with; digits and signs around it do not help.
_COMMON_TEXT = (
    "administrator administrators adminadmin adminpassword badpassword bangui banguibangui changeit changeme "
    "changethispassword correcthorsebatterystaple defaultpassword fail2ban fail2banfail2ban "
    "iloveyou iloveyousomuch instagram letmein letmeinletmein letmeinnow longpassword maintenance mustang mypassword "
    "nopassword notapassword opensesame pass passw0rd passpass passphrase password passwordpassword passwort "
    "passwortpasswort princess qwerty qwertyqwerty qwertyuiop rootroot rootpassword secret secretpassword secretsecret "
    "secure securepassword server serverpassword sunshine superman superuser supersecret supervisor thisismypassword "
    "thisisapassword trustno1 verysecret welcome welcomewelcome yourpassword"
)
_COMMON = frozenset(_COMMON_TEXT.split())
_AROUND = "0123456789!?.,;:#$%&*+-_=@^~()[]{}<>/\\|'\"` "


def canonical_name(text: str) -> str | None:
    """Return a name as accounts have it; None for what can be no name."""
    name = text.strip().lower()
    # Some letters of other scripts have a lower case in ASCII.
    return name if text.isascii() and _NAME.fullmatch(name) else None


def parse_user_name(text: str) -> str:
    """Return the name that an account may have, or raise `InvalidInput`."""
    name = canonical_name(text)
    if name is None:
        raise InvalidInput(
            phrase("{text!r} cannot be the name of a user", text=text[: LONGEST_NAME + 1]),
            phrase(
                "take up to {longest} of a-z, 0-9 and . _ @ + -, beginning with a letter or a digit",
                longest=LONGEST_NAME,
            ),
        )
    return name


def check_password(password: Secret, name: str) -> None:
    """Raise `InvalidInput` where a password would be found too easily, or is too long to take; the text holds none."""
    text = password.reveal()
    if len(text) > LONGEST_PASSWORD:
        raise InvalidInput(
            phrase("the password has more than {longest} characters", longest=LONGEST_PASSWORD),
            phrase("take a shorter one"),
        )
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise InvalidInput(phrase("the password has a character that is none"), phrase("type it again"))
    plain = normal_form(text).casefold()
    if len(plain) < SHORTEST_PASSWORD:
        raise InvalidInput(
            phrase("the password has less than {shortest} characters", shortest=SHORTEST_PASSWORD),
            phrase("four or more words make a good one"),
        )
    if _is_guessed_first(plain, name):
        raise InvalidInput(
            phrase("the password is one of those that are tried first"), phrase("four or more words make a good one")
        )


def normal_form(text: str) -> str:
    """Return a password as it is hashed: keyboards write the same letters in several ways."""
    return unicodedata.normalize("NFKC", text)


def _is_guessed_first(plain: str, name: str) -> bool:
    core = plain.strip(_AROUND)
    letters = "".join(plain.split())
    return (
        name in {plain, core}
        or _is_repeated(plain)
        or not _COMMON.isdisjoint({core, core.replace("0", "o").replace("@", "a")})
        or len(set(plain)) <= _FEWEST_CHARACTERS
        or any(letters in row * 2 for row in _ROWS)
    )


def _is_repeated(plain: str) -> bool:
    """Whether it is a few characters again and again, the last time perhaps not to the end."""
    return any(
        plain == (plain[:length] * (len(plain) // length + 1))[: len(plain)] for length in range(1, _LONGEST_UNIT + 1)
    )
