"""Fixtures of the tests of the interface for programs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from packages.bangui.tests.web.api.programs import Prepared, Program, prepare, program_over


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A history with accounts, to copy."""
    return asyncio.run(prepare(tmp_path_factory.mktemp("prepared") / "history.sqlite3"))


@pytest.fixture
async def program(prepared: Prepared, tmp_path: Path) -> AsyncIterator[Program]:
    """A program that may do everything, over a host with a few bans and a history."""
    async with program_over(tmp_path, prepared=prepared) as program:
        yield program
