"""Finds out what the history of a host can be read from: by asking the daemon, and by looking at what it names.

The daemon knows where its database and its log are, but in its own file system: where it runs in a container, those
paths need not exist here. Where it does not answer, its usual places are looked at. Nothing is opened.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from aiofail2ban import Fail2BanError, ServerCommands
from bangui.domain.source_plan import SourcePlan

# Log targets that end in the journal where systemd runs, in capitals or not; all others are names of files.
_NO_FILES = frozenset({"STDOUT", "STDERR", "SYSOUT", "SYSLOG", "SYSTEMD-JOURNAL"})

_AS_ROOT = "run BanGUI as root"


@dataclass(frozen=True, slots=True)
class UsualPlaces:
    """Where things are unless somebody has moved them; `programs` is a PATH, this process's own where None."""

    database: Path = Path("/var/lib/fail2ban/fail2ban.sqlite3")
    log: Path = Path("/var/log/fail2ban.log")
    journals: tuple[Path, ...] = (Path("/run/log/journal"), Path("/var/log/journal"))
    programs: str | None = None


async def probe_sources(commands: ServerCommands | None, places: UsualPlaces | None = None) -> SourcePlan:
    """Return what can be read; `commands` are those of the daemon, None where there is no use in asking it."""
    usual = places or UsualPlaces()
    if commands is not None:
        try:
            database, log = await commands.get_dbfile(), await commands.get_logtarget()
        except Fail2BanError:
            return _plan_of_usual(usual)
        return _plan_of_told(database, log, usual)
    return _plan_of_usual(usual)


def _plan_of_told(database: str | None, target: str | None, usual: UsualPlaces) -> SourcePlan:
    path: Path | None = None
    problem: str | None = "fail2ban keeps none that lasts (its dbfile is None or :memory:)"
    if database is not None and database != ":memory:":
        path, problem = _readable_database(Path(database), is_told=True)
    log, reads_journal, log_problem = _readable_log(target, usual)
    return SourcePlan(path, problem, log, reads_journal, log_problem)


def _plan_of_usual(usual: UsualPlaces) -> SourcePlan:
    database, problem = _readable_database(usual.database, is_told=False)
    log_problem = _file_problem(usual.log, is_told=False)
    log = None if log_problem else usual.log
    # A log that is there and may not be read is fail2ban's own; one that is not there may be in the journal.
    reads_journal = log_problem is not None and not os.path.lexists(usual.log) and _journal_problem(usual) is None
    return SourcePlan(database, problem, log, reads_journal, None if reads_journal else log_problem, was_asked=False)


def _readable_database(path: Path, *, is_told: bool) -> tuple[Path | None, str | None]:
    """Return the file itself, where the path is a link to it, or why it cannot be read."""
    problem = _file_problem(path, is_told=is_told)
    return (None, problem) if problem else (Path(os.path.realpath(path)), None)


def _readable_log(target: str | None, usual: UsualPlaces) -> tuple[Path | None, bool, str | None]:
    """Return a file, or whether the journal is to be read, or why there is neither."""
    name = (target or "").upper()
    if name in _NO_FILES:
        problem = _journal_problem(usual)
        if problem is None:
            return None, True, None
        return None, False, f"it goes to {name}, and {problem}; a file can be read always (logtarget)"
    if not target:
        return None, False, "fail2ban does not tell where it is (logtarget)"
    problem = _file_problem(Path(target), is_told=True)
    return (None, False, problem) if problem else (Path(target), False, None)


def _journal_problem(usual: UsualPlaces) -> str | None:
    if shutil.which("journalctl", path=usual.programs) is None:
        return "there is no journalctl here"
    files = [file for folder in usual.journals for file in _journal_files(folder)]
    if not files:
        return "there is no journal here"
    return None if any(_is_ours_to_read(file) for file in files) else f"the journal may not be read: {_AS_ROOT}"


def _journal_files(folder: Path) -> list[Path]:
    try:
        return list(folder.glob("*/*.journal"))
    except OSError:
        return []


def _file_problem(path: Path, *, is_told: bool) -> str | None:
    """Return why a file cannot be read; None where it can."""
    if not path.is_absolute():
        return f"{path} is no absolute path, and only fail2ban knows from where it counts"
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if is_told:
            return (
                f"fail2ban says {path}, and there is no such file here: does it run in a container? Share that folder"
            )
        return f"there is no {path}"
    except PermissionError:
        return f"{path} may not be read: {_AS_ROOT}"
    except (OSError, ValueError) as error:
        return f"{path} cannot be read: {error}"
    if not stat.S_ISREG(mode):
        return f"{path} is no file"
    return None if _is_ours_to_read(path) else f"{path} may not be read: {_AS_ROOT}"


def _is_ours_to_read(path: Path) -> bool:
    return os.access(path, os.R_OK, effective_ids=True)
