"""The address of a view of the audit trail: what was typed, what it means, and what cannot be meant.

The URL is the state: `/audit?actor=ada&action=ban&since=24h`. What cannot be understood is no error page: the form
comes back as it was typed, with the field in question marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from urllib.parse import urlencode

from bangui.domain.allow_list import address_of
from bangui.domain.audit import AuditFilter, AuditResult
from bangui.domain.errors import InvalidInput
from bangui.domain.kept_ids import LONGEST_ID
from bangui.domain.moments import parse_moment
from bangui.web.history_query import FieldProblem
from bangui.web.language import gettext as _
from bangui.web.language import said

AUDIT_PATH = "/audit"
EXPORT_PATH = "/audit/export"

_LONGEST = {"target": LONGEST_ID, "actor": 160, "action": 64, "host": 200}
_LONGEST_OTHER = 60
_HIGHEST = 1 << 62


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """The fields of a search as they were typed; empty asks for nothing.

    `before` is the number of the last entry of the page before.
    """

    target: str = ""
    actor: str = ""
    action: str = ""
    result: str = ""
    since: str = ""
    until: str = ""
    host: str = ""
    before: str = ""

    @property
    def first_page(self) -> AuditQuery:
        """The same list from its beginning."""
        return replace(self, before="")

    @property
    def is_filtered(self) -> bool:
        """Whether some entries are left out."""
        return self.first_page != _EVERYTHING


_EVERYTHING = AuditQuery()
_FIELDS = tuple(field.name for field in fields(AuditQuery))


@dataclass(frozen=True, slots=True)
class AskedAudit:
    """What a query means; what it does not say well is in `problems`, by the field."""

    filter: AuditFilter
    before: int | None
    problems: Mapping[str, FieldProblem]


def read_audit_query(parameters: Mapping[str, str]) -> AuditQuery:
    """Return the fields that a URL has; `range` is what the buttons of the form say, and takes the place of a time."""
    query = AuditQuery(**{name: parameters.get(name, "").strip() for name in _FIELDS})
    if "range" in parameters:
        return replace(query, since=parameters["range"].strip(), until="")
    return query


def is_untidy(parameters: Mapping[str, str]) -> bool:
    """Whether a URL comes from a form and not from a link: it names fields that are empty, or a range."""
    return "range" in parameters or any(name in parameters and not parameters[name].strip() for name in _FIELDS)


def audit_path(query: AuditQuery, base: str = AUDIT_PATH, **more: str) -> str:
    """Return the address that shows this view."""
    values = {name: getattr(query, name) for name in _FIELDS} | more
    # A lone surrogate cannot travel in a URL, and the trail keeps none.
    parameters = urlencode({name: value for name, value in values.items() if value}, errors="replace", safe=":/,")
    return f"{base}?{parameters}" if parameters else base


def understand_audit(query: AuditQuery, now: datetime) -> AskedAudit:
    """Return what a query means, its times being told from `now`."""
    problems = dict(_too_long(query))
    usable = replace(query, **dict.fromkeys(problems, ""))
    since, until = _moment(usable, "since", now, problems), _moment(usable, "until", now, problems)
    if since is not None and until is not None and until <= since:
        problems["until"] = FieldProblem(
            _("this is not after the beginning"), _("a day ends with the beginning of the next")
        )
    results = {result.value: result for result in AuditResult}
    if usable.result and usable.result not in results:
        problems["result"] = FieldProblem(_("there is no such result"), ", ".join(results))
    filter = AuditFilter(
        since=since,
        until=until,
        actor=usable.actor or None,
        action=usable.action or None,
        target=_target(usable.target),
        result=results.get(usable.result),
        host=usable.host or None,
    )
    return AskedAudit(filter, _before(usable, problems), problems)


def _too_long(query: AuditQuery) -> Iterator[tuple[str, FieldProblem]]:
    for name in _FIELDS:
        longest = _LONGEST.get(name, _LONGEST_OTHER)
        if len(getattr(query, name)) > longest:
            hint = _("at most %(most)s characters fit here") % {"most": longest}
            yield name, FieldProblem(_("this is too long"), hint)


def _moment(query: AuditQuery, name: str, now: datetime, problems: dict[str, FieldProblem]) -> int | None:
    text = getattr(query, name)
    try:
        return parse_moment(text, now) if text else None
    except InvalidInput as error:
        problems[name] = FieldProblem(said(error.message), said(error.hint))
        return None


def _target(text: str) -> str | None:
    address = address_of(text)
    return address.text if address else text or None


def _before(query: AuditQuery, problems: dict[str, FieldProblem]) -> int | None:
    if not query.before:
        return None
    if query.before.isascii() and query.before.isdecimal() and int(query.before) < _HIGHEST:
        return int(query.before)
    problems["before"] = FieldProblem(_("this is no place in the list"))
    return None
