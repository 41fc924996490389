from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bangui.domain.audit import AuditResult
from bangui.domain.ban_wishes import make_wish
from bangui.domain.errors import AwayReason, DaemonAway, DangerousBan, InvalidInput, UnknownJail
from bangui.domain.gateway import R
from bangui.domain.history import Origin
from bangui.domain.operations import BanIds, Operation
from bangui.domain.outcomes import BanResult
from bangui.services.ban_actions import BanActions
from bangui.services.bans import SLICE
from packages.bangui.tests.ban_desk import ADA, Desk, a_desk
from packages.bangui.tests.memory import MemoryGateway

AWAY = DaemonAway("fail2ban is away", reason=AwayReason.LOST)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as made:
        yield made


class BreakingGateway:
    """A gateway whose daemon goes away after so many bans."""

    def __init__(self, inner: MemoryGateway, bans: int) -> None:
        self.inner = inner
        self.bans = bans

    @property
    def host(self) -> str:
        return self.inner.host

    async def perform(self, operation: Operation[R]) -> R:
        if isinstance(operation, BanIds):
            self.bans -= 1
            if self.bans < 0:
                raise AWAY
        return await self.inner.perform(operation)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def test_a_ban_in_several_jails_has_a_result_for_each(desk: Desk) -> None:
    await desk.gateway.perform(BanIds("app", ("203.0.113.1",)))
    report = await desk.actions.ban(make_wish(["203.0.113.1", "203.0.113.2"], ["sshd", "app"], "scans"), ADA)
    assert [(one.jail, one.id, one.result) for one in report.changes] == [
        ("sshd", "203.0.113.1", BanResult.BANNED),
        ("sshd", "203.0.113.2", BanResult.BANNED),
        ("app", "203.0.113.1", BanResult.ALREADY_BANNED),
        ("app", "203.0.113.2", BanResult.BANNED),
    ]
    assert [one.id for one in report.with_result(BanResult.ALREADY_BANNED)] == ["203.0.113.1"]
    assert [entry.target for entry in desk.entries("ban.add")] == ["203.0.113.1", "203.0.113.2"]


async def test_the_history_gets_to_know_who_wanted_it_and_why(desk: Desk) -> None:
    await desk.actions.ban(make_wish(["203.0.113.1"], ["sshd"], "scans"), ADA)
    assert desk.notes() == [("sshd", "203.0.113.1", Origin.HAND, "ada", "scans")]
    await desk.actions.ban(make_wish(["203.0.113.1"], ["sshd"], "again"), ADA)
    assert len(desk.notes()) == 1


async def test_a_list_is_an_import(desk: Desk) -> None:
    await desk.actions.ban(make_wish([f"203.0.113.{n}" for n in range(30)], ["sshd"]), ADA)
    assert {note[2] for note in desk.notes()} == {Origin.IMPORT}


async def test_what_is_dangerous_is_refused_as_a_whole_unless_one_insists(desk: Desk) -> None:
    wish = make_wish(["203.0.113.1", "198.51.100.50"], ["sshd"])
    with pytest.raises(DangerousBan, match=r"198.51.100.50 needs a second look, it is your own address"):
        await desk.actions.ban(wish, ADA)
    assert not desk.is_banned("203.0.113.1")
    assert [(one.target, one.result) for one in desk.entries()] == [("198.51.100.50", AuditResult.REFUSED)]
    await desk.actions.ban(wish, ADA, insist=True)
    assert desk.is_banned("198.51.100.50")


async def test_an_unknown_jail_stops_everything_before_anything_is_sent(desk: Desk) -> None:
    with pytest.raises(UnknownJail):
        await desk.actions.ban(make_wish(["203.0.113.1"], ["sshd", "nope"]), ADA)
    assert not desk.is_banned("203.0.113.1")


async def test_a_daemon_that_goes_away_in_between_leaves_a_report(desk: Desk) -> None:
    ids = [f"203.0.113.{n}" for n in range(2 * SLICE)]
    actions = BanActions(BreakingGateway(desk.gateway, 1), desk.reviews, desk.records, now=desk.now)
    report = await actions.ban(make_wish(ids, ["sshd"]), ADA)
    assert (len(report.changes), report.stopped_by) == (SLICE, AWAY)
    assert [entry.result for entry in desk.entries()] == [AuditResult.DONE, AuditResult.FAILED]
    with pytest.raises(DaemonAway):
        await actions.ban(make_wish(ids, ["app"]), ADA)


class StuckGateway(BreakingGateway):
    """A gateway whose daemon does not answer any more after so many bans; `is_stuck` is set then."""

    def __init__(self, inner: MemoryGateway, bans: int) -> None:
        super().__init__(inner, bans)
        self.is_stuck = asyncio.Event()

    async def perform(self, operation: Operation[R]) -> R:
        try:
            return await super().perform(operation)
        except DaemonAway:
            self.is_stuck.set()
            await asyncio.Event().wait()
            raise


async def test_what_was_done_is_written_down_when_bangui_is_ended_meanwhile(desk: Desk) -> None:
    ids = [f"203.0.113.{n}" for n in range(2 * SLICE)]
    gateway = StuckGateway(desk.gateway, 1)
    actions = BanActions(gateway, desk.reviews, desk.records, now=desk.now)
    task = asyncio.create_task(actions.ban(make_wish(ids, ["sshd"]), ADA))
    await gateway.is_stuck.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    done, rest = desk.entries()
    assert (done.target, done.result) == (f"{SLICE} ids", AuditResult.DONE)
    assert rest.detail == "not everything was tried: BanGUI was ended meanwhile"


async def test_unbans_are_of_jails_and_ids(desk: Desk) -> None:
    for jail in ("app", "sshd"):
        await desk.gateway.perform(BanIds(jail, ("203.0.113.1", "203.0.113.2")))
    report = await desk.actions.unban([("sshd", "203.0.113.1"), ("app", "203.0.113.2"), ("gone", "x")], ADA)
    assert report.bans == (("sshd", "203.0.113.1"), ("app", "203.0.113.2"))
    assert [one.problem for one in report.failed] == ["there is no jail named 'gone'"]
    assert desk.is_banned("203.0.113.1", "app")
    assert [(entry.target, entry.result) for entry in desk.entries("ban.remove")] == [
        ("203.0.113.1", AuditResult.DONE),
        ("203.0.113.2", AuditResult.DONE),
        ("x", AuditResult.FAILED),
    ]


async def test_unban_everywhere_lifts_what_is_inside_a_network(desk: Desk) -> None:
    await desk.gateway.perform(BanIds("app", ("203.0.113.1",)))
    await desk.gateway.perform(BanIds("sshd", ("203.0.113.2",)))
    report = await desk.actions.unban_everywhere(["203.0.113.0/24", "203.0.113.0/24"], ADA)
    assert (report.lifted, report.bans) == (2, ())


async def test_nothing_and_too_much_are_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="nothing to unban"):
        await desk.actions.unban([], ADA)
    with pytest.raises(InvalidInput, match="more than 10,000"):
        await desk.actions.unban((("sshd", f"{n}") for n in range(10_001)), ADA)


async def test_ten_thousand_bans_come_and_go_and_are_written_down(desk: Desk) -> None:
    ids = [f"203.{n >> 8}.{n & 255}.1" for n in range(10_000)]
    report = await desk.actions.ban(make_wish(ids, ["sshd"], "a list"), ADA)
    assert len(report.with_result(BanResult.BANNED)) == 10_000
    lifted = await desk.actions.unban([("sshd", id) for id in ids], ADA)
    assert lifted.lifted == 10_000
    assert [entry.target for entry in desk.entries()] == ["10000 ids", "10000 ids"]


async def test_a_ban_with_a_duration_of_its_own_is_kept_in_mind(desk: Desk) -> None:
    assert desk.actions.knows_durations
    await desk.actions.ban(make_wish(["203.0.113.1"], ["sshd", "app"], "scans", 120), ADA)
    for jail in ("sshd", "app"):
        kept = desk.timed_ban("203.0.113.1", jail)
        assert kept is not None
        assert (kept.ends, kept.author, kept.reason) == (desk.clock.now + 120_000, "ada", "scans")
    assert "for 2m" in desk.entries()[0].detail


async def test_bans_end_when_their_own_duration_is_over(desk: Desk) -> None:
    await desk.actions.ban(make_wish(["203.0.113.1"], ["sshd"], "", 120), ADA)
    await desk.actions.ban(make_wish(["203.0.113.2"], ["sshd"]), ADA)
    bans = list(desk.gateway.jails["sshd"].bans.values())
    ends = [ban.ends_at for ban in await desk.actions.with_own_ends(bans)]
    assert ends == [desk.now() + timedelta(seconds=120), desk.now() + timedelta(seconds=600)]
    assert await BanActions(desk.gateway, desk.reviews, desk.records).with_own_ends(bans) == tuple(bans)


async def test_whoever_lifts_a_timed_ban_or_bans_anew_wants_it_to_be_over(desk: Desk) -> None:
    await desk.actions.ban(make_wish(["203.0.113.1", "203.0.113.2"], ["sshd"], "", 120), ADA)
    await desk.gateway.perform(BanIds("app", ("203.0.113.2",)))
    assert (await desk.actions.unban([("sshd", "203.0.113.1")], ADA)).timed == 1
    assert (await desk.actions.unban_everywhere(["203.0.113.2"], ADA)).timed == 1
    assert desk.timed_ban("203.0.113.1") is None
    assert desk.timed_ban("203.0.113.2") is None
    await desk.actions.ban(make_wish(["203.0.113.3"], ["sshd"], "", 120), ADA)
    del desk.gateway.jails["sshd"].bans["203.0.113.3"]
    await desk.actions.ban(make_wish(["203.0.113.3"], ["sshd"]), ADA)
    assert desk.timed_ban("203.0.113.3") is None


async def test_where_nothing_is_kept_there_are_no_durations(desk: Desk) -> None:
    actions = BanActions(desk.gateway, desk.reviews, desk.records, now=desk.now)
    assert not actions.knows_durations
    with pytest.raises(InvalidInput, match="no duration of its own here"):
        await actions.ban(make_wish(["203.0.113.1"], ["sshd"], "", 120), ADA)
