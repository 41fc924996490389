"""Use cases that change a jail while fail2ban runs, each with its entry in the audit trail.

Nothing of this outlives a restart or a reload of fail2ban, which read the configuration again. The daemon does not tell
whether a jail is paused, so the audit trail is asked for what was done here since it started; what others do, nobody
knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from bangui.domain.accounts import Actor
from bangui.domain.audit import AuditEntry, AuditFilter, AuditResult
from bangui.domain.errors import BanGUIError
from bangui.domain.further_operations import (
    PauseJail,
    PlanReload,
    Reload,
    ResumeJail,
    SetJailValue,
    StartJail,
    StopJail,
)
from bangui.domain.gateway import Gateway
from bangui.domain.jail_settings import changeable_setting
from bangui.domain.moments import milliseconds_of
from bangui.domain.operations import Operation, ReadStart
from bangui.domain.reloading import ReloadOutcome, ReloadPlan
from bangui.domain.setting_values import SettingChange
from bangui.services.audit import AuditTrail
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.jails import require_jail

R = TypeVar("R")

_ON, _OFF = "on", "off"
_OF_JAILS = "jail"
_MOST_ENTRIES = 500


class JailDeed(Enum):
    """What is done with jails, as the audit trail names it."""

    SET = "jail.set"
    IDLE = "jail.idle"
    STOP = "jail.stop"
    START = "jail.start"
    RELOAD = "jail.reload"


class JailChanges:
    """Changes of the jails of one host."""

    def __init__(self, gateway: Gateway, trail: AuditTrail, now: Now = unix_milliseconds) -> None:
        self._gateway = gateway
        self._trail = trail
        self._now = now

    async def set_value(self, actor: Actor, jail: str, name: str, typed: str) -> SettingChange:
        """Change a setting to what somebody typed; raises `InvalidInput` where it makes no sense."""
        setting = changeable_setting(name)
        value = setting.read(typed)
        asked = f"{name}: {setting.in_words(value)}"
        change = await self._perform(SetJailValue(jail, name, setting.written(value)), actor, JailDeed.SET, jail, asked)
        words = f"{name}: {setting.in_words(change.before)} -> {setting.in_words(change.after)}"
        await self._record(actor, JailDeed.SET, jail, words)
        return change

    async def pause(self, actor: Actor, jail: str) -> None:
        """Let a jail neither read its log nor lift bans."""
        await self._perform(PauseJail(jail), actor, JailDeed.IDLE, jail, _ON)
        await self._record(actor, JailDeed.IDLE, jail, _ON)

    async def resume(self, actor: Actor, jail: str) -> None:
        """Let a jail go on."""
        await self._perform(ResumeJail(jail), actor, JailDeed.IDLE, jail, _OFF)
        await self._record(actor, JailDeed.IDLE, jail, _OFF)

    async def stop(self, actor: Actor, jail: str) -> int:
        """Stop a jail, and return how many bans it had, which are lifted with it."""
        bans = (await require_jail(self._gateway, jail)).currently_banned
        await self._perform(StopJail(jail), actor, JailDeed.STOP, jail, "")
        await self._record(actor, JailDeed.STOP, jail, f"bans lifted: {bans}")
        return bans

    async def start(self, actor: Actor, jail: str) -> None:
        """Start a jail that the daemon has."""
        await self._perform(StartJail(jail), actor, JailDeed.START, jail, "")
        await self._record(actor, JailDeed.START, jail, "")

    async def plan_reload(self) -> ReloadPlan:
        """Return what a reload of fail2ban's configuration would do; raises `OperationRefused` where it would fail."""
        return await self._gateway.perform(PlanReload())

    async def reload(self, actor: Actor, jails: tuple[str, ...]) -> ReloadOutcome:
        """Reload fail2ban's configuration, if that leads to the jails that somebody has seen in a plan."""
        outcome = await self._perform(Reload(jails), actor, JailDeed.RELOAD, "", "")
        await self._record(actor, JailDeed.RELOAD, "", f"jails: {len(outcome.jails)}")
        return outcome

    async def paused(self) -> Mapping[str, int]:
        """Return the jails that were paused here and not set going since, with the times of it (Unix milliseconds)."""
        started = await self._gateway.perform(ReadStart())
        since = None if started is None else milliseconds_of(started)
        only = AuditFilter(since=since, action=_OF_JAILS, result=AuditResult.DONE, host=self._gateway.host)
        paused: dict[str, int] = {}
        for recorded in reversed((await self._trail.page(only, _MOST_ENTRIES)).entries):
            entry = recorded.entry
            if entry.action == JailDeed.IDLE.value and entry.detail == _ON:
                paused[entry.target] = entry.time
            elif entry.action == JailDeed.RELOAD.value:
                paused.clear()
            elif entry.action != JailDeed.SET.value:
                paused.pop(entry.target, None)
        return paused

    async def _perform(self, operation: Operation[R], actor: Actor, deed: JailDeed, jail: str, asked: str) -> R:
        try:
            return await self._gateway.perform(operation)
        except BanGUIError as error:
            detail = f"{asked}: {error.message}" if asked else error.message
            await self._record(actor, deed, jail, detail, AuditResult.FAILED)
            raise

    async def _record(
        self, actor: Actor, deed: JailDeed, jail: str, detail: str, result: AuditResult = AuditResult.DONE
    ) -> None:
        entry = AuditEntry(
            self._now(), actor.name, actor.via, actor.address, deed.value, jail, result, detail, self._gateway.host
        )
        await self._trail.record(entry)
