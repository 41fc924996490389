from __future__ import annotations

import pytest

from bangui.domain.ban_wishes import BanReport, BanWish, UnbanChange, UnbanReport, clean_reason, make_wish
from bangui.domain.errors import InvalidInput


def test_ids_are_canonical_and_named_once() -> None:
    wish = make_wish(["192.0.2.1", "::ffff:192.0.2.1", "[2001:DB8::1]"], ["sshd", "", "sshd", "app"], " a \n b ", 60)
    assert wish == BanWish(("192.0.2.1", "2001:db8::1"), ("sshd", "app"), "a b", 60)


@pytest.mark.parametrize(
    ("ids", "jails", "seconds", "problem"),
    [
        ([], ["sshd"], None, "no address"),
        (["192.0.2.1"], [], None, "no jail"),
        (["192.0.2.1"], [""], None, "no jail"),
        (["example.org"], ["sshd"], None, "not an address"),
        (["192.0.2.1"], ["sshd"], 59, "between 1m and 100y"),
        (["192.0.2.1"], ["sshd"], 1 << 62, "between 1m and 100y"),
        (["192.0.2.1"], ["x" * 201], 60, "too long"),
        ([f"10.{n >> 8}.{n & 255}.1" for n in range(10_001)], ["sshd"], None, "more than 10,000 addresses"),
        ([f"10.{n >> 8}.{n & 255}.1" for n in range(9_999)], ["a", "b", "c", "d"], None, "more than 30,000 bans"),
    ],
)
def test_what_cannot_be_meant_is_refused(ids: list[str], jails: list[str], seconds: int | None, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        make_wish(ids, jails, "", seconds)


def test_a_reason_has_an_end() -> None:
    assert clean_reason("x" * 500) == "x" * 500
    with pytest.raises(InvalidInput, match="longer than 500"):
        clean_reason("x" * 501)


def test_a_report_of_unbans_knows_what_was_lifted_by_name() -> None:
    report = UnbanReport(
        (
            UnbanChange(None, "192.0.2.1", ("app", "sshd"), 2),
            UnbanChange(None, "192.0.2.0/24", (), 3),
            UnbanChange("sshd", "192.0.2.9", (), 0, "no"),
        )
    )
    assert report.lifted == 5
    assert report.bans == (("app", "192.0.2.1"), ("sshd", "192.0.2.1"))
    assert [one.id for one in report.failed] == ["192.0.2.9"]
    assert BanReport(make_wish(["192.0.2.1"], ["sshd"]), ()).stopped_by is None
