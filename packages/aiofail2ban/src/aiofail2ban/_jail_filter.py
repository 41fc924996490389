"""What a jail reads, and what it takes for a failure."""

from __future__ import annotations

from collections.abc import Iterable

from ._commands import filters
from ._commands._arguments import check_text
from ._jail_handle import JailHandle
from .types import DatePattern, UseDns


class JailFilter(JailHandle):
    """Log files, journals, regular expressions and how times are found.

    Nothing that is set here is saved; the next reload overwrites it with what the configuration says. Setters return
    the new value.
    """

    async def get_logpath(self) -> tuple[str, ...]:
        """Return the log files that the jail reads, paths as the daemon sees them. All versions."""
        return await self._executor.execute(filters.get_logpath(self.name))

    async def add_logpath(self, path: str, *, tail: bool = False) -> tuple[str, ...]:
        """Read another log file, from its beginning or only what is added to it (`tail`). All versions.

        Raises `InvalidValueError` when the file does not exist. A jail that reads the journal ignores it.
        """
        return await self._executor.execute(filters.add_logpath(self.name, path, tail=tail))

    async def del_logpath(self, path: str) -> tuple[str, ...]:
        """Read a log file no longer; one that is not read is no error. All versions."""
        return await self._executor.execute(filters.del_logpath(self.name, path))

    async def get_journalmatch(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of `FIELD=value` of a journal jail; an entry must match all of one group. Since 0.9.0."""
        return await self._executor.execute(filters.get_journalmatch(self.name))

    async def add_journalmatch(self, *words: str) -> tuple[tuple[str, ...], ...]:
        """Read more of the journal: `FIELD=value` words, `+` between groups. Since 0.9.0.

        Raises `InvalidValueError` for a word of another form. A jail that reads files ignores it and returns nothing.
        """
        return await self._executor.execute(filters.add_journalmatch(self.name, words))

    async def del_journalmatch(self, *words: str) -> tuple[tuple[str, ...], ...]:
        """Read less of the journal: the words of `add_journalmatch`, group by group. Since 0.9.0.

        Raises `InvalidValueError` when there is no such group; the groups before it are gone then.
        """
        checked = [check_text(word, "a match") for word in words]
        for group in filters.split_groups(checked):
            await self._executor.execute(filters.del_journalmatch(self.name, group))
        return await self.get_journalmatch()

    async def get_logencoding(self) -> str:
        """Return the encoding of the log files. All versions."""
        return await self._executor.execute(filters.get_logencoding(self.name))

    async def set_logencoding(self, encoding: str) -> str:
        """Set the encoding of the log files, `auto` for the system's. All versions.

        Raises `InvalidValueError` for one that Python does not know.
        """
        return await self._executor.execute(filters.set_logencoding(self.name, encoding))

    async def get_logtimezone(self) -> str | None:
        """Return the zone of times without one in the log, None for the daemon's own. Since 0.10.0."""
        return await self._executor.execute(filters.get_logtimezone(self.name))

    async def set_logtimezone(self, zone: str) -> str | None:
        """Set the zone of times without one in the log, such as `UTC+0200`. Since 0.10.0.

        Raises `InvalidValueError` for another form.
        """
        return await self._executor.execute(filters.set_logtimezone(self.name, zone))

    async def get_datepattern(self) -> DatePattern | None:
        """Return how times are found in the log. All versions."""
        return await self._executor.execute(filters.get_datepattern(self.name))

    async def set_datepattern(self, pattern: str) -> DatePattern | None:
        """Set how times are found in the log: a pattern such as `%Y-%m-%d %H:%M:%S`, `EPOCH`, or several in lines.

        The daemon does not check it: a wrong one only shows when lines are read, in its log. All versions.
        """
        return await self._executor.execute(filters.set_datepattern(self.name, pattern))

    async def get_maxlines(self) -> int:
        """Return how many lines a regular expression may span. All versions."""
        return await self._executor.execute(filters.get_maxlines(self.name))

    async def set_maxlines(self, count: int) -> int:
        """Set how many lines regular expressions that are added from now on may span, at least 1. All versions."""
        return await self._executor.execute(filters.set_maxlines(self.name, count))

    async def get_usedns(self) -> UseDns:
        """Return whether host names in the log are looked up. All versions."""
        return await self._executor.execute(filters.get_usedns(self.name))

    async def set_usedns(self, mode: UseDns) -> UseDns:
        """Set whether host names in the log are looked up, for regular expressions added from now on.

        Raises `ValueError` for another word. All versions.
        """
        return await self._executor.execute(filters.set_usedns(self.name, mode))

    async def get_prefregex(self) -> str:
        """Return the expression that a line must match before all others, expanded; empty for none. Since 0.10.0."""
        return await self._executor.execute(filters.get_prefregex(self.name))

    async def set_prefregex(self, regex: str) -> str:
        """Set the expression that a line must match before all others, empty for none. Since 0.10.0.

        Raises `InvalidValueError` when it does not compile.
        """
        return await self._executor.execute(filters.set_prefregex(self.name, regex))

    async def get_failregex(self) -> tuple[str, ...]:
        """Return the expressions of a failure, with tags such as `<HOST>` expanded. All versions."""
        return await self._executor.execute(filters.get_regexes(self.name, "failregex"))

    async def add_failregex(self, regex: str) -> tuple[str, ...]:
        """Add an expression of a failure and return all of them. All versions.

        Raises `InvalidValueError` when it does not compile, or has nothing to find an id with.
        """
        return await self._executor.execute(filters.add_regex(self.name, "failregex", regex))

    async def add_failregexes(self, regexes: Iterable[str]) -> None:
        """Add several expressions of a failure in one command; those before a bad one stay. Since 0.10.0."""
        await self._executor.execute(filters.add_regexes(self.name, "failregex", regexes))

    async def del_failregex(self, regex: int | str) -> tuple[str, ...]:
        """Remove an expression of a failure and return the others. All versions.

        By its place, counted from 0, where one that does not exist is no error; or by its text as `get_failregex`
        returns it, where that raises `ValueError`.
        """
        return await self._del_regex("failregex", regex)

    async def get_ignoreregex(self) -> tuple[str, ...]:
        """Return the expressions of lines to ignore, expanded. All versions."""
        return await self._executor.execute(filters.get_regexes(self.name, "ignoreregex"))

    async def add_ignoreregex(self, regex: str) -> tuple[str, ...]:
        """Add an expression of lines to ignore and return all of them. All versions.

        Raises `InvalidValueError` when it does not compile.
        """
        return await self._executor.execute(filters.add_regex(self.name, "ignoreregex", regex))

    async def add_ignoreregexes(self, regexes: Iterable[str]) -> None:
        """Add several expressions of lines to ignore in one command. Since 0.10.0."""
        await self._executor.execute(filters.add_regexes(self.name, "ignoreregex", regexes))

    async def del_ignoreregex(self, regex: int | str) -> tuple[str, ...]:
        """Remove an expression of lines to ignore, by its place or its text as for `del_failregex`. All versions."""
        return await self._del_regex("ignoreregex", regex)

    async def _del_regex(self, kind: str, regex: int | str) -> tuple[str, ...]:
        if isinstance(regex, str):
            check_text(regex)
            regexes = await self._executor.execute(filters.get_regexes(self.name, kind))
            if regex not in regexes:
                raise ValueError(f"the jail {self.name!r} has no {kind} {regex!r}")
            regex = regexes.index(regex)
        return await self._executor.execute(filters.del_regex(self.name, kind, regex))
