"""What is done, how and with which result, in words."""

from __future__ import annotations

from collections.abc import Mapping

from bangui.domain.accounts import Via
from bangui.domain.audit import AuditResult
from bangui.web.language import LazyTable, lazy, lazy_in

# By the word that the trail has for it.
ACTION_NAMES: Mapping[str, str] = LazyTable(
    {
        "ban.add": lazy("banned"),
        "ban.remove": lazy("unbanned"),
        "allow.add": lazy("allowed"),
        "allow.remove": lazy("no longer allowed"),
        "allow.expire": lazy("allowance ended"),
        "jail.set": lazy("setting changed"),
        "jail.idle": lazy("jail paused or resumed"),
        "jail.stop": lazy("jail stopped"),
        "jail.start": lazy("jail started"),
        "jail.reload": lazy("jail reloaded"),
        "login": lazy("login"),
        "logout": lazy("logout"),
        "setup": lazy("first account made"),
        "confirm": lazy("password asked for again"),
        "user.add": lazy("user added"),
        "user.remove": lazy("user removed"),
        "user.role": lazy("role changed"),
        "user.disable": lazy("user disabled"),
        "user.enable": lazy("user enabled"),
        "user.password": lazy("password changed"),
        "user.forgive": lazy("failed logins forgotten"),
        "codes.on": lazy("one-time codes on"),
        "codes.off": lazy("one-time codes off"),
        "codes.recovery": lazy("new recovery codes"),
        "session.end": lazy("session ended"),
        "api-token.add": lazy("API token made"),
        "api-token.remove": lazy("API token removed"),
        "settings.retention": lazy("retention changed"),
    }
)
# What can be chosen: one action, or all that begin alike.
ACTION_CHOICES: Mapping[str, str] = LazyTable(
    {
        "ban": lazy("Bans and unbans"),
        "allow": lazy("Allow list"),
        "jail": lazy("Jails"),
        "login": lazy("Logins"),
        "user": lazy("Users"),
        "codes": lazy("One-time codes"),
        "session": lazy("Sessions"),
        "api-token": lazy("API tokens"),
        "settings": lazy("Settings"),
    }
)
RESULT_NAMES: Mapping[AuditResult, str] = LazyTable(
    {
        AuditResult.DONE: lazy_in("result", "done"),
        AuditResult.REFUSED: lazy_in("result", "refused"),
        AuditResult.FAILED: lazy_in("result", "failed"),
    }
)
VIA_NAMES: Mapping[Via, str] = LazyTable(
    {
        Via.LOGIN: lazy("at the login"),
        Via.SESSION: lazy("in a browser"),
        Via.API: lazy("with an API token"),
        Via.PROXY: lazy("through a trusted proxy"),
        Via.SETUP: lazy("with the setup link"),
        Via.COMMAND: lazy("on the command line"),
        Via.SERVICE: lazy("by a rule, without being asked"),
    }
)


def action_name(action: str) -> str:
    """Return what an action is called; one that this version does not know is named as the trail has it."""
    return ACTION_NAMES.get(action, action)
