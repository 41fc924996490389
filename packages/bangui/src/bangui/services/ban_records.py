"""Writes down who banned and unbanned whom, and why: notes for the history, entries for the audit trail.

What is written down has happened already, so a store that cannot be written to is told to the log and changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.accounts import Actor, Via
from bangui.domain.audit import AuditEntry, AuditResult
from bangui.domain.ban_wishes import BanChange, BanReport, UnbanChange, UnbanReport
from bangui.domain.history import BanNote, Batch, Origin
from bangui.domain.history_ports import HistoryWriter, StoreError
from bangui.domain.moments import milliseconds_of
from bangui.domain.outcomes import BanResult
from bangui.services.audit import AuditTrail
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.threads import in_thread

_log = logging.getLogger("bangui.bans")

BAN_ADD = "ban.add"
BAN_REMOVE = "ban.remove"
MANY = 20
"""From so many ids on the audit trail has one entry for all of them, and not one for each."""
_LONGEST_LIST = 1_500


class BanRecords:
    """The records of one host. Without a writer there are no notes, without a trail no entries."""

    def __init__(
        self, host: str, writer: HistoryWriter | None, audit: AuditTrail | None, *, now: Now = unix_milliseconds
    ) -> None:
        self._host = host
        self._writer = writer
        self._audit = audit
        self._now = now

    async def note(self, jail: str, ids: Sequence[str], asked: datetime, author: str, why: tuple[Origin, str]) -> None:
        """Note who wanted these bans, `why` being their origin and the reason; they were asked for at that time."""
        writer = self._writer
        if writer is None or not ids:
            return
        origin, reason = why
        time = milliseconds_of(asked)
        notes = [BanNote(self._host, jail, id, time, origin, author, reason) for id in ids]
        try:
            await in_thread(lambda: writer.record(Batch(self._host, notes=notes)))
        except StoreError as error:
            _log.warning("ban_not_noted", extra={"problem": error.message, "hint": error.hint})

    async def banned(self, report: BanReport, actor: Actor, duration: str) -> None:
        """Write down what came of a wish; `duration` says for how long, in words."""
        by_id: dict[str, list[BanChange]] = {}
        for change in report.changes:
            by_id.setdefault(change.id, []).append(change)
        outcomes = {id: _ban_outcome(changes) for id, changes in by_id.items()}
        about = [duration, *([f"reason: {report.wish.reason}"] if report.wish.reason else [])]
        await self._write(BAN_ADD, outcomes, actor, "; ".join(about), str(report.stopped_by or ""))

    async def refused(self, ids: Sequence[str], actor: Actor, why: str) -> None:
        """Write down that a ban was refused."""
        target = ids[0] if len(ids) == 1 else f"{len(ids)} ids"
        await self._record([self._entry(BAN_ADD, target, actor, AuditResult.REFUSED, why)])

    async def unbanned(self, report: UnbanReport, actor: Actor, why: str = "") -> None:
        """Write down what came of unbans; what was not banned in the first place is no entry."""
        by_id: dict[str, list[UnbanChange]] = {}
        for change in report.changes:
            if change.lifted or change.problem:
                by_id.setdefault(change.id, []).append(change)
        outcomes = {id: _unban_outcome(changes) for id, changes in by_id.items()}
        await self._write(BAN_REMOVE, outcomes, actor, why, str(report.stopped_by or ""))

    async def _write(
        self, action: str, outcomes: Mapping[str, tuple[AuditResult, str]], actor: Actor, about: str, problem: str
    ) -> None:
        if len(outcomes) < MANY:
            entries = [
                self._entry(action, id, actor, result, "; ".join(filter(None, (detail, about))))
                for id, (result, detail) in outcomes.items()
            ]
        else:
            entries = [self._summary(action, outcomes, actor, about)]
        if problem:
            entries.append(self._entry(action, "", actor, AuditResult.FAILED, f"not everything was tried: {problem}"))
        await self._record(entries)

    def _summary(
        self, action: str, outcomes: Mapping[str, tuple[AuditResult, str]], actor: Actor, about: str
    ) -> AuditEntry:
        failed = [id for id, (result, _) in outcomes.items() if result is not AuditResult.DONE]
        result = AuditResult.FAILED if failed else AuditResult.DONE
        parts = [about, f"{len(failed)} of them failed" if failed else "", _listed([*failed, *outcomes])]
        return self._entry(action, f"{len(outcomes)} ids", actor, result, "; ".join(filter(None, parts)))

    def _entry(self, action: str, target: str, actor: Actor, result: AuditResult, detail: str) -> AuditEntry:
        return AuditEntry(self._now(), actor.name, actor.via, actor.address, action, target, result, detail, self._host)

    async def _record(self, entries: Sequence[AuditEntry]) -> None:
        if self._audit is None:
            return
        try:
            for entry in entries:
                await self._audit.record(entry)
        except AccessUnavailable:
            _log.error("bans_not_in_audit_trail", extra={"entries": len(entries)})


def by_itself(author: str) -> Actor:
    """Return who acts where BanGUI follows what somebody has asked for earlier."""
    return Actor(author, Via.SERVICE)


def _ban_outcome(changes: Sequence[BanChange]) -> tuple[AuditResult, str]:
    words = {BanResult.BANNED: "banned", BanResult.ALREADY_BANNED: "already banned", BanResult.FAILED: "failed"}
    told = []
    for result, word in words.items():
        jails = [change.jail for change in changes if change.result is result]
        if jails:
            told.append(f"{word} in {', '.join(jails)}")
    problems = dict.fromkeys(change.problem for change in changes if change.problem)
    has_failed = any(change.result is BanResult.FAILED for change in changes)
    return AuditResult.FAILED if has_failed else AuditResult.DONE, "; ".join([*told, *map(str, problems)])


def _unban_outcome(changes: Sequence[UnbanChange]) -> tuple[AuditResult, str]:
    jails = list(dict.fromkeys(jail for change in changes for jail in change.jails))
    inside = sum(change.lifted for change in changes) - len(jails)
    problems = dict.fromkeys(change.problem for change in changes if change.problem)
    told = [
        *([f"unbanned in {', '.join(jails)}"] if jails else []),
        *([f"{inside} addresses inside it unbanned"] if inside > 0 else []),
        *map(str, problems),
    ]
    return AuditResult.FAILED if problems else AuditResult.DONE, "; ".join(told)


def _listed(ids: Sequence[str]) -> str:
    """Return ids with blanks between them, as many as there is room for."""
    told, length = [], 0
    for id in dict.fromkeys(ids):
        length += len(id) + 1
        if length > _LONGEST_LIST:
            told.append("…")
            break
        told.append(id)
    return " ".join(told)
