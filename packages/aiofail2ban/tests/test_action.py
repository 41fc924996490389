from __future__ import annotations

from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient, Fail2BanCommandError, InvalidValueError, RemoteClass, RemoteObject
from aiofail2ban.action import Action
from aiofail2ban.jail import Jail

pytestmark = pytest.mark.daemon


async def test_a_property_is_set_and_read(action: Action) -> None:
    assert await action.set("actionban", "echo <ip>") == "echo <ip>"
    assert await action.get("actionban") == "echo <ip>"
    assert await action.set("of_my_own", 5) == 5
    assert "of_my_own" in await action.properties()
    await action.set_many({"actionban": "true", "of_my_own": ["a"]})
    assert (await action.get("actionban"), await action.get("of_my_own")) == ("true", ["a"])


async def test_every_property_can_be_read_also_a_compiled_pattern(action: Action) -> None:
    values = {name: await action.get(name) for name in await action.properties()}
    assert values["timeout"] == 60
    patterns = {name: value for name, value in values.items() if isinstance(value, RemoteObject)}
    assert "ESCAPE_CRE" in patterns
    for pattern in patterns.values():
        assert (pattern.module, pattern.name) == ("re", "_compile")
        assert tuple(map(type, pattern.args)) == (str, int)


async def test_the_class_of_an_action_is_a_stand_in(client: Fail2BanClient, action: Action) -> None:
    reply = await client.send(["get", action.jail_name, "action", action.name, "__class__"])
    assert reply == (0, RemoteClass("fail2ban.server.action", "CommandAction"))


async def test_the_time_out_is_in_seconds_whatever_way_it_is_set(action: Action) -> None:
    assert await action.get_timeout() == 60
    assert await action.set_timeout("1m 30s") == 90
    assert await action.set("timeout", "2m") == 120
    await action.set_many({"timeout": "3m"})
    assert await action.get_timeout() == 180
    for timeout in ("__import__('os')", "0", 0):
        with pytest.raises(ValueError):  # noqa: PT011 - each says something else
            await action.set("timeout", timeout)


async def test_a_method_is_called_with_named_arguments(action: Action, tmp_path: Path) -> None:
    assert "executeCmd" in await action.methods()
    file = tmp_path / "made"
    assert await action.call("executeCmd", {"realCmd": f"touch {file}", "timeout": "5s"}) is True
    assert file.exists()


async def test_a_method_is_never_called_or_replaced_by_mistake(action: Action) -> None:
    with pytest.raises(ValueError, match="is a method"):
        await action.set("executeCmd", '{"realCmd": "true"}')
    with pytest.raises(ValueError, match="is a method"):
        await action.set_many({"flush": "x"})
    with pytest.raises(ValueError, match="has no method"):
        await action.call("actionban")
    with pytest.raises(ValueError, match="daemon's own"):
        await action.call("__setattr__", {"name": "timeout", "value": "1"})
    assert await action.get("actionban") == ""


async def test_what_a_method_raises_comes_back_with_its_class(jail: Jail, tmp_path: Path) -> None:
    path = tmp_path / "failing.py"
    path.write_text(
        "from fail2ban.server.action import ActionBase\n"
        "class Action(ActionBase):\n"
        "    def fail(self):\n"
        "        raise RuntimeError('failed on purpose')\n",
        encoding="utf-8",
    )
    action = await jail.add_action("failing", str(path))
    with pytest.raises(Fail2BanCommandError, match="failed on purpose") as caught:
        await action.call("fail")
    assert caught.value.error_class == "RuntimeError"
    with pytest.raises(InvalidValueError):
        await action.get_timeout()


async def test_an_unknown_action_or_property_is_an_invalid_value(jail: Jail, action: Action) -> None:
    with pytest.raises(InvalidValueError, match="nosuch"):
        await action.get("nosuch")
    with pytest.raises(InvalidValueError, match="nobody"):
        await jail.action("nobody").get("actionban")
    with pytest.raises(InvalidValueError, match="nobody"):
        await jail.action("nobody").set("actionban", "true")
