"""The demo's folder: one private place for everything, and the removal of what a killed demo left behind.

A demo that is killed (SIGKILL, power) cannot remove its folder. The next one does, and takes care not to take anything
else for it: the name, the user, and a note inside with the process that owned it, which must be gone. A process number
alone would not do, as numbers are used again; so the time at which the process began is noted beside it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "bangui-demo-"
_NOTE = "owner"
# A Unix socket's path has at most 107 bytes: below a longer folder than this there is no room for ours.
_LONGEST_PARENT = 50


def make_folder() -> Path:
    """A new folder for this user only, with a note of whose it is."""
    parent = _parent()
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    (folder / _NOTE).write_text(_identity(os.getpid()) or "", encoding="ascii")
    return folder


def remove_folder(folder: Path) -> None:
    """Remove the folder with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _parent() -> Path:
    usual = Path(tempfile.gettempdir())
    return usual if len(os.fsencode(usual)) <= _LONGEST_PARENT else Path("/tmp")  # noqa: S108 - mkdtemp makes it safe


def _sweep(parent: Path) -> None:
    """Remove the folders of demos whose process is gone."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_ours(folder) and _is_abandoned(folder):
                remove_folder(folder)


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid()


def _is_abandoned(folder: Path) -> bool:
    # A folder without its note belongs to a demo that is starting this very moment.
    note = (folder / _NOTE).read_text(encoding="ascii")
    words = note.split()
    return len(words) == 2 and words[0].isdigit() and _identity(int(words[0])) != note


def _identity(pid: int) -> str | None:
    """The process number and when it began (in clock ticks since the machine's start); None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return f"{pid} {fields[19]}"
