"""A journald of one's own, in a mount namespace of one's own: real entries, and the machine's journal is left alone."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from aiofail2ban.testing.pytest_plugin import unavailable

_JOURNALD = ("/usr/lib/systemd/systemd-journald", "/lib/systemd/systemd-journald")
_SECONDS = 10.0
# In a user namespace everybody is root, and may mount what they like for themselves.
_UNSHARE = ("unshare", "--user", "--map-root-user", "--mount", "--propagation", "private")
# The folders that journald writes to are this test's. The sockets are also seen from outside.
_SCRIPT = """
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal /run/log/journal
mount --bind "$1/sockets" /run/systemd/journal
mount --bind "$1/journal" /run/log/journal
exec "$2"
"""


class PrivateJournal:
    """A journald that runs while the `with` block does; `directory` is for `journalctl --directory`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.directory = folder / "journal"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        journald = next((path for path in _JOURNALD if Path(path).exists()), None)
        if journald is None or shutil.which("journalctl") is None:
            unavailable("systemd-journald and journalctl are not installed: apt-get install systemd")
        for name in ("journal", "sockets"):
            (self.folder / name).mkdir()
        with (self.folder / "journald.err").open("wb") as errors:
            self._process = subprocess.Popen(
                [*_UNSHARE, "sh", "-ec", _SCRIPT, "sh", str(self.folder), journald],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        deadline = time.monotonic() + _SECONDS
        while not (self._socket.is_socket() and list(self.directory.glob("*/system.journal"))):
            if self._process.poll() is not None or time.monotonic() > deadline:
                problem = (self.folder / "journald.err").read_text()
                self.__exit__(None, None, None)
                unavailable(f"journald does not run in a namespace here: {problem}")
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_SECONDS)

    @property
    def _socket(self) -> Path:
        return self.folder / "sockets/socket"

    @property
    def inside(self) -> tuple[str, ...]:
        """The beginning of a command line that runs a program where this journal is the machine's."""
        if self._process is None:
            raise AssertionError("the journal does not run")
        pid = str(self._process.pid)
        return ("nsenter", "--target", pid, "--user", "--preserve-credentials", "--mount", "--")

    def send(self, *entries: dict[str, str | bytes]) -> None:
        """Write entries in journald's own protocol, as fail2ban does with `logtarget = SYSTEMD-JOURNAL`."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            for entry in entries:
                sender.sendto(encode_entry(entry), str(self._socket))

    def say(self, message: str | bytes, logger: str = "actions", priority: int = 5) -> None:
        """Write an entry of fail2ban's."""
        fields = {"LOGGER": f"fail2ban.{logger}", "PRIORITY": str(priority), "SYSLOG_IDENTIFIER": "fail2ban"}
        self.send({"MESSAGE": message, **fields})

    def say_to_syslog(self, tag: str, message: str) -> None:
        """Write an entry the way of syslog."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(f"<29>{tag}: {message}\0".encode(), str(self.folder / "sockets/dev-log"))


def encode_entry(fields: dict[str, str | bytes]) -> bytes:
    """Return an entry in journald's protocol, each field with its length, which allows for any bytes."""
    data = b""
    for name, value in fields.items():
        raw = value.encode() if isinstance(value, str) else value
        data += name.encode() + b"\n" + len(raw).to_bytes(8, "little") + raw + b"\n"
    return data
