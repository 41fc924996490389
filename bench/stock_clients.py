"""fail2ban's own clients: its blocking Python class, and the `fail2ban-client` program."""

from __future__ import annotations

import asyncio
import json
import resource
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path

from aiofail2ban.testing import Fail2BanProcess
from bench.work import Run, Work, stopwatch

_WORKER = Path(__file__).with_name("csocket_worker.py")


class StockClass:
    """`fail2ban.client.csocket.CSocket` in the daemon's interpreter, on one kept connection.

    It blocks, so "at once" means one after another: that is what its users can do without threads.
    """

    name = "fail2ban's own class (CSocket)"

    def __init__(self, daemon: Fail2BanProcess) -> None:
        self._daemon = daemon
        self._worker: Process | None = None

    async def run(self, work: Work) -> Run:
        """Carry out `work`."""
        worker = self._worker or await self._start()
        if worker.stdin is None or worker.stdout is None:
            raise RuntimeError("the worker was started without pipes")
        worker.stdin.write(json.dumps({"command": work.command, "count": work.count}).encode() + b"\n")
        await worker.stdin.drain()
        line = await worker.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name}: the worker ended early; its error is printed above")
        return Run(**json.loads(line))

    async def aclose(self) -> None:
        """Let go of everything."""
        if self._worker is not None and self._worker.stdin is not None:
            self._worker.stdin.close()
            await self._worker.wait()

    async def _start(self) -> Process:
        installation = self._daemon.installation
        # An installed fail2ban is started by its first line, which on Debian and Ubuntu names this interpreter.
        python = installation.server[0] if len(installation.server) > 1 else "/usr/bin/python3"
        self._worker = await asyncio.create_subprocess_exec(
            python,
            str(_WORKER),
            self._daemon.socket_path,
            stdin=PIPE,
            stdout=PIPE,
            env=dict(installation.environment),
        )
        return self._worker


class StockProgram:
    """The `fail2ban-client` program: a process for each command; all of them together for "at once"."""

    name = "fail2ban-client"

    def __init__(self, daemon: Fail2BanProcess) -> None:
        self._daemon = daemon

    async def run(self, work: Work) -> Run:
        """Carry out `work`."""
        command = self._daemon.client_command(*work.command)
        environment = dict(self._daemon.installation.environment)
        return await timed_programs([command] * work.count, environment, at_once=work.at_once)

    async def aclose(self) -> None:
        """Nothing is kept between commands."""


async def timed_programs(
    commands: Sequence[Sequence[str]], environment: dict[str, str], *, at_once: bool = False
) -> Run:
    """Run programs to their ends, what they print thrown away; another exit status than 0 is a failure.

    Their modules may be kept compiled, as those of installed programs are.
    """
    environment = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = _children_seconds()
    with stopwatch() as watch:
        if at_once:
            statuses = await asyncio.gather(*[_run_program(command, environment) for command in commands])
        else:
            statuses = [await _run_program(command, environment) for command in commands]
    watch.cpu_seconds = _children_seconds() - before
    return watch.read(sum(status != 0 for status in statuses))


async def _run_program(command: Sequence[str], environment: dict[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, env=environment
    )
    return await process.wait()


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
