"""One action of a jail: what it runs when somebody is banned or unbanned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ._capabilities import Executor
from ._commands import actions
from .types import Duration


class Action:
    """A handle to the action `name` of the jail `jail_name`; made by `Jail.action`, and nothing is sent to make it.

    Whoever may change an action may run anything as root: its properties are shell commands, and its methods can
    be called. Never pass on what came from a stranger. Nothing set here is saved; the next reload overwrites it.

    Methods raise `UnknownJailError`, and `InvalidValueError` when the jail has no such action.
    """

    def __init__(self, executor: Executor, jail_name: str, name: str) -> None:
        self._executor = executor
        self.jail_name = jail_name
        self.name = name

    async def get(self, property: str) -> object:
        """Return a property such as `actionban`, as the daemon has it: a text, a number, a list ...

        A compiled regular expression, such as `ESCAPE_CRE`, comes as `RemoteObject("re", "_compile", (text, flags))`.
        Raises `InvalidValueError` when there is none of that name, and `ValueError` for a name that begins with `_`.
        All versions.
        """
        return await self._executor.execute(actions.get_property(self.jail_name, self.name, property))

    async def set(self, property: str, value: object) -> object:
        """Set a property and return its new value; one that does not exist is made.

        `timeout` takes whole seconds or a text such as `1m`, like `set_timeout`. Raises `ValueError` for the name of a
        method, which the daemon would call. All versions.
        """
        command = actions.set_property(self.jail_name, self.name, property, value)
        await self._refuse_methods([property])
        return await self._executor.execute(command)

    async def set_many(self, properties: Mapping[str, object]) -> None:
        """Set several properties in one command, in their order, as `set` does. Since 0.10.0."""
        command = actions.set_properties(self.jail_name, self.name, properties)
        await self._refuse_methods(properties)
        await self._executor.execute(command)

    async def get_timeout(self) -> float:
        """Return how many seconds one command of the action may take; it is killed then, and tried once more.

        Raises `InvalidValueError` for an action in Python that has no such property. All versions.
        """
        return await self._executor.execute(actions.get_timeout(self.jail_name, self.name))

    async def set_timeout(self, duration: Duration) -> float:
        """Set how long one command of the action may take, in seconds or as a text such as `1m`. All versions."""
        return await self._executor.execute(actions.set_timeout(self.jail_name, self.name, duration))

    async def properties(self) -> tuple[str, ...]:
        """Return the names of all properties. Since 0.9.0."""
        return await self._executor.execute(actions.list_properties(self.jail_name, self.name))

    async def methods(self) -> tuple[str, ...]:
        """Return the names of all methods. Since 0.9.0."""
        return await self._executor.execute(actions.list_methods(self.jail_name, self.name))

    async def call(self, method: str, arguments: Mapping[str, object] | None = None) -> object:
        """Call a method with named arguments, which travel as JSON, and return its result.

        `executeCmd` of the ordinary action runs a shell command as root. The daemon answers nobody while the method
        runs; it has two minutes more than the client's time limit. What the method raises comes back as a
        `Fail2BanCommandError` with its class. An argument called `timeout` is whole seconds or a text such as `1m`.
        Raises `ValueError` when there is no method of that name: the daemon would set a property. Since 0.9.0.
        """
        command = actions.call(self.jail_name, self.name, method, arguments or {})
        if method not in await self.methods():
            raise ValueError(f"the action {self.name!r} has no method {method!r}")
        return await self._executor.execute(command)

    async def _refuse_methods(self, names: Iterable[str]) -> None:
        for name in sorted({*names} & {*await self.methods()}):
            raise ValueError(f"{name!r} is a method of the action {self.name!r}, which the daemon would call")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.jail_name!r}, {self.name!r})"
