from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess, FakeServer
from bangui.adapters.source_probe import UsualPlaces, probe_sources
from bangui.domain.source_plan import SourcePlan
from packages.bangui.tests.adapters.nobody import as_nobody


@pytest.fixture
def places(tmp_path: Path) -> UsualPlaces:
    """A machine of its own: nothing is where it usually is, and there is no journal."""
    return UsualPlaces(
        tmp_path / "usual.sqlite3", tmp_path / "usual.log", (tmp_path / "journal",), str(tmp_path / "programs")
    )


def make_journal(places: UsualPlaces) -> Path:
    journal = places.journals[0] / "0123" / "system.journal"
    journal.parent.mkdir(parents=True)
    journal.touch()
    program = Path(str(places.programs)) / "journalctl"
    program.parent.mkdir(exist_ok=True)
    program.touch(mode=0o755)
    return journal


async def told(database: object, target: object, places: UsualPlaces) -> SourcePlan:
    """Probe with a daemon that says where its database and its log are."""
    answers = {"dbfile": database, "logtarget": target}
    async with (
        FakeServer(lambda command: answers[str(command[1])]) as server,
        Fail2BanClient(server.socket_path) as client,
    ):
        return await probe_sources(client, places)


async def test_a_real_daemon_is_asked_where_its_files_are(daemon: Fail2BanProcess, places: UsualPlaces) -> None:
    async with Fail2BanClient(daemon.socket_path) as client:
        await client.set_dbfile(str(daemon.database_path))
        plan = await probe_sources(client, places)
        assert plan == SourcePlan(database=daemon.database_path, log=daemon.log_path)
        await client.set_dbfile(None)
        plan = await probe_sources(client, places)
        assert "keeps none" in str(plan.database_problem)
        await client.set_dbfile(":memory:")
        assert "keeps none" in str((await probe_sources(client, places)).database_problem)
        await client.set_logtarget("STDOUT")
        plan = await probe_sources(client, places)
        assert (plan.log, plan.log_problem) == (
            None,
            "it goes to STDOUT, and there is no journalctl here; a file can be read always (logtarget)",
        )


@pytest.mark.parametrize("target", ["STDOUT", "STDERR", "SYSOUT", "SYSLOG", "SYSTEMD-JOURNAL", "sysout"])
async def test_a_log_that_is_no_file_is_read_from_the_journal(places: UsualPlaces, target: str) -> None:
    plan = await told(None, target, places)
    assert (plan.log, plan.reads_journal, plan.has_log) == (None, False, False)
    make_journal(places)
    plan = await told(None, target, places)
    assert (plan.log, plan.reads_journal, plan.log_problem) == (None, True, None)


async def test_a_machine_without_a_journal_says_so(places: UsualPlaces) -> None:
    make_journal(places).unlink()
    assert "there is no journal here" in str((await told(None, "SYSOUT", places)).log_problem)


async def test_files_that_are_not_here_may_be_in_a_container(places: UsualPlaces) -> None:
    plan = await told("/nowhere/fail2ban.sqlite3", "/nowhere/fail2ban.log", places)
    assert (plan.database, plan.log) == (None, None)
    assert "/nowhere/fail2ban.sqlite3, and there is no such file here" in str(plan.database_problem)
    assert "container" in str(plan.log_problem)


@pytest.mark.parametrize("path", ["relative.sqlite3", "/tmp", "/dev/null/x", "/" + "x" * 5_000])
async def test_what_is_no_file_is_told(places: UsualPlaces, path: str) -> None:
    plan = await told(path, path, places)
    assert (plan.database, plan.log) == (None, None)
    assert plan.database_problem
    assert plan.log_problem == plan.database_problem


async def test_a_log_target_that_is_not_told_is_not_read(places: UsualPlaces) -> None:
    assert "does not tell" in str((await told(None, None, places)).log_problem)


async def test_a_link_to_the_database_leads_to_the_file_itself(places: UsualPlaces, tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to("real")
    plan = await told(str(tmp_path / "link"), str(tmp_path / "link"), places)
    assert (plan.database, plan.log) == (tmp_path / "real", tmp_path / "link")


async def test_files_of_somebody_else_are_told_with_what_to_do(places: UsualPlaces) -> None:
    journal = make_journal(places)
    for file in (places.database, places.log, journal):
        file.touch()
        file.chmod(0)
    with as_nobody():
        plan = await probe_sources(None, places)
        assert (plan.database, plan.log, plan.reads_journal) == (None, None, False)
        assert str(plan.database_problem).endswith("may not be read: run BanGUI as root")
        assert str(plan.log_problem).endswith("may not be read: run BanGUI as root")


async def test_a_journal_of_somebody_else_is_told_with_what_to_do() -> None:
    # pytest's own folders are closed to others; those of a journal are not.
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        places = UsualPlaces(journals=(folder / "journal",), programs=str(folder))
        make_journal(places).chmod(0)
        with as_nobody():
            plan = await told(None, "SYSOUT", places)
    assert not plan.reads_journal
    assert "the journal may not be read: run BanGUI as root" in str(plan.log_problem)


async def test_where_nobody_answers_the_usual_places_are_looked_at(places: UsualPlaces, tmp_path: Path) -> None:
    async with Fail2BanClient(str(tmp_path / "no.sock"), timeout=0.2) as client:
        plan = await probe_sources(client, places)
        assert not plan.was_asked
        assert (plan.database_problem, plan.log_problem) == (
            f"there is no {places.database}",
            f"there is no {places.log}",
        )
        places.database.touch()
        places.log.touch()
        plan = await probe_sources(client, places)
        assert plan == SourcePlan(database=places.database, log=places.log, was_asked=False)


async def test_without_a_log_in_its_usual_place_the_journal_is_looked_at(places: UsualPlaces) -> None:
    make_journal(places)
    assert (await probe_sources(None, places)).reads_journal
    assert not (await probe_sources(None, replace(places, programs="/nowhere"))).reads_journal
