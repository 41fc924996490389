"""No test finds, or leaves, a history on the machine itself."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own for the data of every program that it starts."""
    monkeypatch.setenv("BANGUI_DATA", str(tmp_path / "bangui-data"))
    monkeypatch.delenv("BANGUI_HISTORY", raising=False)
    return tmp_path / "bangui-data"
