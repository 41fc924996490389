from __future__ import annotations

import pytest

from bangui.domain.ban_wishes import BanWish
from bangui.web.ban_wish_form import BANS_PATH, LONGEST_LIST, back_path, read_ban_form
from bangui.web.forms import FormValues


def read(*fields: tuple[str, str]) -> FormValues:
    return FormValues(fields)


def test_a_form_means_a_wish() -> None:
    asked = read_ban_form(
        read(
            ("ids", "192.0.2.1\r\n2001:DB8::1"),
            ("jail", "sshd"),
            ("jail", "app"),
            ("reason", " scans  the shop "),
            ("duration", "2h"),
            ("back", "/bans?jail=sshd"),
        )
    )
    assert asked.wish == BanWish(("192.0.2.1", "2001:db8::1"), ("sshd", "app"), "scans the shop", 7_200)
    assert (asked.form.ids, asked.form.back) == ("192.0.2.1\n2001:DB8::1", "/bans?jail=sshd")


def test_without_a_duration_the_jails_decide() -> None:
    asked = read_ban_form(read(("ids", "192.0.2.1"), ("jail", "sshd"), ("duration", "  ")))
    assert asked.wish is not None
    assert asked.wish.seconds is None


def test_every_mistake_is_told_at_once() -> None:
    asked = read_ban_form(read(("ids", "nobody"), ("duration", "x" * 61), ("reason", "x" * 501)))
    assert asked.wish is None
    assert set(asked.form.problems) == {"ids", "jail", "duration", "reason"}
    assert [line.line for line in asked.form.lines] == [1]


def test_of_many_wrong_lines_the_first_are_told_and_the_others_counted() -> None:
    form = read_ban_form(read(("ids", "x\n" * 300), ("jail", "sshd"))).form
    assert (len(form.lines), form.more) == (20, 280)


def test_a_list_without_end_is_refused_unread() -> None:
    asked = read_ban_form(read(("ids", "1" * (LONGEST_LIST + 1)), ("jail", "sshd")))
    assert asked.form.problems["ids"].text == "the list is too long"
    assert len(asked.form.ids) == LONGEST_LIST


@pytest.mark.parametrize("path", [BANS_PATH, "/bans?jail=sshd&q=a%20b", "/address?id=192.0.2.1"])
def test_there_is_a_way_back_to_pages_of_ours(path: str) -> None:
    assert back_path(path) == path


@pytest.mark.parametrize(
    "path", ["", "/", "/bans/ban", "//x", "https://x/", "/bans?\n", "/bans?ü", "/bans?" + "x" * 2_000]
)
def test_there_is_none_to_anything_else(path: str) -> None:
    assert back_path(path) == ""
