"""What the parts of one recording share: the transaction, the names in it, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bangui.adapters.sql.counters import Counters
from bangui.adapters.sql.names import Id, Name, NewId
from bangui.adapters.sql.statements import Transaction
from bangui.adapters.sql.tally import Tally
from bangui.domain.history import Event


@dataclass(slots=True)
class Work:
    """One recording; hosts, jails and ids by what observations call them, `new_ids` by their numbers."""

    transaction: Transaction
    counters: Counters
    hosts: dict[str, Name]
    jails: dict[str, Name]
    ids: dict[str, Id]
    new_ids: Mapping[int, NewId] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    new: list[Event] = field(default_factory=list)
    changed: list[Event] = field(default_factory=list)
