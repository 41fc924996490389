"""Reload fail2ban's configuration, after a look at what that would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.services.jail_changes import JailChanges
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import access_of, gateway_of
from bangui.web.api.shapes import About
from bangui.web.site import Site

_TAG = "Jails"


@dataclass(frozen=True, slots=True)
class ReloadForecast:
    """What a reload would do; the configuration was read and tried for it."""

    kept: Annotated[tuple[str, ...], About("Jails that go on.", ("sshd",))]
    added: Annotated[tuple[str, ...], About("Jails that would start.", ())]
    removed: Annotated[tuple[str, ...], About("Jails that would stop, and whose bans would be lifted.", ())]
    late: Annotated[tuple[str, ...], About("Jails with a new action, which only a restart starts.", ())]
    jails: Annotated[tuple[str, ...], About("The jails that there would be.", ("sshd",))]


@dataclass(frozen=True, slots=True)
class ReloadWanted:
    """A reload, if it leads to these jails."""

    jails: Annotated[
        tuple[Annotated[str, About("The name of a jail.", "sshd")], ...],
        About("`jails` of the forecast that somebody has seen.", ("sshd",)),
    ]


@dataclass(frozen=True, slots=True)
class ReloadDone:
    """A reload that was made."""

    jails: Annotated[tuple[str, ...], About("The jails that there are now.", ("sshd",))]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that reload."""

    def changes() -> JailChanges:
        return JailChanges(gateway_of(site), access_of(site).trail)

    async def forecast(call: Call[Nothing, Nothing]) -> ReloadForecast:
        del call
        plan = await changes().plan_reload()
        return ReloadForecast(plan.kept, plan.added, plan.removed, plan.late, plan.jails)

    async def reload(call: Call[Nothing, ReloadWanted]) -> ReloadDone:
        return ReloadDone((await changes().reload(call.caller.actor, call.body.jails)).jails)

    text = "Refused where any of the configuration would fail, and where it leads to other jails by now."
    problems = ("refused", "daemon-away")
    return (
        Operation(
            "planReload",
            "GET",
            "/reload",
            _TAG,
            "Tell what a reload of fail2ban would do",
            Scope.CONFIGURE,
            forecast,
            problems=problems,
        ),
        Operation(
            "reload", "POST", "/reload", _TAG, "Reload fail2ban", Scope.CONFIGURE, reload, text=text, problems=problems
        ),
    )
