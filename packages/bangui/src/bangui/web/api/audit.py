"""The audit trail: who did what, when, from where, and with which result."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Annotated, cast

from starlette.responses import Response

from bangui.domain.accounts import Scope, Via
from bangui.domain.audit import AuditFilter, AuditResult, RecordedEntry
from bangui.domain.csv_cells import plain_cell, row_of, text_cell
from bangui.domain.errors import InvalidInput
from bangui.web.api.cursors import decode_cursor, encode_cursor
from bangui.web.api.event_filters import SINCE, UNTIL, check_period
from bangui.web.api.files import send_file
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import Call, FileAnswer, Nothing, Operation
from bangui.web.api.parts import access_of, milliseconds, moment
from bangui.web.api.shapes import About
from bangui.web.api.writing import json_text, value_of
from bangui.web.site import Site

_TAG = "Audit"
_AT_ONCE = 200
_LONGEST_CURSOR = 200


class AuditForm(Enum):
    """How a file of the audit trail is written."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which entries; everything given must hold."""

    since: Annotated[datetime | None, SINCE] = None
    until: Annotated[datetime | None, UNTIL] = None
    actor: Annotated[str | None, About("Who did it.", "ada")] = None
    action: Annotated[str | None, About("What was done, or the beginning of it up to a dot.", "user", longest=64)] = (
        None
    )
    target: Annotated[str | None, About("What it was done to.", "203.0.113.7")] = None
    result: Annotated[AuditResult | None, About("What came of it.", "done")] = None

    @property
    def filter(self) -> AuditFilter:
        """The filter of the trail."""
        check_period(self.since, self.until)
        return AuditFilter(
            milliseconds(self.since), milliseconds(self.until), self.actor, self.action, self.target, self.result
        )


@dataclass(frozen=True, slots=True)
class AuditAsked(AuditWanted):
    """Which page of which entries."""

    limit: Annotated[int, About("Entries in one answer.", 100, least=1, most=1_000)] = 100
    after: Annotated[str | None, About("`next` of the page before.", None, longest=_LONGEST_CURSOR)] = None


@dataclass(frozen=True, slots=True)
class AuditFileAsked(AuditWanted):
    """Which entries, and how they are written."""

    format: Annotated[AuditForm, About("JSON lines, or a table for spreadsheets.", "jsonl")] = AuditForm.JSONL


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that was done."""

    number: Annotated[int, About("Later entries have higher numbers.", 1_204)]
    time: Annotated[datetime | None, About("When.", "2026-11-25T16:30:00Z")]
    actor: Annotated[str, About("Who: an account, with its token where there was one.", "ada (firewall)")]
    via: Annotated[Via, About("How they showed who they are.", "session")]
    address: Annotated[str | None, About("From where.", "192.0.2.1")]
    action: Annotated[str, About("What was done.", "ban.add")]
    target: Annotated[str, About("What it was done to.", "203.0.113.7")]
    result: Annotated[AuditResult, About("What came of it.", "done")]
    detail: Annotated[str, About("More about it.", "sshd: as long as the jail bans")]
    host: Annotated[str, About("The host; empty where it is about the console.", "web-1")]


@dataclass(frozen=True, slots=True)
class AuditLines:
    """A page of the audit trail, the newest entry first."""

    items: tuple[AuditLine, ...]
    next: Annotated[str | None, About("Send it as `after` for the next page; null on the last one.", None)]


_FILE = FileAnswer(
    {
        "application/x-ndjson": '{"number":1204,"time":"2026-11-25T16:30:00Z","actor":"ada","action":"ban.add"}\n',
        "text/csv": "number,time,actor,via\r\n1204,2026-11-25T16:30:00Z,ada,session\r\n",
    }
)
_COLUMNS = tuple(field.name for field in fields(AuditLine))


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations of the audit trail."""

    async def entries(call: Call[AuditAsked, Nothing]) -> AuditLines:
        asked = call.asked
        name = f"audit {asked.filter}"
        page = await access_of(site).trail.page(asked.filter, asked.limit, _before(asked.after, name))
        next = None if page.next is None else encode_cursor(name, (page.next,))
        return AuditLines(tuple(map(_line, page.entries)), next)

    async def export(call: Call[AuditFileAsked, Nothing]) -> Response:
        asked = call.asked
        media = "text/csv" if asked.format is AuditForm.CSV else "application/x-ndjson"
        parts = _parts(access_of(site).trail.export(asked.filter), asked.format)
        return await send_file(call.request, parts, media, site.settings.send_seconds)

    return (
        Operation("listAudit", "GET", "/audit", _TAG, "Tell who did what", Scope.ADMINISTER, entries),
        Operation(
            "exportAudit",
            "GET",
            "/audit/export",
            _TAG,
            "Get the audit trail as a file",
            Scope.ADMINISTER,
            export,
            file=_FILE,
        ),
    )


def _before(word: str | None, name: str) -> int | None:
    if word is None:
        return None
    try:
        (number,) = decode_cursor(word, name, (int,))
    except InvalidInput as error:
        raise WrongRequest([Mistake("query", "after", error.message, error.hint)]) from None
    return int(number)


async def _parts(entries: AsyncIterator[RecordedEntry], form: AuditForm) -> AsyncGenerator[list[str], None]:
    part = [row_of(_COLUMNS)] if form is AuditForm.CSV else []
    async with aclosing(cast("AsyncGenerator[RecordedEntry, None]", entries)) as recorded:
        async for one in recorded:
            part.append(_row(_line(one)) if form is AuditForm.CSV else json_text(value_of(_line(one))) + "\n")
            if len(part) >= _AT_ONCE:
                yield part
                part = []
    yield part


def _row(line: AuditLine) -> str:
    told = cast("dict[str, object]", value_of(line))
    return row_of([_cell(told[name]) for name in _COLUMNS])


def _cell(value: object) -> str:
    return text_cell(value) if isinstance(value, str) else plain_cell(value)


def _line(recorded: RecordedEntry) -> AuditLine:
    entry = recorded.entry
    return AuditLine(
        recorded.number,
        moment(entry.time),
        entry.actor,
        entry.via,
        entry.address,
        entry.action,
        entry.target,
        entry.result,
        entry.detail,
        entry.host,
    )
