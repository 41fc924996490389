from __future__ import annotations

from datetime import datetime

import pytest

from aiofail2ban.types import Ban


def test_a_ban_is_a_plain_frozen_value() -> None:
    ban = Ban("192.0.2.1", datetime(2026, 1, 1), 60, datetime(2026, 1, 1, 0, 1))  # noqa: DTZ001
    assert ban == Ban("192.0.2.1", datetime(2026, 1, 1), 60, datetime(2026, 1, 1, 0, 1))  # noqa: DTZ001
    with pytest.raises(AttributeError):
        ban.id = "other"  # type: ignore[misc]  # that it fails is the point
