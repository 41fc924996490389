"""Tries a configuration in a daemon of its own, which has no jail running, no log to read and nobody to ban.

fail2ban's checks compile no expression and evaluate no time; its daemon does, and when one command of a reload fails it
deletes every jail. So each command is given to a scratch daemon first, of the same package and with the same rights,
but for those that start jails and those that are about the daemon as a whole (its log and its database).
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiofail2ban import Command, Fail2BanClient, Fail2BanCommandError, Fail2BanError, interpret
from bangui.adapters.config_stream import Stream
from bangui.adapters.f2b_programs import Fail2BanPrograms
from bangui.domain.errors import OperationRefused
from bangui.domain.phrases import phrase

_START_SECONDS = 20.0
_ALL_SECONDS = 120.0
_COMMAND_SECONDS = 30.0
_END_SECONDS = 15.0
_POLL_SECONDS = 0.02
_SOCKET = "socket"
_MOST_MISTAKES = 10
_LONGEST_SHOWN = 300
_OF_THE_DAEMON = frozenset(
    {"logtarget", "loglevel", "syslogsocket", "dbfile", "dbmaxmatches", "dbpurgeage", "allowipv6", "thread"}
)


async def try_stream(programs: Fail2BanPrograms, stream: Stream) -> None:
    """Raise `OperationRefused` with the commands that would fail; return where none would."""
    try:
        async with asyncio.timeout(_ALL_SECONDS), _scratch_daemon(programs) as client:
            mistakes = await _mistakes(client, stream)
    except (TimeoutError, OSError, Fail2BanError) as error:
        raise OperationRefused(
            phrase("the configuration could not be tried in a daemon of its own"),
            phrase("nothing was changed"),
            detail=str(error),
        ) from error
    if mistakes:
        raise OperationRefused(
            phrase("fail2ban would fail with this configuration, and lose every jail"),
            phrase("nothing was changed: correct fail2ban's configuration first"),
            detail="\n".join(mistakes),
        )


async def _mistakes(client: Fail2BanClient, stream: Stream) -> list[str]:
    found: list[str] = []
    for words in stream:
        if words[0] in ("start", "config-error") or (words[0] == "set" and words[1:2] and words[1] in _OF_THE_DAEMON):
            continue
        try:
            interpret(Command(words, lambda value: value), await client.send(words, timeout=_COMMAND_SECONDS))
        except Fail2BanCommandError as error:
            found.append(f"{_shown(words)}: {error.message}")
            if len(found) == _MOST_MISTAKES:
                break
    return found


def _shown(words: Sequence[object]) -> str:
    return " ".join(map(str, words))[:_LONGEST_SHOWN]


@asynccontextmanager
async def _scratch_daemon(programs: Fail2BanPrograms) -> AsyncIterator[Fail2BanClient]:
    folder = Path(tempfile.mkdtemp(prefix="bangui-"))
    try:
        process = _start(programs, folder)
        try:
            async with Fail2BanClient(folder / _SOCKET) as client:
                await _until_ready(client, process, folder / _SOCKET)
                yield client
        finally:
            await asyncio.to_thread(_end, process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(programs: Fail2BanPrograms, folder: Path) -> subprocess.Popen[bytes]:
    places = ["-c", str(folder), "-s", str(folder / _SOCKET), "-p", str(folder / "pid")]
    quiet = ["--logtarget", "STDOUT", "--loglevel", "ERROR", "--syslogsocket", "auto"]
    return subprocess.Popen(
        [*programs.server, *places, *quiet, "-f", "-x", "--async", "start"],
        env=dict(programs.environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


async def _until_ready(client: Fail2BanClient, process: subprocess.Popen[bytes], path: Path) -> None:
    async with asyncio.timeout(_START_SECONDS):
        while not (_is_there(path) and await client.ping()):
            if process.poll() is not None:
                raise OSError(f"it ended at once, with exit status {process.returncode}")
            await asyncio.sleep(_POLL_SECONDS)


def _is_there(path: Path) -> bool:
    # A connection that is refused would be logged, and alarm somebody.
    return path.exists()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
