from __future__ import annotations

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.jail_settings import JAIL_SETTINGS, changeable_setting
from bangui.domain.setting_values import SettingKind


def test_every_setting_has_a_meaning_and_limits_where_it_has_numbers() -> None:
    for name, setting in JAIL_SETTINGS.items():
        assert setting.name == name
        assert setting.meaning
        if setting.is_changeable and setting.kind in {SettingKind.COUNT, SettingKind.DURATION}:
            assert 0 <= setting.least < setting.most, name


@pytest.mark.parametrize(
    "name",
    [
        "bantime.factor",
        "bantime.formula",
        "bantime.multipliers",
        "ignorecommand",
        "datepattern",
        "actionban",
        "",
        "idle",
    ],
)
def test_what_the_daemon_evaluates_or_runs_cannot_be_changed(name: str) -> None:
    with pytest.raises(InvalidInput):
        changeable_setting(name)


def test_a_setting_that_can_be_changed_is_found() -> None:
    assert changeable_setting("bantime") is JAIL_SETTINGS["bantime"]
