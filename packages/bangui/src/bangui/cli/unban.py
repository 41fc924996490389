"""`bangui unban IP...`: let addresses in again, everywhere or in one jail."""

from __future__ import annotations

from bangui.cli.complaints import in_one_line
from bangui.cli.exit_codes import ExitCode
from bangui.cli.ids import given_ids
from bangui.cli.inert import inert
from bangui.cli.json_values import dump, unbanned_value
from bangui.cli.parts import Call
from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.outcomes import UnbannedId
from bangui.services.bans import unban
from bangui.services.jails import require_jail


async def run(call: Call) -> int:
    """Unban every id and tell where it had been banned."""
    jail = call.options.jail
    ids = [_canonical(text) for text in given_ids(call.options.ids, call.stdin)]
    if jail is not None:
        await require_jail(call.gateway, jail)
    results: list[UnbannedId] = []
    async for outcome in unban(call.gateway, ids, jail):
        results.extend(outcome.ids)
        if not call.options.json:
            for one in outcome.ids:
                _tell(call, one, jail)
            call.screen.flush()
    if call.options.json:
        call.screen.line(dump({"jail": jail, "results": [unbanned_value(one) for one in results]}))
    is_fine = any(one.lifted for one in results) and not any(one.problem for one in results)
    return ExitCode.FINE if is_fine else ExitCode.NOTHING_DONE


def _canonical(text: str) -> str:
    # A text that is no address may be banned all the same; unbanning by mistake does no harm.
    try:
        return parse_address(text).text
    except InvalidInput:
        return text


def _tell(call: Call, one: UnbannedId, jail: str | None) -> None:
    id = inert(one.id)
    if one.problem:
        call.errors.write(f"bangui: {in_one_line(f'could not unban {one.id}', one.problem)}\n")
    elif one.jails:
        call.screen.line(f"unbanned {id} in {', '.join(inert(name) for name in one.jails)}")
    elif one.lifted:
        call.screen.line(f"unbanned {one.lifted} {'address' if one.lifted == 1 else 'addresses'} inside {id}")
    else:
        call.screen.line(f"{id} is not banned {'anywhere' if jail is None else 'in ' + inert(jail)}")
