"""Settings that administrators make on the page, and the port of where they are kept.

A setting is a short text under a name. What it means is the business of whoever reads it; one that cannot be understood
(an older BanGUI, somebody else's hand) counts as not made.
"""

from __future__ import annotations

from typing import Protocol

from bangui.domain.audit import AuditEntry

LONGEST_SETTING = 10_000


class KeptSettings(Protocol):
    """Keeps settings. Its functions block and raise `StoreError`."""

    def read(self, name: str) -> str | None:
        """Return a setting; None where it was never made."""
        ...

    def write(self, name: str, value: str | None, entry: AuditEntry) -> None:
        """Make a setting, or take it back (None), and record it in the same transaction."""
        ...
