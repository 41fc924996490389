"""What the host in memory does with operations on one jail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bangui.domain.errors import OperationRefused, UnknownJail
from bangui.domain.further_operations import (
    PauseJail,
    PlanReload,
    ReadActions,
    ReadJail,
    Reload,
    ResumeJail,
    SetJailValue,
    StartJail,
    StopJail,
)
from bangui.domain.jail_details import ActionDetails, JailDetails, JailFilter
from bangui.domain.jail_settings import JAIL_SETTINGS, changeable_setting
from bangui.domain.jails import JailCounters, JailRule
from bangui.domain.operations import JailOperation
from bangui.domain.reloading import ReloadOutcome, ReloadPlan
from bangui.domain.setting_values import SettingChange, SettingKind, SettingValue

if TYPE_CHECKING:
    from packages.bangui.tests.memory import MemoryGateway, MemoryJail


def jail_handlers(gateway: MemoryGateway) -> Mapping[type[Any], Callable[[Any], object]]:
    """Return who performs which operation."""
    return {
        ReadJail: lambda operation: _details(gateway, operation.jail),
        ReadActions: lambda operation: _actions(gateway, operation.jail),
        SetJailValue: lambda operation: _set_value(gateway, operation),
        PauseJail: lambda operation: _pause(gateway, operation, True),
        ResumeJail: lambda operation: _pause(gateway, operation, False),
        StartJail: lambda operation: _pause(gateway, operation, False),
        StopJail: lambda operation: _stop(gateway, operation.jail),
        PlanReload: lambda _: _plan(gateway),
        Reload: lambda operation: _reload(gateway, operation.jails),
    }


def _jail(gateway: MemoryGateway, name: str) -> MemoryJail:
    if name not in gateway.jails:
        raise UnknownJail(name)
    return gateway.jails[name]


def _values(jail: MemoryJail) -> dict[str, SettingValue]:
    of_kind: dict[SettingKind, SettingValue] = {SettingKind.SWITCH: False, SettingKind.COUNT: 1, SettingKind.TEXT: ""}
    return {name: of_kind.get(setting.kind) for name, setting in JAIL_SETTINGS.items()} | {
        "maxretry": jail.max_retry,
        "findtime": jail.find_time,
        "bantime": -1 if jail.ban_time is None else jail.ban_time,
        "bantime.increment": jail.grows,
        "ignoreself": jail.allows_own_addresses,
        "ignoreip": jail.allowed,
        "usedns": "warn",
        "logencoding": "UTF-8",
        **jail.values,
    }


def _details(gateway: MemoryGateway, name: str) -> JailDetails:
    jail = _jail(gateway, name)
    return JailDetails(
        rule=JailRule(gateway.host, name, jail.max_retry, jail.find_time, jail.ban_time, jail.grows),
        counters=JailCounters(
            gateway.host, name, jail.currently_failed, jail.total_failed, len(jail.bans), jail.total_banned
        ),
        backend="polling",
        log_paths=("/var/log/auth.log",),
        journal_matches=(),
        filter=JailFilter("", ("^refused (?P<host>\\S+)$",), ()),
        values=_values(jail),
        actions=("nftables",),
    )


def _actions(gateway: MemoryGateway, name: str) -> tuple[ActionDetails, ...]:
    _jail(gateway, name)
    return (ActionDetails("nftables", (("actionban", "nft add element <ip>"),), 60),)


def _set_value(gateway: MemoryGateway, operation: SetJailValue) -> SettingChange:
    setting = changeable_setting(operation.setting)
    value = setting.read(operation.value)
    jail = _jail(gateway, operation.jail)
    before = _values(jail)[setting.name]
    match setting.name, value:
        case "maxretry", int(count):
            jail.max_retry = count
        case "findtime", int(seconds):
            jail.find_time = seconds
        case "bantime", int(seconds):
            jail.ban_time = None if seconds < 0 else seconds
        case "bantime.increment", bool(is_on):
            jail.grows = is_on
        case "ignoreself", bool(is_on):
            jail.allows_own_addresses = is_on
        case _:
            jail.values[setting.name] = value
    return SettingChange(gateway.host, operation.jail, setting, before, value)


def _pause(gateway: MemoryGateway, operation: JailOperation[None], is_paused: bool) -> None:
    _jail(gateway, operation.jail).is_paused = is_paused


def _stop(gateway: MemoryGateway, name: str) -> None:
    _jail(gateway, name)
    del gateway.jails[name]


def _plan(gateway: MemoryGateway) -> ReloadPlan:
    if gateway.configured is None:
        raise OperationRefused("the configuration is wrong", "correct it", detail="set sshd bantime 10x: no time")
    now, wanted = set(gateway.jails), set(gateway.configured)
    return ReloadPlan(
        gateway.host, tuple(sorted(now & wanted)), tuple(sorted(wanted - now)), tuple(sorted(now - wanted))
    )


def _reload(gateway: MemoryGateway, expected: tuple[str, ...]) -> ReloadOutcome:
    plan = _plan(gateway)
    if plan.jails != expected or gateway.configured is None:
        raise OperationRefused("the configuration has changed")
    gateway.jails = {name: gateway.configured[name] for name in plan.jails}
    return ReloadOutcome(gateway.host, plan.jails)
