"""`bangui ban JAIL IP...`: ban addresses, but none by mistake and not oneself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bangui.cli.ban_notes import BanNotes, checked_reason
from bangui.cli.complaints import in_one_line
from bangui.cli.exit_codes import ExitCode
from bangui.cli.ids import given_ids
from bangui.cli.inert import inert
from bangui.cli.json_values import banned_value, dump
from bangui.cli.parts import Call
from bangui.domain.addresses import parse_address
from bangui.domain.durations import duration_in_words
from bangui.domain.errors import DangerousBan, InvalidInput
from bangui.domain.jails import JailRule
from bangui.domain.operations import ReadRule
from bangui.domain.outcomes import BannedId, BanOutcome, BanResult
from bangui.domain.safety import Dangers, Protected, Standing, danger_in_words
from bangui.services.bans import SLICE, ban
from bangui.services.jails import require_jail

if TYPE_CHECKING:
    from bangui.cli.ban_duration import OwnDuration


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Ids to ban in their canonical form, each with how it was written."""

    written: Mapping[str, str]

    def name(self, id: str) -> str:
        written = self.written.get(id, id)
        return inert(id) if written == id else f"{inert(id)} (from {inert(written)})"


async def run(call: Call) -> int:
    """Check every id, then ban them all in one jail."""
    jail = call.options.jail
    if call.options.duration and call.options.any_id:
        raise InvalidInput("--for and --any-id do not go together", "only addresses can have a duration of their own")
    wanted = _check(call)
    results: list[BannedId] = []
    with BanNotes(call) as notes, ExitStack() as stack:
        await require_jail(call.gateway, jail)
        rule = await call.gateway.perform(ReadRule(jail))
        own = stack.enter_context(_own_duration(call, rule)) if call.options.duration else None
        duration = f"for {duration_in_words(own.seconds)}" if own else rule.ban_time_in_words()
        before = call.parts.now()
        async for outcome in _ban(call, own, wanted):
            results.extend(outcome.ids)
            notes.take(jail, [one.id for one in outcome.ids if one.result is BanResult.BANNED], before)
            before = call.parts.now()
            if not call.options.json:
                for one in outcome.ids:
                    _tell(call, wanted, duration, one)
                call.screen.flush()
        if own:
            own.warn_where_nobody_watches()
    if call.options.json:
        call.screen.line(dump({"jail": jail, "results": [banned_value(one) for one in results]}))
    has_failed = any(one.result is BanResult.FAILED for one in results)
    return ExitCode.NOTHING_DONE if has_failed else ExitCode.FINE


def _check(call: Call) -> _Wanted:
    """Return what to ban; raise `InvalidInput` before anything is sent if one of them is wrong or dangerous."""
    rules = Dangers(_protected(call))
    written: dict[str, str] = {}
    for text in given_ids(call.options.ids, call.stdin):
        try:
            address = parse_address(text)
        except InvalidInput as error:
            if not call.options.any_id:
                hint = f"{error.hint}; --any-id bans the text as it stands" if error.hint else ""
                raise InvalidInput(f"{error.message}; nothing was banned", hint) from None
            written.setdefault(text, text)
            continue
        if not call.options.force and (found := rules.of(address)):
            reasons = " and ".join(danger_in_words(one) for one in found)
            raise DangerousBan(f"{address.text} was not banned, because {reasons}", "--force bans it all the same")
        written.setdefault(address.text, text)
    return _Wanted(written)


def _protected(call: Call) -> list[Protected]:
    return [
        *(Protected(own, Standing.MACHINE) for own in call.parts.own_addresses()),
        *(Protected(login, Standing.LOGIN) for login in call.parts.login_addresses()),
        *call.parts.surroundings(),
    ]


async def _ban(call: Call, own: OwnDuration | None, wanted: _Wanted) -> AsyncIterator[BanOutcome]:
    """Ban in slices, each with a duration of its own where one is wanted."""
    ids = list(wanted.written)
    if own is None:
        async for outcome in ban(call.gateway, call.options.jail, ids):
            yield outcome
        return
    for start in range(0, len(ids), SLICE):
        part = ids[start : start + SLICE]
        new = own.begin(part)
        async for outcome in ban(call.gateway, call.options.jail, part):
            own.confirm(outcome.ids, new)
            yield outcome


def _own_duration(call: Call, rule: JailRule) -> OwnDuration:
    # Imported now: without it nobody shall wait for what a history needs.
    from bangui.cli.ban_duration import OwnDuration

    return OwnDuration(call, rule, checked_reason(call.options.reason))


def _tell(call: Call, wanted: _Wanted, duration: str, one: BannedId) -> None:
    name, jail = wanted.name(one.id), inert(call.options.jail)
    if one.result is BanResult.BANNED:
        call.screen.line(f"banned {name} in {jail} {duration}")
    elif one.result is BanResult.ALREADY_BANNED:
        kept = f", and stays so {duration} at least" if call.options.duration else ""
        call.screen.line(f"{name} was already banned in {jail}{kept}")
    else:
        call.errors.write(f"bangui: {in_one_line(f'could not ban {one.id} in {call.options.jail}', one.problem)}\n")
