import base64

import pytest

from bangui.domain.errors import InvalidInput
from bangui.web.ban_values import ban_value, parse_ban_value
from packages.bangui.tests.web.scripted import HOSTILE_IDS


def test_a_value_is_one_plain_word_whatever_the_id() -> None:
    for id in HOSTILE_IDS:
        value = ban_value("a jail", id)
        assert value.isascii()
        assert value.replace("-", "").replace("_", "").isalnum()


def test_values_of_different_bans_differ() -> None:
    assert len({ban_value(jail, id) for jail in ("a", "b") for id in HOSTILE_IDS}) == 2 * len(HOSTILE_IDS)


def test_a_value_is_read_back_whatever_the_id() -> None:
    for id in HOSTILE_IDS:
        assert parse_ban_value(ban_value("a \ud800 jail", id)) == ("a \ud800 jail", id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "\udc80",
        "é",
        *(base64.urlsafe_b64encode(t.encode()).decode() for t in ("{}", '["a"]', "[1, 2]", "[" * 90_000)),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        parse_ban_value(text)
