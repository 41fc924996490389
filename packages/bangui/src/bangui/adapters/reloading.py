"""A reload of the whole configuration that cannot cost a jail by mistake.

When one command of a reload fails, the daemon deletes all jails with their bans, and its own checks find few of the
mistakes that make a command fail. Hence, in this order, and only one at a time:

1. fail2ban's own reader checks the files and gives the complete stream of commands;
2. the stream must be that of this daemon (the same database), and each jail that it adds it must start;
3. every command is tried in a scratch daemon;
4. whoever asks must have seen which jails there will be, and they must still be the same;
5. the stream is applied as a whole, and the list of jails compared.

Two things that no trial shows are refused. fail2ban may drop an action in Python from its jail without a word. And
fail2ban 1.0.2 could hang for good when its first jail with `pyinotify` is added while another jail bans; that a daemon
is as old as that shows in what it cannot tell of its jails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

from aiofail2ban import Fail2BanClient, Fail2BanCommandError, Fail2BanError
from bangui.adapters.config_stream import Stream, actions_of, jails_of, read_stream, value_of
from bangui.adapters.dry_run import try_stream
from bangui.adapters.f2b_programs import find_programs
from bangui.adapters.translation import translated
from bangui.domain.errors import OperationRefused
from bangui.domain.further_operations import PlanReload, Reload
from bangui.domain.gateway import Gateway, R
from bangui.domain.operations import Operation
from bangui.domain.phrases import phrase
from bangui.domain.reloading import ReloadOutcome, ReloadPlan

_MAY_NOTIFY = frozenset({"auto", "pyinotify"})


class ReloadingGateway:
    """A gateway that can reload as well, where fail2ban runs on this machine; everything else another one performs."""

    def __init__(self, gateway: Gateway, client: Fail2BanClient) -> None:
        self._gateway = gateway
        self._client = client
        self._lock = asyncio.Lock()

    @property
    def host(self) -> str:
        """The name of the host."""
        return self._gateway.host

    async def perform(self, operation: Operation[R]) -> R:
        """Perform the operation; every error is one of the domain's."""
        if not isinstance(operation, PlanReload | Reload):
            return await self._gateway.perform(operation)
        expected = tuple(sorted(operation.jails)) if isinstance(operation, Reload) else None
        try:
            async with self._lock:
                return cast("R", await self._reload(expected))
        except Fail2BanError as error:
            raise translated(error, None) from error

    async def aclose(self) -> None:
        """Close what the gateway holds open."""
        await self._gateway.aclose()

    async def _reload(self, expected: tuple[str, ...] | None) -> ReloadPlan | ReloadOutcome:
        plan, stream = await self._prepare()
        if expected is None:
            return plan
        if plan.jails != expected:
            raise OperationRefused(
                phrase("the configuration has changed since it was looked at"),
                phrase("nothing was changed: look at what a reload would do now"),
            )
        return await self._apply(plan, stream)

    async def _prepare(self) -> tuple[ReloadPlan, Stream]:
        programs = await asyncio.to_thread(find_programs, self._client.socket_path)
        stream = await asyncio.to_thread(read_stream, programs)
        wanted = set(jails_of(stream))
        statistics = await self._client.statistics()
        if not wanted:
            raise OperationRefused(
                phrase("the configuration enables no jail"), phrase("nothing was changed: enable one first")
            )
        await self._refuse_another_configuration(stream)
        if wanted - set(statistics) and any(jail.backend is None for jail in statistics.values()):
            _refuse_first_notifier(stream, set(statistics))
        kept = tuple(sorted(wanted & set(statistics)))
        late = await self._jails_with_new_actions(kept, actions_of(stream))
        await try_stream(programs, stream)
        added, removed = sorted(wanted - set(statistics)), sorted(set(statistics) - wanted)
        return ReloadPlan(self.host, kept, tuple(added), tuple(removed), late), stream

    async def _jails_with_new_actions(
        self, kept: tuple[str, ...], actions: Mapping[str, Mapping[str, bool]]
    ) -> tuple[str, ...]:
        in_python = [jail for jail in kept if any(actions.get(jail, {}).values())]
        if in_python:
            raise OperationRefused(
                phrase("jails have actions in Python, which fail2ban may drop when it is reloaded"),
                phrase("nothing was changed: restart fail2ban instead"),
                detail=", ".join(in_python),
            )
        return tuple([jail for jail in kept if {*actions.get(jail, {})} - {*await self._client.jail(jail).actions()}])

    async def _refuse_another_configuration(self, stream: Stream) -> None:
        database, wanted = await self._client.get_dbfile(), value_of(stream, "dbfile")
        if database != (None if wanted == "None" else wanted):
            raise OperationRefused(
                phrase("the configuration names another database than the one that fail2ban uses"),
                phrase("nothing was changed: a new database takes a restart of fail2ban"),
                detail=f"{wanted}, {database}",
            )

    async def _apply(self, plan: ReloadPlan, stream: Stream) -> ReloadOutcome:
        problem = ""
        try:
            await self._client.reload([list(command) for command in stream])
        except Fail2BanCommandError as error:
            problem = error.message
        jails = tuple(sorted(await self._client.statistics()))
        missing = sorted(set(plan.jails) - set(jails))
        if problem or missing:
            raise OperationRefused(
                phrase("the reload failed, and {count} jails are missing", count=len(missing)),
                phrase("fail2ban's log says why; correct its configuration and restart it"),
                detail="\n".join([problem, ", ".join(missing)]).strip(),
            )
        return ReloadOutcome(self.host, jails)


def _refuse_first_notifier(stream: Stream, running: set[str]) -> None:
    backends = {str(command[1]): str(command[2]) for command in stream if command[0] == "add" and len(command) > 2}
    notifying = {jail for jail, backend in backends.items() if backend.partition("[")[0] in _MAY_NOTIFY}
    if notifying and not notifying & running:
        raise OperationRefused(
            phrase("this fail2ban may hang for good when it is reloaded with its first jail of this backend"),
            phrase("nothing was changed: restart fail2ban instead"),
            detail=", ".join(sorted(notifying)),
        )
