"""What every part of a jail's handle stands on: the jail's name, and who sends."""

from __future__ import annotations

from ._capabilities import Executor
from ._commands._arguments import check_text

# `get NAME ...` and `set NAME ...` mean the server's setting if NAME is one, also where a jail has that name;
# and `--all` means every jail. A handle with such a name would change something else than its jail.
_AMBIGUOUS_NAMES = frozenset(
    {
        "--all",
        "allowipv6",
        "dbfile",
        "dbmaxmatches",
        "dbpurgeage",
        "loglevel",
        "logtarget",
        "syslogsocket",
        "thread",
    }
)


class JailHandle:
    """A jail by its name."""

    def __init__(self, executor: Executor, name: str) -> None:
        if check_text(name, "the jail's name") in _AMBIGUOUS_NAMES:
            raise ValueError(
                f"{name!r} is a word of fail2ban's own: a command for such a jail would mean something else"
            )
        self._executor = executor
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"
