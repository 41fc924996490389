"""One run of `journalctl`: a list of arguments and no shell, read without waiting, ended with its owner.

What it prints is taken only when it is asked for, so a journal of any size costs this process one pipe.
"""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Sequence
from typing import IO

_LONGEST_COMPLAINT = 2_000
_PIPE_BYTES = 64 * 1024
_SECONDS_TO_END = 2.0


class Journalctl:
    """A `journalctl` that runs; raises `OSError` where there is none."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            ["journalctl", "--no-pager", "--quiet", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        )
        self._complaint = b""
        self._is_mute = False
        # Whether it has closed its output: there will be no more.
        self.is_over = False
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)

    def read(self, size: int, /) -> bytes:
        """Return what it has printed, at most so many bytes; nothing where there is nothing now."""
        self._listen()
        output = self._process.stdout
        data = None if output is None or self.is_over else _read_now(output, size)
        if data == b"":
            self.is_over = True
        return data or b""

    def wait(self, seconds: float) -> bool:
        """Wait until there is something to read, the end included, or something new; say whether there is."""
        output = self._process.stdout
        if output is None or self.is_over:
            return True
        complaints = [] if self._process.stderr is None or self._is_mute else [self._process.stderr]
        ready, _, _ = select.select([output, *complaints], [], [], seconds)
        self._listen()
        return output in ready

    @property
    def status(self) -> int:
        """Its exit status, once it is over."""
        try:
            return self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            return 0

    @property
    def complaint(self) -> str:
        """What it has complained about."""
        self._listen()
        return self._complaint.decode("utf-8", "replace").strip()

    def close(self) -> None:
        """End it."""
        process = self._process
        process.terminate()
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()

    def _listen(self) -> None:
        # Taken all the time, so that it never waits for somebody to read its complaints; most of it is dropped.
        complaints = self._process.stderr
        while complaints is not None and not self._is_mute:
            data = _read_now(complaints, _PIPE_BYTES)
            if data is None:
                return
            self._is_mute = not data
            self._complaint = (self._complaint + data)[:_LONGEST_COMPLAINT]


def _read_now(pipe: IO[bytes], size: int) -> bytes | None:
    """Return what is in a pipe: None where nothing is, no bytes where there will be no more."""
    try:
        return os.read(pipe.fileno(), size)
    except BlockingIOError:
        return None
