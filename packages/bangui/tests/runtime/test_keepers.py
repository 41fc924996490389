from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.domain.accounts import Actor, Via
from bangui.domain.addresses import parse_address
from bangui.domain.history_ports import StoreError
from bangui.runtime.keepers import LateAllowNotes, keeping
from bangui.services.allow_changes import NewAllowed
from bangui.services.audit import AuditTrail
from bangui.services.live import LiveState
from bangui.services.pace import Pace
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

ADA = Actor("ada", Via.SESSION, "192.0.2.1")


async def test_what_was_allowed_is_put_back_by_the_next_run_of_bangui_as_well(tmp_path: Path) -> None:
    location = str(tmp_path / "history.sqlite3")
    engine = open_engine(location)
    migrate(engine)
    trail = AuditTrail(SqlAccountStore(engine))
    gateway = MemoryGateway("here")
    gateway.jails["sshd"] = MemoryJail()
    live = LiveState(gateway, Pace(interval=0.01))
    async with keeping(location, gateway, live, trail) as service:
        await service.add(NewAllowed((parse_address("192.0.2.7"),), note="office"), ADA)
    gateway.jails["sshd"] = MemoryJail()
    async with keeping(location, gateway, live, trail) as service, asyncio.timeout(20):
        while gateway.jails["sshd"].allowed != ("192.0.2.7",):
            await asyncio.sleep(0.01)
        (line,) = (await service.view()).lines
        assert (line.note, line.author) == ("office", "ada")
    engine.dispose()


def test_a_database_that_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.write_text("a file where a folder should be")
    notes = LateAllowNotes(str(place / "history.sqlite3"))
    with pytest.raises(StoreError):
        notes.all("here")
    notes.close()
    place.unlink()
    assert notes.all("here") == []
    notes.close()
    assert notes.all("here") == []
    notes.close()
