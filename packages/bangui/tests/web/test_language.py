from bangui.web.language import gettext, lazy, ngettext


def test_english_is_what_stands_in_the_source() -> None:
    assert gettext("Bans") == "Bans"
    assert [ngettext("%(n)s ban", "%(n)s bans", number) for number in (1, 2)] == ["%(n)s ban", "%(n)s bans"]
    assert str(lazy("Jails")) == "Jails"
