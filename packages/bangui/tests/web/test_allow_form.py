from __future__ import annotations

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.allow_warnings import AllowWarning
from bangui.services.allow_changes import NewAllowed
from bangui.web.allow_contexts import AllowForm, Caution
from bangui.web.allow_form import back_path, read_addition, removal_entries, removal_jails, with_choices
from bangui.web.forms import FormValues
from bangui.web.history_contexts import Choice


def values(*fields: tuple[str, str]) -> FormValues:
    return FormValues(fields)


def test_what_a_form_asks_for() -> None:
    form = values(
        ("entry", "192.0.2.1, 192.0.2.2"),
        ("entry", "2001:DB8::/32"),
        ("jail", "a"),
        ("jail", ""),
        ("note", " office\r\nall "),
        ("duration", "1h 30m"),
        ("unban", "yes"),
    )
    entries = tuple(map(parse_address, ("192.0.2.1", "192.0.2.2", "2001:db8::/32")))
    assert read_addition(form).new == NewAllowed(entries, ("a",), "office\nall", 5_400, lifts_bans=True)


def test_without_a_duration_it_is_for_good_and_without_jails_for_all() -> None:
    assert read_addition(values(("entry", "192.0.2.1"))).new == NewAllowed((parse_address("192.0.2.1"),))


def test_every_mistake_is_told_at_once() -> None:
    addition = read_addition(values(("entry", "\n".join(["bad"] * 9)), ("duration", "soon"), ("note", "x" * 2_000)))
    assert addition.new is None
    assert set(addition.form.problems) == {"entry", "duration", "note"}
    assert addition.form.problems["entry"].text.endswith("and 6 more")


def test_what_is_wide_waits_for_somebody_to_insist() -> None:
    addition = read_addition(values(("entry", "0.0.0.0/0\n10.0.0.0/8\n192.0.2.1")))
    assert addition.new is None
    assert addition.form.cautions == (
        Caution("0.0.0.0/0", AllowWarning.EVERYTHING),
        Caution("10.0.0.0/8", AllowWarning.WIDE),
    )
    assert read_addition(values(("entry", "::/0"), ("confirm", "yes"))).new is not None


def test_jails_that_were_chosen_stay_chosen_also_one_that_is_not_there() -> None:
    form = AllowForm(jails=(Choice("b", "b", is_chosen=True), Choice("gone", "gone", is_chosen=True)))
    assert [(choice.value, choice.is_chosen) for choice in with_choices(form, ["a", "b"]).jails] == [
        ("a", False),
        ("b", True),
        ("gone", True),
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/address?id=192.0.2.1", "/address?id=192.0.2.1"),
        ("/address", ""),
        ("//evil.example/address?", ""),
        ("/address?\r\nLocation: x", ""),
        ("/address?\u202e", ""),
        ("", ""),
    ],
)
def test_a_form_leads_back_to_the_page_of_an_address_and_nowhere_else(text: str, path: str) -> None:
    assert back_path(text) == path


def test_what_a_removal_names() -> None:
    form = values(("entry", "a"), ("entry", "a"), ("entry", ""), ("entry", "b"), ("jail", ""), ("jail", "x" * 999))
    assert removal_entries(form) == ("a", "b")
    assert removal_jails(form) == ("x" * 300,)
