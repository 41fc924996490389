from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.domain.ban_wishes import Review, ReviewedId, make_wish
from bangui.domain.jails import JailRule
from bangui.domain.safety import Danger, DangerKind
from bangui.web.ban_contexts import JailChoice, RuleLine
from bangui.web.ban_review_view import build_review, is_unusual, jail_choices, slow_seconds

SSHD = JailRule("here", "sshd", 5, 600, 600, grows=True)
RECIDIVE = JailRule("here", "recidive", 5, 600, None, grows=False)


def a_review(*ids: str, seconds: int | None = None, allowed: tuple[str, ...] = ()) -> Review:
    wish = make_wish(ids, ["sshd", "recidive"], "", seconds)
    return Review(wish, tuple(ReviewedId(id, allowed_in=allowed) for id in wish.ids), (SSHD, RECIDIVE))


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (a_review("192.0.2.1"), False),
        (a_review(*(f"192.0.2.{n}" for n in range(9))), False),
        (a_review(*(f"192.0.2.{n}" for n in range(10))), True),
        (a_review("192.0.2.0/31"), True),
        (a_review("192.0.2.1", allowed=("sshd",)), True),
    ],
)
def test_a_list_a_network_and_who_is_allowed_are_unusual(review: Review, *, expected: bool) -> None:
    assert is_unusual(review) is expected


def test_a_longer_duration_than_the_jails_is_kept_up() -> None:
    rules = build_review(a_review("192.0.2.1", seconds=7_200)).rules
    assert rules == (RuleLine("sshd", 600, True, True), RuleLine("recidive", None, False, False))
    assert not any(rule.is_kept_up for rule in build_review(a_review("192.0.2.1", seconds=300)).rules)


def test_dangers_are_words_and_the_first_of_many_are_shown() -> None:
    wish = make_wish([f"10.0.{n}.1" for n in range(60)], ["sshd"])
    dangers = (Danger(DangerKind.PRIVATE, "10.0.0.0/8"),)
    view = build_review(Review(wish, tuple(ReviewedId(id, dangers) for id in wish.ids), (SSHD,)))
    assert view.dangerous.first[0].words == ("it is in a private network (10.0.0.0/8)",)
    assert (len(view.dangerous.first), view.dangerous.more, view.others) == (20, 40, 0)


def test_networks_tell_how_many_addresses_they_have() -> None:
    view = build_review(a_review("192.0.2.0/24", "192.0.2.1"))
    assert [(one.id, one.words) for one in view.networks.first] == [("192.0.2.0/24", ("256",))]


def test_what_takes_long_is_said_in_seconds() -> None:
    assert (slow_seconds(100), slow_seconds(10_000)) == (0, 90)


def test_jails_are_chosen_as_the_form_says() -> None:
    assert [one.is_chosen for one in jail_choices([SSHD, RECIDIVE], ["recidive", "gone"])] == [False, True]
    assert [one.name for one in jail_choices([SSHD, replace(SSHD, jail="a\udc80")], [])] == ["sshd"]
    assert jail_choices([SSHD], []) == (JailChoice("sshd", 600, True, True),)
