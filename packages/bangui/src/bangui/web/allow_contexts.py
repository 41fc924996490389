"""What the templates of the allow list get; see `contexts.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import ClassVar

from bangui.domain.allow_list import AllowOrigin, EntryKind
from bangui.domain.allow_warnings import AllowWarning, RemovalWarning
from bangui.web.allow_query import AllowQuery
from bangui.web.contexts import Frame, Remark
from bangui.web.history_contexts import Chip, Choice
from bangui.web.history_query import FieldProblem


@dataclass(frozen=True, slots=True)
class JailLink:
    """A jail, and the entries that it has."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class AllowRow:
    """One line of the list; texts may be hostile.

    `jails` are the first few, `more` is how many there are beside them and `all_jails` the names of all; `removal` are
    the jails that a removal names (none: all of them), None where the entry cannot be removed here.
    """

    entry: str
    kind: EntryKind
    warning: AllowWarning | None
    path: str | None
    origin: AllowOrigin
    jails: tuple[JailLink, ...]
    more: int
    all_jails: str
    for_all: bool
    is_everywhere: bool
    missing: str
    stopped: str
    note: str
    author: str
    since: datetime | None
    ends: datetime | None
    removal: tuple[str, ...] | None


class Reach(Enum):
    """In how many jails an address is allowed."""

    EVERYWHERE = "everywhere"
    SOMEWHERE = "somewhere"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The address of whoever looks: where it is allowed, where not, and the form that allows it."""

    address: str
    reach: Reach
    lacking: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Own:
    """In how many jails the machine's own addresses are allowed (`ignoreself`), and in which."""

    reach: Reach
    jails: str


@dataclass(frozen=True, slots=True)
class Caution:
    """An entry that is better not allowed."""

    entry: str
    warning: AllowWarning


@dataclass(frozen=True, slots=True)
class AllowForm:
    """The form of an addition as it was sent, what cannot be meant by its fields, and what to think of before.

    `back` is the page that it was sent from, if not this one.
    """

    entry: str = ""
    note: str = ""
    duration: str = ""
    lifts_bans: bool = True
    jails: tuple[Choice, ...] = ()
    problems: Mapping[str, FieldProblem] = field(default_factory=lambda: MappingProxyType({}))
    cautions: tuple[Caution, ...] = ()
    is_open: bool = False
    back: str = ""


@dataclass(frozen=True, slots=True)
class RemovalQuestion:
    """A removal that waits for somebody to insist."""

    entries: tuple[str, ...]
    jails: tuple[str, ...]
    warnings: tuple[RemovalWarning, ...]
    address: str


class EmptyAllowList(Enum):
    """Why there are no rows, so that the page can say it and what to do."""

    NO_JAIL = "no jail"
    NO_MATCH = "no match"
    NO_ENTRY = "no entry"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class AllowListView:
    """Everything that the page shows. `trouble` says why the daemon was not asked; the rows are BanGUI's own then."""

    now: datetime
    query: AllowQuery
    jails: tuple[Choice, ...]
    origins: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    rows: tuple[AllowRow, ...]
    total: int
    matching: int
    own: Own | None
    viewer: Viewer | None
    empty: EmptyAllowList | None
    trouble: Remark | None
    more_path: str | None
    clear_path: str


@dataclass(frozen=True, slots=True)
class AllowListPage:
    """The page at `/allow-list`."""

    template: ClassVar[str] = "allow_list.html"
    frame: Frame
    view: AllowListView
    form: AllowForm
    question: RemovalQuestion | None = None
