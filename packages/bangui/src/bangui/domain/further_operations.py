"""The operations that only a service asks for: everything about a jail, changes of jails and allow lists, reloads.

They stand apart from those that short commands ask, because each dataclass costs a start a quarter of a millisecond.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bangui.domain.operations import JailOperation, Operation

if TYPE_CHECKING:
    from bangui.domain.allow_list import AllowOutcome  # noqa: F401 - named below as text
    from bangui.domain.jail_details import ActionDetails, JailDetails  # noqa: F401
    from bangui.domain.outcomes import BanOutcome  # noqa: F401
    from bangui.domain.reloading import ReloadOutcome, ReloadPlan  # noqa: F401
    from bangui.domain.setting_values import SettingChange  # noqa: F401


class ReadJail(JailOperation["JailDetails"]):
    """Everything about a jail but what its actions run: some thirty cheap questions to the daemon."""

    __slots__ = ()


class ReadActions(JailOperation["tuple[ActionDetails, ...]"]):
    """What the actions of a jail run, which may hold passwords."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RenewIds(Operation["BanOutcome"]):
    """Ban ids in a jail, and let the bans of those that it bans already last as long as a new one would.

    Those keep their start, and are `ALREADY_BANNED` in the answer.
    """

    changes: ClassVar[bool] = True

    jail: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddAllowed(Operation["AllowOutcome"]):
    """Let a jail never ban entries by itself, until fail2ban is reloaded; bans that are in force stay."""

    changes: ClassVar[bool] = True

    jail: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveAllowed(Operation["AllowOutcome"]):
    """Take entries out of the allow list of a jail; those of its configuration are back when fail2ban is reloaded."""

    changes: ClassVar[bool] = True

    jail: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetJailValue(Operation["SettingChange"]):
    """Change a setting of a jail until fail2ban is restarted or reloaded; `value` as `JailSetting.written` has it."""

    changes: ClassVar[bool] = True

    jail: str
    setting: str
    value: str


class PauseJail(JailOperation[None]):
    """Let a jail neither read nor lift bans, until it is resumed, or fail2ban restarted or reloaded."""

    __slots__ = ()
    changes: ClassVar[bool] = True


class ResumeJail(JailOperation[None]):
    """Let a jail go on that was paused; no error where it was not."""

    __slots__ = ()
    changes: ClassVar[bool] = True


class StopJail(JailOperation[None]):
    """Stop a jail, which lifts its bans; only a reload or restart of fail2ban brings it back."""

    __slots__ = ()
    changes: ClassVar[bool] = True


class StartJail(JailOperation[None]):
    """Start a jail that the daemon has and that does not run; no error where it does."""

    __slots__ = ()
    changes: ClassVar[bool] = True


class PlanReload(Operation["ReloadPlan"]):
    """Read fail2ban's configuration, try it out apart from the daemon, and say what a reload would change."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Reload(Operation["ReloadOutcome"]):
    """Reload fail2ban's configuration, if that leads to these jails; refused where any of it would fail."""

    changes: ClassVar[bool] = True

    jails: tuple[str, ...]


FURTHER_OPERATIONS: Mapping[str, type[Operation[object]]] = {
    "read-jail": ReadJail,
    "read-actions": ReadActions,
    "renew-ids": RenewIds,
    "add-allowed": AddAllowed,
    "remove-allowed": RemoveAllowed,
    "set-jail-value": SetJailValue,
    "pause-jail": PauseJail,
    "resume-jail": ResumeJail,
    "stop-jail": StopJail,
    "start-jail": StartJail,
    "plan-reload": PlanReload,
    "reload": Reload,
}
