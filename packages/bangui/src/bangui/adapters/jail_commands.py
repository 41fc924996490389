"""One jail over the socket: all that the daemon tells about it, and changes of its settings and its life.

What a daemon has is found out by asking: a setting that it does not know, or answers nonsense for (a bad text stays
stored after a change that failed), is left out, and the rest still shown. Values are checked here again, because an
operation may have come from anywhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, cast

from aiofail2ban import Fail2BanProtocolError, InvalidCommandError, Jail, UseDns
from bangui.domain.errors import InvalidInput
from bangui.domain.jail_details import ActionDetails, JailDetails, JailFilter
from bangui.domain.jail_settings import changeable_setting
from bangui.domain.jails import JailCounters, JailRule
from bangui.domain.phrases import phrase
from bangui.domain.setting_values import JailSetting, SettingChange, SettingValue

if TYPE_CHECKING:
    from aiofail2ban import ServerCommands

# A jail has a handful; these keep a strange daemon from filling a page.
_MOST_ACTIONS = 50
_LONGEST_COMMAND = 20_000

_COMMANDS = (
    "actionstart",
    "actioncheck",
    "actionban",
    "actionprolong",
    "actionreban",
    "actionunban",
    "actionflush",
    "actionreload",
    "actionrepair",
    "actionstop",
)


async def _multipliers(jail: Jail) -> str:
    return " ".join(map(str, await jail.get_bantime_multipliers()))


async def _ignore_cache(jail: Jail) -> str:
    cache = await jail.get_ignorecache()
    return f"{cache.key}, {cache.max_count}, {cache.max_time:g} s" if cache else ""


async def _date_pattern(jail: Jail) -> str:
    pattern = await jail.get_datepattern()
    return (pattern.pattern or pattern.name) if pattern else ""


_READERS: Mapping[str, Callable[[Jail], Awaitable[SettingValue]]] = {
    "maxretry": Jail.get_maxretry,
    "findtime": Jail.get_findtime,
    "bantime": Jail.get_bantime,
    "bantime.increment": Jail.get_bantime_increment,
    "bantime.maxtime": Jail.get_bantime_maxtime,
    "bantime.rndtime": Jail.get_bantime_rndtime,
    "bantime.overalljails": Jail.get_bantime_overalljails,
    "bantime.factor": Jail.get_bantime_factor,
    "bantime.formula": Jail.get_bantime_formula,
    "bantime.multipliers": _multipliers,
    "ignoreself": Jail.get_ignoreself,
    "ignoreip": Jail.get_ignoreip,
    "ignorecommand": Jail.get_ignorecommand,
    "ignorecache": _ignore_cache,
    "usedns": Jail.get_usedns,
    "maxmatches": Jail.get_maxmatches,
    "logencoding": Jail.get_logencoding,
    "logtimezone": Jail.get_logtimezone,
    "maxlines": Jail.get_maxlines,
    "datepattern": _date_pattern,
}


async def _set_usedns(jail: Jail, mode: str) -> str:
    return await jail.set_usedns(cast("UseDns", mode))


_SWITCHES: Mapping[str, Callable[[Jail, bool], Awaitable[object]]] = {
    "bantime.increment": Jail.set_bantime_increment,
    "bantime.overalljails": Jail.set_bantime_overalljails,
    "ignoreself": Jail.set_ignoreself,
}
_NUMBERS: Mapping[str, Callable[[Jail, int], Awaitable[object]]] = {
    "maxretry": Jail.set_maxretry,
    "findtime": Jail.set_findtime,
    "bantime": Jail.set_bantime,
    "maxmatches": Jail.set_maxmatches,
}
_LIMITS: Mapping[str, Callable[[Jail, int | None], Awaitable[object]]] = {
    "bantime.maxtime": Jail.set_bantime_maxtime,
    "bantime.rndtime": Jail.set_bantime_rndtime,
}
_WORDS: Mapping[str, Callable[[Jail, str], Awaitable[object]]] = {
    "usedns": _set_usedns,
    "logencoding": Jail.set_logencoding,
    "logtimezone": Jail.set_logtimezone,
}


async def read_jail(commands: ServerCommands, host: str, name: str) -> JailDetails:
    """Return everything about a jail but what its actions run."""
    jail = commands.jail(name)
    status = await jail.short_status()
    statistics = (await commands.statistics()).get(name)
    bantime = await jail.get_bantime()
    return JailDetails(
        rule=JailRule(
            host,
            name,
            await jail.get_maxretry(),
            await jail.get_findtime(),
            None if bantime < 0 else bantime,
            await jail.get_bantime_increment(),
        ),
        counters=JailCounters(
            host, name, status.currently_failed, status.total_failed, status.currently_banned, status.total_banned
        ),
        backend=statistics.backend if statistics else None,
        log_paths=status.log_paths,
        journal_matches=status.journal_matches,
        filter=JailFilter(await jail.get_prefregex(), await jail.get_failregex(), await jail.get_ignoreregex()),
        values=await _read_values(jail),
        actions=await jail.actions(),
    )


async def _read_values(jail: Jail) -> dict[str, SettingValue]:
    values: dict[str, SettingValue] = {}
    for name, read in _READERS.items():
        try:
            values[name] = await read(jail)
        except (InvalidCommandError, Fail2BanProtocolError):
            continue
    return values


async def read_actions(jail: Jail) -> tuple[ActionDetails, ...]:
    """Return what the actions of a jail run."""
    return tuple([await _read_action(jail, name) for name in (await jail.actions())[:_MOST_ACTIONS]])


async def _read_action(jail: Jail, name: str) -> ActionDetails:
    action = jail.action(name)
    properties = await action.properties()
    commands = []
    for property in _COMMANDS:
        text = await action.get(property) if property in properties else None
        if isinstance(text, str) and text.strip():
            commands.append((property, text.strip()[:_LONGEST_COMMAND]))
    timeout = await action.get("timeout") if "timeout" in properties else None
    return ActionDetails(name, tuple(commands), timeout if isinstance(timeout, int | float) else None)


async def set_value(jail: Jail, host: str, name: str, written: str) -> SettingChange:
    """Change a setting, and return what it was and what it is."""
    setting = changeable_setting(name)
    value = setting.read(written)
    before = await _READERS[name](jail)
    await _write(jail, setting, value)
    return SettingChange(host, jail.name, setting, before, await _READERS[name](jail))


async def _write(jail: Jail, setting: JailSetting, value: SettingValue) -> None:
    match value:
        case bool() if setting.name in _SWITCHES:
            await _SWITCHES[setting.name](jail, value)
        case int() if setting.name in _NUMBERS:
            await _NUMBERS[setting.name](jail, value)
        case int() | None if setting.name in _LIMITS:
            await _LIMITS[setting.name](jail, value)
        case str() if setting.name in _WORDS:
            await _WORDS[setting.name](jail, value)
        case _:
            raise InvalidInput(phrase("{name} cannot be {value}", name=setting.name, value=setting.in_words(value)))
