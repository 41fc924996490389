"""Jails in words, in the reader's language: settings and their values, and the addresses of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from bangui.domain.setting_values import JailSetting, SettingGroup, SettingKind, SettingValue
from bangui.web.language import LazyText, lazy
from bangui.web.language import gettext as _

JAILS_PATH = "/jails"
JAIL_PATH = "/jail"
RELOAD_PATH = "/jails/reload"
ALLOW_PATH = "/allow-list"
_BANS_PATH = "/bans"

SECTIONS: Mapping[SettingGroup, LazyText] = {
    SettingGroup.RULE: lazy("When it bans"),
    SettingGroup.GROWTH: lazy("Longer bans for repeated offenders"),
    SettingGroup.IGNORING: lazy("Whom it never bans"),
    SettingGroup.READING: lazy("How it reads its log"),
}


def jail_path(jail: str, **more: str) -> str:
    """Return the address of the page of a jail; its name may be anything, so it never stands in the path."""
    return f"{JAIL_PATH}?{_encoded(name=jail, **more)}"


def question_path(deed: str, jail: str) -> str:
    """Return the address of the page that asks before something is done to a jail."""
    return f"{JAIL_PATH}/{deed}?{_encoded(name=jail)}"


def bans_path(jail: str) -> str:
    """Return the address of the bans of a jail that are in force."""
    return f"{_BANS_PATH}?{_encoded(jail=jail)}"


def allow_path(jail: str) -> str:
    """Return the address of what a jail never bans."""
    return f"{ALLOW_PATH}?{_encoded(jail=jail)}"


def _encoded(**words: str) -> str:
    # A lone surrogate cannot travel in a URL.
    return urlencode({name: word for name, word in words.items() if word}, errors="replace")


def value_words(setting: JailSetting, value: SettingValue) -> str:
    """Return a value as its reader says it."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if value is None or value in ((), ""):
        return _("not set")
    if setting.kind is SettingKind.DURATION and setting.may_be_endless and isinstance(value, int) and value < 0:
        return _("for ever")
    return setting.in_words(value)


def typed_words(setting: JailSetting, value: SettingValue) -> str:
    """Return a value as somebody would type it into its field."""
    if setting.kind is not SettingKind.DURATION or value is None:
        return setting.written(value)
    return setting.in_words(value)
