"""What the history holds and for how long, for the settings; and the form that changes it."""

from __future__ import annotations

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.history_ports import StoreError
from bangui.domain.moments import moment_of
from bangui.web.settings_contexts import KeptHistory
from bangui.web.site import Site
from bangui.web.words import size


async def read_kept(site: Site) -> KeptHistory | None:
    """Return what there is to say; None where no history is kept or it cannot be read now."""
    history, retention = site.history, site.services.retention
    if history is None or retention is None:
        return None
    try:
        state = await history.ask(lambda reader: reader.state())
        words = await retention.words()
    except (StoreError, AccessUnavailable):
        return None
    first = moment_of(state.first) if state.first is not None else None
    return KeptHistory(state.events, size(state.disk_bytes), first, words, words == retention.start)
