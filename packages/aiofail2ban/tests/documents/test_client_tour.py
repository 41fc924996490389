"""docs/client.md, block by block, against real daemons: it runs, and it prints what the page says.

A block with `asyncio.run` is a whole program and runs as one. All others share one set of names, with a `client` at
hand, as the page says. Tests in a block are run. `...` in what the page prints stands for anything.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import doctest
import inspect
import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess

pytestmark = pytest.mark.daemon

PAGE = Path(__file__).parents[4] / "docs" / "client.md"
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<prints>.*?)^```\n)?", re.MULTILINE | re.DOTALL)
SOCKET_ON_THE_PAGE = "/run/fail2ban/fail2ban.sock"


@dataclass(frozen=True, slots=True)
class Block:
    line: int
    code: str
    prints: str


def read_blocks() -> list[Block]:
    page = PAGE.read_text(encoding="utf-8")
    return [
        Block(page.count("\n", 0, found.start()) + 2, found["code"], found["prints"] or "")
        for found in BLOCK.finditer(page)
    ]


async def run_program(code: str) -> str:
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(20):
        output, _ = await program.communicate()
    assert program.returncode == 0
    return output.decode()


async def run_snippet(block: Block, names: dict[str, object]) -> str:
    # Lines of the page in the traceback, should it fail.
    tree = ast.parse("\n" * (block.line - 1) + block.code, str(PAGE))
    code: CodeType = compile(tree, str(PAGE), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        coroutine = eval(code, names)
        if inspect.isawaitable(coroutine):
            await coroutine
        await run_tests(block, names)
    return printed.getvalue()


async def run_tests(block: Block, names: dict[str, object]) -> None:
    for name in re.findall(r"^async def (test_\w+)", block.code, re.MULTILINE):
        test = names[name]
        assert isinstance(test, FunctionType)
        await test(*[names[parameter] for parameter in inspect.signature(test).parameters])


async def test_every_block_of_the_tour_runs_and_prints_what_the_page_says(
    installation: Fail2BanInstallation, daemon: Fail2BanProcess
) -> None:
    blocks = read_blocks()
    assert len(blocks) == PAGE.read_text(encoding="utf-8").count("```python")
    async with Fail2BanClient(daemon.socket_path) as client:
        for name in ("sshd", "nginx-http-auth"):
            jail = await client.add_jail(name, "polling")
            await jail.set_bantime(3600)
            await jail.start()
        names: dict[str, object] = {
            "asyncio": asyncio,
            "Fail2BanClient": Fail2BanClient,
            "client": client,
            "installation": installation,
        }
        for block in blocks:
            if "asyncio.run(" in block.code:
                printed = await run_program(block.code.replace(SOCKET_ON_THE_PAGE, daemon.socket_path))
            else:
                printed = await run_snippet(block, names)
            assert doctest.OutputChecker().check_output(block.prints, printed, doctest.ELLIPSIS), (
                f"line {block.line} of {PAGE.name} prints {printed!r}"
            )
