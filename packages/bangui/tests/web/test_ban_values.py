from bangui.web.ban_values import ban_value
from packages.bangui.tests.web.scripted import HOSTILE_IDS


def test_a_value_is_one_plain_word_whatever_the_id() -> None:
    for id in HOSTILE_IDS:
        value = ban_value("a jail", id)
        assert value.isascii()
        assert value.replace("-", "").replace("_", "").isalnum()


def test_values_of_different_bans_differ() -> None:
    assert len({ban_value(jail, id) for jail in ("a", "b") for id in HOSTILE_IDS}) == 2 * len(HOSTILE_IDS)
