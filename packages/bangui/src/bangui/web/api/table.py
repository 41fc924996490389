"""The table of everything that a program can ask for."""

from __future__ import annotations

from bangui.web.api import (
    addresses,
    bans,
    blocklist,
    event_files,
    events,
    host,
    jails,
    me,
    statistics,
    top_lists,
)
from bangui.web.api.operations import AnyOperation
from bangui.web.site import Site


def all_operations(site: Site) -> tuple[AnyOperation, ...]:
    """Return all operations, in the order of the documentation."""
    return (
        *me.operations(site),
        *host.operations(site),
        *bans.operations(site),
        *blocklist.operations(site),
        *addresses.operations(site),
        *jails.operations(site),
        *events.operations(site),
        *event_files.operations(site),
        *statistics.operations(site),
        *top_lists.operations(site),
    )
