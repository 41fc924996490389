from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.accounts import Role, Visitor
from bangui.domain.history_ports import StoreError
from bangui.domain.logins import LoggedIn
from bangui.runtime.access import DEMO_NAME, access_over, demo_entry, run_access, way_in
from bangui.runtime.late import LateDatabase
from bangui.services.access import Access
from bangui.web import Services
from packages.bangui.tests.access import PASSWORD, ROOT


async def test_the_first_link_is_there_until_there_is_an_account(tmp_path: Path) -> None:
    with closing(LateDatabase(str(tmp_path / "history.sqlite3"))) as database:
        services = Services(access=access_over(database))
        link = await way_in(services, "http://127.0.0.1:8080/")
        assert link is not None
        assert link.startswith("http://127.0.0.1:8080/setup?link=")
        assert services.access is not None
        await services.access.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT)
        assert await way_in(services, "http://127.0.0.1:8080/") is None


async def test_the_demonstration_has_an_account_that_its_ticket_lets_in(tmp_path: Path) -> None:
    with closing(LateDatabase(str(tmp_path / "history.sqlite3"))) as database:
        access = access_over(database)
        entry = await demo_entry(access)
        assert entry.name == DEMO_NAME
        outcome = await access.login.log_in(entry.name, entry.password, Visitor("127.0.0.1"))
        assert isinstance(outcome, LoggedIn)
        assert outcome.user.role is Role.ADMIN
        link = await way_in(Services(access=access, entry=entry), "http://x/")
        assert link == f"http://x/enter?ticket={entry.ticket.reveal()}"


async def test_accounts_that_cannot_be_opened_let_nobody_in_and_come_back(tmp_path: Path) -> None:
    place = tmp_path / "folder"
    place.write_text("in the way")
    with closing(LateDatabase(str(place / "history.sqlite3"))) as database:
        access = access_over(database)
        with pytest.raises(AccessUnavailable):
            await access.has_accounts()
        assert await way_in(Services(access=access), "http://x/") is None
        place.unlink()
        assert not await access.has_accounts()


def test_a_command_is_told_what_is_wrong(tmp_path: Path) -> None:
    place = tmp_path / "folder"
    place.write_text("in the way")

    async def work(access: Access) -> int:
        return len(await access.accounts.users())

    with pytest.raises(StoreError):
        run_access(str(place / "history.sqlite3"), work)
    place.unlink()
    assert run_access(str(place / "history.sqlite3"), work) == 0
