"""What is wrong with data about addresses, in words for whoever has to replace it."""

from __future__ import annotations

from bangui.domain.errors import BanGUIError

REPLACE_IT = "replace it with bangui geo update --from FILE"
NOTHING_CHANGED = "nothing was changed"


class BrokenGeoData(BanGUIError):
    """A file is not what it should be, or holds what cannot be true."""


class DownloadFailed(BanGUIError):
    """A file could not be fetched, or was refused."""
