"""Settings of a jail, and changes of it while fail2ban runs; none outlives a restart or a reload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.further_operations import ReadJail
from bangui.domain.jail_details import JailDetails
from bangui.domain.jail_settings import JAIL_SETTINGS, changeable_setting
from bangui.domain.setting_values import SettingKind, SettingValue
from bangui.services.jail_changes import JailChanges
from bangui.web.api.jail_keys import LONGEST_KEY, parse_jail_key
from bangui.web.api.jails import JailPath
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import access_of, gateway_of
from bangui.web.api.shapes import About
from bangui.web.site import Site

_TAG = "Jails"
_LONGEST_VALUE = 60


def parse_setting(text: str) -> str:
    """Return the name of a setting that can be changed, or raise `InvalidInput`."""
    return changeable_setting(text).name


@dataclass(frozen=True, slots=True)
class JailSettingValue:
    """One setting of a jail."""

    name: Annotated[str, About("Its name in fail2ban.", "bantime")]
    kind: Annotated[SettingKind, About("What it is.", "duration")]
    value: Annotated[str | None, About("Its value, as it can be sent back; null where nothing is set.", "3600")]
    words: Annotated[str, About("The same for people.", "1h")]
    meaning: Annotated[str, About("What it does.", "so long a new ban lasts")]
    is_changeable: Annotated[bool, About("Whether it can be changed here.", example=True)]


@dataclass(frozen=True, slots=True)
class JailSettingList:
    """How a jail is set, and what it reads."""

    items: tuple[JailSettingValue, ...]
    next: Annotated[str | None, About("Always null.", None)]
    backend: Annotated[str | None, About("How it reads.", "systemd")]
    log_paths: Annotated[tuple[str, ...], About("The log files that it reads.", ("/var/log/auth.log",))]
    journal_matches: Annotated[tuple[str, ...], About("Or what of the journal.", ())]
    failures: Annotated[tuple[str, ...], About("Expressions of what it takes for a failure.", ("^Failed password",))]
    actions: Annotated[tuple[str, ...], About("Names of its actions.", ("nftables-multiport",))]


@dataclass(frozen=True, slots=True)
class JailSettingPath:
    """Which setting of which jail."""

    jail: Annotated[str, About("The `key` of a jail.", "sshd", longest=LONGEST_KEY, reads=parse_jail_key)]
    setting: Annotated[str, About("The name of a setting that can be changed.", "bantime", reads=parse_setting)]


@dataclass(frozen=True, slots=True)
class NewSetting:
    """What a setting is to be."""

    value: Annotated[
        str, About("The value: seconds or `1h 30m`, a number, `on` or `off`.", "2h", longest=_LONGEST_VALUE)
    ]


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A setting that was changed, until fail2ban is restarted or reloaded."""

    before: Annotated[str | None, About("What it was.", "3600")]
    after: Annotated[str | None, About("What it is now.", "7200")]


@dataclass(frozen=True, slots=True)
class JailStopped:
    """A jail that was stopped."""

    lifted: Annotated[int, About("How many bans were lifted with it.", 17)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that look at settings of jails, and those that change jails."""
    problems = ("unknown-jail", "refused", "daemon-away")
    look = Operation(
        "listJailSettings",
        "GET",
        "/jails/{jail}/settings",
        _TAG,
        "Tell how a jail is set",
        Scope.READ,
        _Changes(site).settings,
        problems=problems,
    )
    change = Operation(
        "changeJailSetting",
        "PUT",
        "/jails/{jail}/settings/{setting}",
        _TAG,
        "Change a setting of a jail",
        Scope.CONFIGURE,
        _Changes(site).change,
        text="Until fail2ban is restarted or reloaded.",
        problems=problems,
    )
    return (look, change, *_deeds(_Changes(site), problems))


def _deeds(changes: _Changes, problems: tuple[str, ...]) -> tuple[Operation, ...]:
    deeds = (
        ("pauseJail", "pause", "Let a jail neither read its log nor lift bans", changes.pause),
        ("resumeJail", "resume", "Let a paused jail go on", changes.resume),
        ("startJail", "start", "Start a jail that the daemon has", changes.start),
    )
    stop = Operation(
        "stopJail",
        "POST",
        "/jails/{jail}/stop",
        _TAG,
        "Stop a jail, which lifts its bans",
        Scope.CONFIGURE,
        changes.stop,
        problems=problems,
    )
    plain = tuple(
        Operation(
            name,
            "POST",
            f"/jails/{{jail}}/{verb}",
            _TAG,
            summary,
            Scope.CONFIGURE,
            answer,
            status=204,
            problems=problems,
        )
        for name, verb, summary, answer in deeds
    )
    return (*plain, stop)


class _Changes:
    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def _jails(self) -> JailChanges:
        return JailChanges(gateway_of(self._site), access_of(self._site).trail)

    async def settings(self, call: Call[JailPath, Nothing]) -> JailSettingList:
        """Tell how a jail is set; what may hold a password only to those who may change it."""
        details = await gateway_of(self._site).perform(ReadJail(call.asked.jail))
        return _settings(details, is_open=call.caller.may(Scope.CONFIGURE))

    async def change(self, call: Call[JailSettingPath, NewSetting]) -> SettingChanged:
        """Change a setting."""
        asked = call.asked
        change = await self._jails.set_value(call.caller.actor, asked.jail, asked.setting, call.body.value)
        return SettingChanged(_written(asked.setting, change.before), _written(asked.setting, change.after))

    async def pause(self, call: Call[JailPath, Nothing]) -> Nothing:
        """Pause a jail."""
        await self._jails.pause(call.caller.actor, call.asked.jail)
        return Nothing()

    async def resume(self, call: Call[JailPath, Nothing]) -> Nothing:
        """Let a jail go on."""
        await self._jails.resume(call.caller.actor, call.asked.jail)
        return Nothing()

    async def start(self, call: Call[JailPath, Nothing]) -> Nothing:
        """Start a jail."""
        await self._jails.start(call.caller.actor, call.asked.jail)
        return Nothing()

    async def stop(self, call: Call[JailPath, Nothing]) -> JailStopped:
        """Stop a jail."""
        return JailStopped(await self._jails.stop(call.caller.actor, call.asked.jail))


def _settings(details: JailDetails, *, is_open: bool) -> JailSettingList:
    items = []
    for name, setting in JAIL_SETTINGS.items():
        if name in details.values and (is_open or not setting.is_private):
            value = details.values[name]
            items.append(
                JailSettingValue(
                    name,
                    setting.kind,
                    _written(name, value),
                    setting.in_words(value),
                    str(setting.meaning),
                    setting.is_changeable,
                )
            )
    return JailSettingList(
        tuple(items),
        None,
        details.backend,
        details.log_paths,
        details.journal_matches,
        details.filter.failures,
        details.actions,
    )


def _written(name: str, value: SettingValue) -> str | None:
    return None if value is None else JAIL_SETTINGS[name].written(value)
