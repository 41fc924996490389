"""Names of jails in paths."""

from __future__ import annotations

import re

import pytest

from bangui.domain.errors import InvalidInput
from bangui.web.api.jail_keys import jail_key, parse_jail_key
from packages.bangui.tests.web.scripted import HOSTILE_IDS

NAMES = (*HOSTILE_IDS, "sshd", "nginx-http-auth", "a/b", "..", ".", "a b", "~x", "%2F", "ä", "x" * 500, "?a=b#c", "-x")


@pytest.mark.parametrize("name", NAMES)
def test_any_name_survives_a_path(name: str) -> None:
    key = jail_key(name)
    assert re.fullmatch(r"~?[A-Za-z0-9._-]*", key)
    assert key not in {".", ".."}
    assert parse_jail_key(key) == name


def test_a_plain_name_stands_for_itself() -> None:
    assert jail_key("nginx-http-auth") == "nginx-http-auth"


@pytest.mark.parametrize("key", ["", "a b", "~!", "~c3NoZA", "~c3NoZA==", "~gA", "a/b", "x" * 300])
def test_what_is_no_key_is_refused_and_no_jail_has_two(key: str) -> None:
    with pytest.raises(InvalidInput):
        parse_jail_key(key)
