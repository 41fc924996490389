"""Every setting of a jail, and which of them a person may change while fail2ban runs.

A change at run time lasts until fail2ban is restarted or reloaded, and no longer. Never changed here is what the daemon
evaluates as an expression, as root (the factor, the formula and the multipliers of growing bans), what it runs
(`ignorecommand`), and what it takes without a look at it (`datepattern`).
"""

from __future__ import annotations

from collections.abc import Mapping

from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase
from bangui.domain.setting_values import JailSetting, SettingGroup, SettingKind

_LONGEST = 100 * 31_557_600
_RULE, _GROWTH = SettingGroup.RULE, SettingGroup.GROWTH
_IGNORING, _READING = SettingGroup.IGNORING, SettingGroup.READING
_DURATION, _COUNT, _SWITCH_KIND, _TEXT = (
    SettingKind.DURATION,
    SettingKind.COUNT,
    SettingKind.SWITCH,
    SettingKind.TEXT,
)

_ALL = (
    JailSetting(
        "maxretry",
        _COUNT,
        _RULE,
        phrase("so many failures of one address within the find time lead to a ban"),
        least=1,
        most=100_000,
    ),
    JailSetting(
        "findtime",
        _DURATION,
        _RULE,
        phrase("failures further apart than this do not count together"),
        least=1,
        most=_LONGEST,
    ),
    JailSetting(
        "bantime",
        _DURATION,
        _RULE,
        phrase("so long a new ban lasts; bans that are in force keep their end"),
        least=1,
        most=_LONGEST,
        may_be_endless=True,
    ),
    JailSetting(
        "bantime.increment",
        _SWITCH_KIND,
        _GROWTH,
        phrase("whoever is banned again is banned for longer each time; needs fail2ban's database"),
    ),
    JailSetting(
        "bantime.maxtime",
        _DURATION,
        _GROWTH,
        phrase("a growing ban gets no longer than this"),
        least=1,
        most=_LONGEST,
        may_be_unset=True,
    ),
    JailSetting(
        "bantime.rndtime",
        _DURATION,
        _GROWTH,
        phrase("up to so much is added at random, so that nobody can tell when a ban ends"),
        least=0,
        most=_LONGEST,
        may_be_unset=True,
    ),
    JailSetting("bantime.overalljails", _SWITCH_KIND, _GROWTH, phrase("earlier bans in other jails count as well")),
    JailSetting(
        "bantime.factor", _TEXT, _GROWTH, phrase("growing ban times are multiplied by this"), is_changeable=False
    ),
    JailSetting(
        "bantime.formula",
        _TEXT,
        _GROWTH,
        phrase("how a ban time grows; without a formula it doubles each time"),
        is_changeable=False,
    ),
    JailSetting(
        "bantime.multipliers",
        _TEXT,
        _GROWTH,
        phrase("by how much the ban time is multiplied at the first, the second and each later ban"),
        is_changeable=False,
    ),
    JailSetting("ignoreself", _SWITCH_KIND, _IGNORING, phrase("this machine's own addresses are never banned")),
    # Entries of the allow list are added and removed one by one, with notes: `bangui.domain.allow_list`.
    JailSetting(
        "ignoreip",
        SettingKind.LIST,
        _IGNORING,
        phrase("these addresses, networks and names are never banned by the jail itself"),
        is_changeable=False,
    ),
    JailSetting(
        "ignorecommand",
        _TEXT,
        _IGNORING,
        phrase("whom this command accepts is not banned; it runs as root at each failure"),
        is_changeable=False,
        is_private=True,
    ),
    JailSetting(
        "ignorecache",
        _TEXT,
        _IGNORING,
        phrase("for how long the answers of that command are remembered, and how many"),
        is_changeable=False,
    ),
    JailSetting(
        "usedns",
        SettingKind.CHOICE,
        _READING,
        phrase("whether host names in the log are looked up: yes, with a warning, no, or taken as they are (raw)"),
        choices=("yes", "warn", "no", "raw"),
    ),
    JailSetting(
        "maxmatches",
        _COUNT,
        _READING,
        phrase("so many log lines are kept with each address"),
        least=0,
        most=10_000,
    ),
    JailSetting("logencoding", _TEXT, _READING, phrase("the encoding of the log files")),
    JailSetting(
        "logtimezone", _TEXT, _READING, phrase("the zone of times in the log that name none, such as UTC+0200")
    ),
    # The first only counts for expressions that are added afterwards; the second the daemon takes without a look.
    JailSetting(
        "maxlines",
        _COUNT,
        _READING,
        phrase("over so many lines of the log an expression may reach"),
        is_changeable=False,
    ),
    JailSetting("datepattern", _TEXT, _READING, phrase("how times are found in the log"), is_changeable=False),
)
JAIL_SETTINGS: Mapping[str, JailSetting] = {setting.name: setting for setting in _ALL}
"""Every setting by its name, in the order in which they are shown."""


def changeable_setting(name: str) -> JailSetting:
    """Return the setting of that name, or raise `InvalidInput` where there is none that can be changed here."""
    setting = JAIL_SETTINGS.get(name)
    if setting is None:
        raise InvalidInput(phrase("a jail has no setting named {name!r}", name=name))
    if not setting.is_changeable:
        raise InvalidInput(
            phrase("{name} cannot be changed here", name=name), phrase("change it in fail2ban's configuration")
        )
    return setting
