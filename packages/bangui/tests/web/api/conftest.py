"""Fixtures of the tests of the interface for programs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from packages.bangui.tests.web.api.programs import Program, program_over


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    """A program that may do everything, over a host with a few bans and a history."""
    async with program_over(tmp_path) as program:
        yield program
