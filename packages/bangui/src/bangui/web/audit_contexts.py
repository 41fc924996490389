"""What the templates of the audit trail get; see `contexts.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar

from bangui.domain.accounts import Via
from bangui.domain.audit import AuditResult
from bangui.web.audit_query import AuditQuery
from bangui.web.contexts import Frame
from bangui.web.history_contexts import Chip, Choice
from bangui.web.history_query import FieldProblem


@dataclass(frozen=True, slots=True)
class AuditForm:
    """The form: what was typed, what there is to choose from, and what cannot be meant, by the field."""

    query: AuditQuery
    actions: tuple[Choice, ...]
    results: tuple[Choice, ...]
    ranges: tuple[Choice, ...]
    problems: Mapping[str, FieldProblem]
    is_wide: bool


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry; all texts may be hostile. `at` is None for a time that no calendar has.

    `target_path` leads to the address or the jail that it is about, `address_path` to the address that it came from.
    """

    at: datetime | None
    actor: str
    actor_path: str
    via: Via
    address: str | None
    address_path: str | None
    action: str
    action_path: str
    target: str
    target_path: str | None
    result: AuditResult
    detail: str
    host: str


class EmptyAudit(Enum):
    """Why there are no rows, so that the page can say it and what to do."""

    NOTHING_YET = "nothing yet"
    NO_MATCH = "no match"
    PAGE_GONE = "page gone"
    """The entries of this page and all that followed have been forgotten."""
    WRONG_FIELD = "wrong field"


@dataclass(frozen=True, slots=True)
class AuditView:
    """Everything that the page shows of one search; `exports` are names with addresses."""

    now: datetime
    form: AuditForm
    chips: tuple[Chip, ...]
    rows: tuple[AuditRow, ...]
    next_path: str | None
    newest_path: str | None
    exports: tuple[tuple[str, str], ...]
    empty: EmptyAudit | None
    clear_path: str
    all_time_path: str | None


@dataclass(frozen=True, slots=True)
class AuditTrailPage:
    """The page at `/audit`."""

    template: ClassVar[str] = "audit.html"
    frame: Frame
    view: AuditView
