"""Build what the page of the audit trail shows of a search and its answer: pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bangui.domain.allow_list import address_of
from bangui.domain.audit import AuditEntry, AuditPage
from bangui.domain.moments import moment_of
from bangui.web.audit_contexts import AuditForm, AuditRow, AuditView, EmptyAudit
from bangui.web.audit_query import AUDIT_PATH, EXPORT_PATH, AskedAudit, AuditQuery, audit_path
from bangui.web.audit_words import ACTION_CHOICES, RESULT_NAMES, action_name
from bangui.web.history_contexts import Chip, Choice
from bangui.web.history_query import RANGES, address_path
from bangui.web.history_view import choices_of
from bangui.web.jails_words import jail_path
from bangui.web.language import gettext as _
from bangui.web.language import lazy

_SELDOM = ("since", "until", "host")
_EXPORTS = ((lazy("CSV"), "csv"), (lazy("JSON lines"), "jsonl"))
# What the trail names where something was done to so many at once that it is one entry.
_MANY = " ids"


def build_audit(query: AuditQuery, asked: AskedAudit, page: AuditPage | None, now: datetime) -> AuditView:
    """Return the view of a search; there is no page of the trail where it was not asked."""
    entries = page.entries if page else ()
    base = query.first_page
    empty = None if entries else _why_empty(query, asked)
    after = page.next if page else None
    return AuditView(
        now=now,
        form=_form(query, asked),
        chips=tuple(_chips(query, asked)),
        rows=tuple(_row(recorded.entry, base) for recorded in entries),
        next_path=audit_path(replace(query, before=str(after))) if after is not None else None,
        newest_path=audit_path(base) if query.before else None,
        exports=_exports(base) if entries else (),
        empty=empty,
        clear_path=AUDIT_PATH,
        all_time_path=audit_path(replace(base, since="", until="")) if query.since or query.until else None,
    )


def _exports(base: AuditQuery) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), audit_path(base, EXPORT_PATH, format=form)) for name, form in _EXPORTS)


def _form(query: AuditQuery, asked: AskedAudit) -> AuditForm:
    is_range = query.since in RANGES and not query.until
    actions = choices_of(list(ACTION_CHOICES.items()), query.action)
    return AuditForm(
        query=query,
        actions=tuple(replace(choice, text=action_name(choice.text)) for choice in actions),
        results=choices_of([(result.value, name) for result, name in RESULT_NAMES.items()], query.result),
        ranges=tuple(Choice(value, text, is_range and value == query.since) for value, text in RANGES.items()),
        problems=asked.problems,
        is_wide=not asked.problems.keys().isdisjoint(_SELDOM),
    )


def _chips(query: AuditQuery, asked: AskedAudit) -> Iterator[Chip]:
    base, filter = query.first_page, asked.filter

    def chip(name: str, text: str, *fields: str) -> Chip:
        return Chip(name, text, audit_path(replace(base, **dict.fromkeys(fields, ""))))

    if filter.target is not None:
        yield chip(_("About"), filter.target, "target")
    if filter.actor is not None:
        yield chip(_("Who"), filter.actor, "actor")
    if filter.action is not None:
        yield chip(_("What"), ACTION_CHOICES.get(filter.action) or action_name(filter.action), "action")
    if filter.result is not None:
        yield chip(_("Result"), RESULT_NAMES[filter.result], "result")
    if filter.host is not None:
        yield chip(_("Host"), filter.host, "host")
    if filter.since is not None or filter.until is not None:
        since = RANGES.get(query.since) if not query.until else query.since
        yield chip(_("Time"), f"{since or query.since} – {query.until}".strip(" –"), "since", "until")


def _row(entry: AuditEntry, base: AuditQuery) -> AuditRow:
    return AuditRow(
        at=moment_of(entry.time),
        actor=entry.actor,
        actor_path=audit_path(replace(base, actor=entry.actor)),
        via=entry.via,
        address=entry.address,
        address_path=address_path(entry.address) if entry.address else None,
        action=entry.action,
        action_path=audit_path(replace(base, action=entry.action)),
        target=entry.target,
        target_path=_target_path(entry),
        result=entry.result,
        detail=entry.detail,
        host=entry.host,
    )


def _target_path(entry: AuditEntry) -> str | None:
    """Return the page of the address, the id or the jail that something was done to."""
    if not entry.host or not entry.target:
        return None
    if entry.action.startswith("jail."):
        return jail_path(entry.target)
    if entry.action.startswith("allow.") and address_of(entry.target) is None:
        return None
    return None if entry.target.endswith(_MANY) else address_path(entry.target)


def _why_empty(query: AuditQuery, asked: AskedAudit) -> EmptyAudit:
    if asked.problems:
        return EmptyAudit.WRONG_FIELD
    if query.before:
        return EmptyAudit.PAGE_GONE
    return EmptyAudit.NO_MATCH if query.is_filtered else EmptyAudit.NOTHING_YET
