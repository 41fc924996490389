from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.domain.accounts import Actor, Via
from bangui.domain.ban_wishes import make_wish
from bangui.domain.errors import UnknownJail
from bangui.domain.operations import BanIds, Operation
from bangui.domain.safety import Standing
from packages.bangui.tests.ban_desk import ADA, Desk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as made:
        yield made


async def test_it_names_the_viewer_and_what_is_protected_also_inside_a_list(desk: Desk) -> None:
    ids = [*(f"203.0.113.{n}" for n in range(200)), "198.51.100.50", "198.51.100.0/24", "10.0.0.1", "127.0.0.1"]
    review = await desk.actions.review(make_wish(ids, ["sshd"]), ADA)
    assert [(one.id, [danger.standing for danger in one.dangers]) for one in review.dangerous] == [
        ("198.51.100.50", [Standing.VIEWER]),
        ("198.51.100.0/24", [Standing.VIEWER, Standing.GATEWAY]),
        ("10.0.0.1", [None]),
        ("127.0.0.1", [None]),
    ]


async def test_whose_address_is_unknown_is_only_told_of_the_others(desk: Desk) -> None:
    review = await desk.actions.review(make_wish(["198.51.100.50"], ["sshd"]), Actor("root", Via.COMMAND))
    assert review.dangerous == ()


async def test_it_tells_who_is_banned_where_and_who_is_allowed_where(desk: Desk) -> None:
    await desk.gateway.perform(BanIds("sshd", ("192.0.2.1", "203.0.113.9")))
    await desk.gateway.perform(BanIds("recidive", ("192.0.2.1",)))
    review = await desk.actions.review(make_wish(["192.0.2.1", "192.0.2.0/23"], ["app", "sshd"]), ADA)
    one, wide = review.ids
    assert ([ban.jail for ban in one.bans], one.allowed_in) == (["sshd"], ("app",))
    assert (wide.bans, wide.allowed_in) == ((), ())
    assert [(rule.jail, rule.ban_time) for rule in review.rules] == [("app", 3600), ("sshd", 600)]


async def test_nothing_is_changed_by_looking(desk: Desk) -> None:
    await desk.actions.review(make_wish(["192.0.2.1"], ["app"]), ADA)
    changing: list[Operation[object]] = [operation for operation in desk.gateway.performed if operation.changes]
    assert (changing, desk.entries()) == ([], [])


async def test_an_unknown_jail_is_told_with_the_one_that_was_meant(desk: Desk) -> None:
    with pytest.raises(UnknownJail) as caught:
        await desk.actions.review(make_wish(["192.0.2.1"], ["sshd", "ap"]), ADA)
    assert (caught.value.jail, caught.value.hint) == ("ap", "did you mean 'app'?")
