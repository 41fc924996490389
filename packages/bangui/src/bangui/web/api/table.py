"""The table of everything that a program can ask for."""

from __future__ import annotations

from bangui.web.api import (
    addresses,
    allow_list,
    audit,
    ban_changes,
    bans,
    blocklist,
    event_files,
    events,
    find,
    host,
    jail_changes,
    jails,
    logs,
    me,
    own_account,
    reload,
    retention,
    sessions,
    statistics,
    tokens,
    top_lists,
    unbans,
    users,
)
from bangui.web.api.operations import Operation
from bangui.web.site import Site

_SUBJECTS = (
    host,
    bans,
    ban_changes,
    unbans,
    blocklist,
    addresses,
    find,
    jails,
    jail_changes,
    reload,
    allow_list,
    events,
    event_files,
    statistics,
    top_lists,
    retention,
    logs,
    me,
    own_account,
    sessions,
    tokens,
    users,
    audit,
)


def all_operations(site: Site) -> tuple[Operation, ...]:
    """Return all operations, in the order of the documentation."""
    return tuple(operation for subject in _SUBJECTS for operation in subject.operations(site))
