from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.domain.accounts import Via
from bangui.domain.audit import AuditResult
from bangui.domain.ban_wishes import BanChange, BanReport, UnbanChange, UnbanReport, make_wish
from bangui.domain.errors import InvalidInput
from bangui.domain.history import Origin
from bangui.domain.outcomes import BanResult
from bangui.services.ban_records import MANY, BanRecords, by_itself
from packages.bangui.tests.ban_desk import ADA, Desk, a_desk

WISH = make_wish(["192.0.2.1"], ["app", "sshd"], "scans")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as made:
        yield made


async def test_an_id_is_one_entry_however_many_jails_it_was_banned_in(desk: Desk) -> None:
    report = BanReport(
        WISH,
        (
            BanChange("app", "192.0.2.1", BanResult.BANNED),
            BanChange("sshd", "192.0.2.1", BanResult.ALREADY_BANNED),
        ),
    )
    await desk.records.banned(report, ADA, "for 1h")
    (entry,) = desk.entries()
    assert (entry.action, entry.actor, entry.address, entry.target) == ("ban.add", "ada", ADA.address, "192.0.2.1")
    assert entry.detail == "banned in app; already banned in sshd; for 1h; reason: scans"
    assert entry.result is AuditResult.DONE


async def test_what_failed_in_one_jail_has_failed(desk: Desk) -> None:
    report = BanReport(
        WISH,
        (
            BanChange("app", "192.0.2.1", BanResult.BANNED),
            BanChange("sshd", "192.0.2.1", BanResult.FAILED, "no"),
        ),
        InvalidInput("it went away"),
    )
    await desk.records.banned(report, ADA, "for 1h")
    first, second = desk.entries()
    assert (first.result, first.detail) == (
        AuditResult.FAILED,
        "banned in app; failed in sshd; no; for 1h; reason: scans",
    )
    assert (second.result, second.detail) == (AuditResult.FAILED, "not everything was tried: it went away")


async def test_many_ids_are_one_entry_that_lists_them(desk: Desk) -> None:
    ids = [f"203.0.113.{n}" for n in range(MANY)]
    changes = [BanChange("sshd", id, BanResult.BANNED) for id in ids[:-1]]
    changes.append(BanChange("sshd", ids[-1], BanResult.FAILED))
    await desk.records.banned(BanReport(WISH, tuple(changes)), ADA, "as long as the jail bans")
    (entry,) = desk.entries()
    assert (entry.target, entry.result) == (f"{MANY} ids", AuditResult.FAILED)
    assert f"1 of them failed; {ids[-1]} {ids[0]}" in entry.detail


async def test_the_list_in_an_entry_has_an_end(desk: Desk) -> None:
    ids = [f"2001:db8::{n}" for n in range(5_000)]
    changes = tuple(UnbanChange("sshd", id, ("sshd",), 1) for id in ids)
    await desk.records.unbanned(UnbanReport(changes), ADA)
    (entry,) = desk.entries()
    assert entry.detail.endswith(" …")
    assert len(entry.detail) < 2_000


async def test_an_unban_tells_where_and_what_was_inside(desk: Desk) -> None:
    changes = (
        UnbanChange(None, "192.0.2.1", ("app", "sshd"), 2),
        UnbanChange(None, "192.0.2.0/24", (), 3),
        UnbanChange(None, "192.0.2.7", (), 0),
        UnbanChange("sshd", "192.0.2.8", (), 0, "no"),
    )
    await desk.records.unbanned(UnbanReport(changes), by_itself("ada"), "its time was over")
    assert [(entry.target, entry.detail, entry.result) for entry in desk.entries()] == [
        ("192.0.2.1", "unbanned in app, sshd; its time was over", AuditResult.DONE),
        ("192.0.2.0/24", "3 addresses inside it unbanned; its time was over", AuditResult.DONE),
        ("192.0.2.8", "no; its time was over", AuditResult.FAILED),
    ]
    assert {entry.via for entry in desk.entries()} == {Via.SERVICE}


async def test_without_a_store_nothing_is_written_and_nothing_fails(desk: Desk) -> None:
    records = BanRecords("memory", None, None)
    await records.note("sshd", ["192.0.2.1"], desk.now(), "ada", (Origin.HAND, "scans"))
    await records.refused(["192.0.2.1"], ADA, "no")
    await records.unbanned(UnbanReport(()), ADA)
    assert desk.entries() == []
