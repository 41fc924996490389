"""Opens a file that somebody with root's rights has named, although others may write to folders on the way to it.

A service that owns the folder of its log can put a link to any file there. Whoever reads the log with root's rights and
shows it would show that file. So the path is walked name by name, and a link is followed only if it belongs to root or
to ourselves; nothing on the way can be exchanged between the look at it and its use, because each step is taken from
what the step before has opened. Only regular files are opened, only to read, and without waiting.
"""

from __future__ import annotations

import errno
import os
import stat

_STEP = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY
# As many as the kernel follows.
_MOST_LINKS = 40


class NotARegularFile(OSError):
    """What lies there is no regular file."""


class StrangeLink(OSError):
    """On the way lies a link that belongs to neither root nor ourselves."""


def open_regular(path: str) -> int:
    """Return a descriptor of a regular file; raises `OSError`, and `ValueError` for what is no path."""
    if not path.startswith("/"):
        raise NotARegularFile(errno.EINVAL, "no absolute path", path)
    descriptor = _walk(path)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotARegularFile(errno.EINVAL, "no regular file", path)
    return descriptor


def _walk(path: str) -> int:
    names = _names(path)
    here = os.open("/", os.O_PATH | os.O_CLOEXEC)
    links = 0
    try:
        while names:
            name = names.pop()
            found = os.open(name, _STEP, dir_fd=here)
            if stat.S_ISLNK(os.fstat(found).st_mode):
                links += 1
                target = _target(found, path, links)
                names += _names(target)
                found = os.open("/", os.O_PATH | os.O_CLOEXEC) if target.startswith("/") else os.dup(here)
            elif not names:
                # The path of a descriptor leads to the very file, whatever lies under its name by now.
                return _reopened(found)
            os.close(here)
            here = found
    finally:
        os.close(here)
    raise NotARegularFile(errno.EISDIR, "no regular file", path)


def _target(link: int, path: str, links: int) -> str:
    try:
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        if os.fstat(link).st_uid not in (0, os.geteuid()):
            raise StrangeLink(errno.ELOOP, "a link of somebody else lies on the way", path)
        return os.readlink("", dir_fd=link)
    finally:
        os.close(link)


def _reopened(found: int) -> int:
    try:
        if not stat.S_ISREG(os.fstat(found).st_mode):
            raise NotARegularFile(errno.EINVAL, "no regular file")
        return os.open(f"/proc/self/fd/{found}", _READ & ~os.O_NOFOLLOW)
    finally:
        os.close(found)


def _names(path: str) -> list[str]:
    """Return the names of a path, the first one last."""
    return [name for name in reversed(path.split("/")) if name not in ("", ".")]
