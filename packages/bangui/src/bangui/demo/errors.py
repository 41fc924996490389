"""What can go wrong with the demo."""

from __future__ import annotations

from bangui.domain.errors import BanGUIError


class DemoFailed(BanGUIError):
    """The demo could not start, or cannot go on."""
