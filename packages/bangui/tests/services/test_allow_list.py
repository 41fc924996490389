"""Adding to the allow list of a host, taking from it, and seeing it as one."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.accounts_schema import audit
from bangui.domain.addresses import parse_address
from bangui.domain.allow_list import AllowOrigin
from bangui.domain.allow_notes import MOST_NOTES, AllowNote
from bangui.domain.audit import AuditResult
from bangui.domain.errors import AwayReason, DaemonAway, InvalidInput, UnknownJail
from bangui.domain.gateway import R
from bangui.domain.operations import BanIds, Operation, ReadBans
from bangui.services.allow_changes import NewAllowed
from packages.bangui.tests.access import NOW
from packages.bangui.tests.allowing import ADA, Desk
from packages.bangui.tests.memory import MemoryGateway, MemoryJail


@pytest.fixture
def desk(account_engine: Engine) -> Desk:
    return Desk(account_engine)


async def test_an_entry_goes_to_every_jail_and_is_seen_with_its_note(desk: Desk) -> None:
    added = await desk.add("192.0.2.0/24", seconds=3_600)
    assert (added.jails, added.known_in, added.failures, added.lifted) == (("sshd", "web"), (), (), 0)
    assert desk.allowed("web") == {"192.0.2.0/24"}
    view = await desk.service.view()
    (line,) = [line for line in view.lines if line.origin is AllowOrigin.BANGUI]
    assert (line.entry, line.jails, line.for_all, line.is_everywhere) == ("192.0.2.0/24", ("sshd", "web"), True, True)
    assert (line.note, line.author, line.made, line.ends) == ("the office", "ada", NOW, NOW + 3_600_000)


async def test_an_entry_goes_to_the_jails_that_are_chosen(desk: Desk) -> None:
    await desk.add("192.0.2.7", "2001:db8::1", jails=("web",))
    assert desk.allowed("web") == {"192.0.2.7", "2001:db8::1"}
    assert desk.allowed("sshd") == {"127.0.0.0/8"}


async def test_what_was_done_is_in_the_audit_trail(desk: Desk) -> None:
    await desk.add("192.0.2.7")
    await desk.service.remove("192.0.2.7", ("web",), ADA)
    added, removed = desk.audited()
    assert (added.action, added.target, added.result, added.host) == (
        "allow.add",
        "192.0.2.7",
        AuditResult.DONE,
        "here",
    )
    assert (added.actor, added.address, added.detail) == ("ada", "192.0.2.1", "every jail; note: the office")
    assert (removed.action, removed.target, removed.detail) == ("allow.remove", "192.0.2.7", "web")


async def test_nothing_is_changed_where_a_jail_is_unknown_or_the_daemon_is_away(desk: Desk) -> None:
    with pytest.raises(UnknownJail):
        await desk.add("192.0.2.7", jails=("web", "nope"))
    desk.memory.away = DaemonAway("gone", reason=AwayReason.MISSING)
    with pytest.raises(DaemonAway):
        await desk.add("192.0.2.7")
    assert desk.notes.all("here") == []
    assert desk.allowed("web") == set()


class Leaving(MemoryGateway):
    """A host that goes away as soon as it is to change something."""

    async def perform(self, operation: Operation[R]) -> R:
        if operation.changes:
            self.away = DaemonAway("gone", reason=AwayReason.LOST)
        return await super().perform(operation)


async def test_a_daemon_that_goes_away_meanwhile_is_told_and_asked_no_more(account_engine: Engine) -> None:
    gateway = Leaving("here")
    gateway.jails = {"sshd": MemoryJail(), "web": MemoryJail()}
    desk = Desk(account_engine, gateway)
    added = await desk.add("192.0.2.7")
    assert [(one.jail, one.problem) for one in added.failures] == [("sshd", "gone"), ("web", "gone")]
    assert sum(operation.changes for operation in gateway.performed) == 1
    (entry,) = desk.audited()
    assert (entry.result, "sshd: gone" in entry.detail) == (AuditResult.FAILED, True)


async def test_there_is_an_end_to_how_much_can_be_kept(desk: Desk) -> None:
    desk.notes.keep([AllowNote("here", None, f"10.0.0.{n}/{n}", "", "ada", 1) for n in range(MOST_NOTES)])
    with pytest.raises(InvalidInput):
        await desk.add("192.0.2.7")


async def test_bans_stay_unless_they_are_to_be_lifted(desk: Desk) -> None:
    await desk.memory.perform(BanIds("web", ("192.0.2.7", "192.0.2.0/24", "198.51.100.1")))
    await desk.memory.perform(BanIds("sshd", ("192.0.2.8",)))
    assert (await desk.add("192.0.2.0/24")).lifted == 0
    office = parse_address("192.0.2.0/24")
    assert (await desk.service.add(NewAllowed((office,), ("web",), lifts_bans=True), ADA)).lifted == 2
    assert [ban.id for ban in await desk.memory.perform(ReadBans("web"))] == ["198.51.100.1"]
    assert (await desk.service.add(NewAllowed((office,), lifts_bans=True), ADA)).lifted == 1
    assert "bans lifted: 1" in desk.audited()[-1].detail


async def test_an_entry_of_the_configuration_can_have_a_note_and_stays_the_configurations(desk: Desk) -> None:
    added = await desk.add("127.0.0.0/8", jails=("sshd",), seconds=60)
    assert added.known_in == ("sshd",)
    (line,) = (await desk.service.view()).lines
    assert (line.origin, line.note) == (AllowOrigin.CONFIGURATION, "the office")
    await desk.add("127.0.0.0/8", jails=("sshd",))
    (note,) = desk.notes.all("here")
    assert (note.found_in, note.ends) == (("sshd",), None)


async def test_what_bangui_put_there_is_not_taken_for_the_configurations(desk: Desk) -> None:
    await desk.add("192.0.2.7")
    await desk.add("192.0.2.7", jails=("web",))
    assert [note.found_in for note in desk.notes.all("here")] == [(), ()]


async def test_a_removed_entry_is_gone_everywhere(desk: Desk) -> None:
    await desk.add("192.0.2.7", seconds=60)
    desk.clock.move(10)
    removed = await desk.service.remove("192.0.2.7", (), ADA)
    assert (removed.jails, removed.returns_in, removed.failures) == (("sshd", "web"), (), ())
    assert removed.undo == NewAllowed((parse_address("192.0.2.7"),), (), "the office", 50)
    assert desk.notes.all("here") == []
    assert desk.allowed("web") == set()


async def test_out_of_one_jail_an_entry_stays_wanted_in_the_others(desk: Desk) -> None:
    await desk.add("192.0.2.7")
    await desk.add("192.0.2.7", jails=("web",))
    desk.memory.jails["third"] = MemoryJail()
    await desk.service.remove("192.0.2.7", ("sshd",), ADA)
    assert {note.jail for note in desk.notes.all("here")} == {"third", "web"}
    await desk.keeper.look()
    assert desk.allowed("sshd") == {"127.0.0.0/8"}
    assert desk.allowed("third") == desk.allowed("web") == {"192.0.2.7"}


async def test_an_entry_of_the_configuration_comes_back_and_that_is_told(desk: Desk) -> None:
    removed = await desk.service.remove("127.0.0.0/8", (), ADA)
    assert (removed.jails, removed.returns_in) == (("sshd",), ("sshd",))
    assert desk.allowed("sshd") == set()


async def test_a_name_that_the_daemon_lists_can_be_removed_and_not_be_brought_back(desk: Desk) -> None:
    desk.memory.jails["web"].allowed = ("name.invalid",)
    removed = await desk.service.remove("name.invalid", (), ADA)
    assert (removed.jails, removed.undo) == (("web",), None)


async def test_what_is_wanted_in_a_jail_that_does_not_run_can_be_removed_by_itself(desk: Desk) -> None:
    await desk.add("192.0.2.7", jails=("web",))
    await desk.add("192.0.2.7", jails=("sshd",))
    del desk.memory.jails["web"]
    removed = await desk.service.remove("192.0.2.7", ("web",), ADA)
    assert (removed.jails, desk.allowed("sshd")) == ((), {"127.0.0.0/8", "192.0.2.7"})
    assert [note.jail for note in desk.notes.all("here")] == ["sshd"]
    with pytest.raises(UnknownJail):
        await desk.service.remove("192.0.2.7", ("web",), ADA)


async def test_a_removal_everywhere_takes_the_wishes_for_jails_that_do_not_run_along(desk: Desk) -> None:
    await desk.add("192.0.2.7", jails=("web",))
    del desk.memory.jails["web"]
    assert (await desk.service.noted()).lines[0].stopped == ("web",)
    await desk.service.remove("192.0.2.7", (), ADA)
    assert desk.notes.all("here") == []


async def test_whether_any_jail_had_it_before_is_told(desk: Desk) -> None:
    assert (await desk.add("192.0.2.7", jails=("web",))).is_new
    again = await desk.add("192.0.2.7")
    assert (again.is_new, again.known_in) == (False, ())


async def test_what_is_not_there_cannot_be_removed(desk: Desk) -> None:
    for entry in ("192.0.2.7", "name.invalid", "", "\x1b[2J"):
        with pytest.raises(InvalidInput):
            await desk.service.remove(entry, (), ADA)
    assert desk.audited() == []


async def test_a_change_is_made_also_where_it_cannot_be_written_down(desk: Desk, account_engine: Engine) -> None:
    audit.drop(account_engine)
    added = await desk.add("192.0.2.7")
    assert (added.failures, desk.allowed("web")) == ((), {"192.0.2.7"})
