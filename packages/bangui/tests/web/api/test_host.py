"""The host as programs see it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bangui.domain.collection import CollectorState, SourceState
from bangui.domain.daemon import DaemonState, Presence
from bangui.domain.last_day import Record
from bangui.domain.snapshot import Snapshot
from packages.bangui.tests.filled_history import NOW, NUMBER_OF_EVENTS
from packages.bangui.tests.web.api.programs import Prepared, Program, program_over
from packages.bangui.tests.web.scripted import HOST, few_bans


async def test_a_host_that_is_well(program: Program) -> None:
    told = (await program.get("/host")).json()
    assert (told["host"], told["presence"], told["jails"], told["banned"]) == (HOST, "up", 5, 8)
    assert told["taken_at"] == "2026-06-01T12:00:00Z"
    assert told["history"]["events"] == NUMBER_OF_EVENTS
    assert told["history"]["first"] == "2026-05-30T10:00:00Z"


async def test_what_is_wrong_is_told(program: Program) -> None:
    daemon = DaemonState(HOST, Presence.AWAY, None, NOW, "it is gone", "start it")
    sources = (SourceState("database", None, problem="it is locked", hint="wait"),)
    record = Record(collection=CollectorState(HOST, sources, problem="the disk is full"))
    program.live.show(replace(few_bans(NOW), daemon=daemon, record=record))
    told = (await program.get("/host")).json()
    assert (told["presence"], told["problem"], told["hint"]) == ("away", "it is gone", "start it")
    assert told["sources"] == [{"name": "database", "read_at": None, "problem": "it is locked", "hint": "wait"}]
    assert told["collecting_problem"] == "the disk is full"


async def test_before_anything_was_read_there_are_no_numbers_of_any_time(tmp_path: Path, prepared: Prepared) -> None:
    daemon = DaemonState(HOST, Presence.STARTING, None, NOW)
    async with program_over(tmp_path, prepared=prepared, snapshot=Snapshot(HOST, 0, NOW, daemon)) as program:
        told = (await program.get("/host")).json()
    assert (told["taken_at"], told["banned"]) == (None, 0)
