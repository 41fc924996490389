"""The settings that a jail had at a moment, as the one phrase that explains its bans."""

from __future__ import annotations

from bangui.domain.history import PERMANENT, JailSettings
from bangui.domain.jails import JailRule


def rule_in_words(settings: JailSettings | None) -> str:
    """Return `5 failures within 10m: banned for 1h`; the plain values where they are no rule, empty for no settings."""
    if settings is None:
        return ""
    values = settings.values
    try:
        ban_time = int(values["bantime"])
        return JailRule(
            settings.host,
            settings.jail,
            int(values["maxretry"]),
            float(values["findtime"]),
            None if ban_time <= PERMANENT else ban_time,
            values.get("bantime.increment") == "true",
        ).in_words()
    except (KeyError, ValueError, OverflowError):
        return ", ".join(f"{name} {value}" for name, value in values.items())
