"""A disk of a few megabytes that only the programs see that are started on it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiofail2ban.testing.pytest_plugin import unavailable

_SCRIPT = 'mount -t tmpfs -o size="$2" tmpfs "$1" && echo ready && exec sleep 600'


class SmallDisk:
    """The disk, as a program to run others with: `prefix` goes before their command lines."""

    def __init__(self, path: Path, keeper: int) -> None:
        self.path = path
        self.prefix = ("nsenter", "--target", str(keeper), "--user", "--mount", "--preserve-credentials", "--")

    def fill(self) -> None:
        """Leave no room on it."""
        self._run("dd", "if=/dev/zero", f"of={self.path}/filler", "bs=4096", "status=none", check=False)

    def make_room(self) -> None:
        """Take away what filled it."""
        self._run("rm", f"{self.path}/filler")

    def _run(self, *command: str, check: bool = True) -> None:
        subprocess.run([*self.prefix, *command], check=check, timeout=30, capture_output=True)


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[SmallDisk]:
    """Mount a disk in a namespace of its own, and take both away at the end."""
    path.mkdir()
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _SCRIPT, "sh", str(path), size]
    keeper = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        if keeper.stdout is None or keeper.stdout.readline() != b"ready\n":
            unavailable("this kernel gives nobody a namespace in which to mount a small disk")
        yield SmallDisk(path, keeper.pid)
    finally:
        keeper.kill()
        keeper.communicate(timeout=30)
