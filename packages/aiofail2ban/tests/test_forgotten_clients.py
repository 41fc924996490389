"""A client whose owner forgets to close it leaks nothing and says nothing, wherever it is forgotten.

First inside a loop that goes on, beside the server that counts its connections; then in programs of their own, with
every warning made an error, at each moment of a program's life.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban._encode import END_MARKER
from aiofail2ban.testing import FakeServer, encode_reply


def echo(command: list[object]) -> object:
    return command[1:]


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


# While the loop goes on


async def test_a_forgotten_client_closes_its_connection_while_the_loop_goes_on() -> None:
    async with FakeServer(echo) as server:
        client = Fail2BanClient(server.socket_path)
        await client.send(["echo", 1])
        before = open_descriptors()
        del client
        await asyncio.sleep(0.01)
        assert server.open_connections == 0
        assert open_descriptors() == before - 2


async def test_a_client_forgotten_in_another_thread_closes_its_connection_too() -> None:
    async with FakeServer(echo) as server:
        clients = [Fail2BanClient(server.socket_path)]
        await clients[0].send(["echo", 1])
        thread = threading.Thread(target=clients.clear)
        thread.start()
        thread.join()
        await asyncio.sleep(0.01)
        assert server.open_connections == 0


async def test_many_clients_leave_no_descriptor_behind() -> None:
    async def use_one(path: str, number: int) -> None:
        client = Fail2BanClient(path)
        assert await client.send(["echo", number]) == (0, [number])
        if number % 2:
            await client.aclose()

    async with FakeServer(echo) as server:
        before = open_descriptors()
        await asyncio.gather(*(use_one(server.socket_path, number) for number in range(5)))
        for number in range(50):
            await use_one(server.socket_path, number)
        await asyncio.sleep(0.01)
        assert open_descriptors() == before


async def test_no_warning_comes_from_a_client_in_a_circle_of_references(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    class Owner:
        def __init__(self, path: str) -> None:
            self.client = Fail2BanClient(path)
            self.itself = self

    async with FakeServer(echo) as server:
        owner = Owner(server.socket_path)
        await owner.client.send(["echo", 1])
        del owner
        gc.collect()
        await asyncio.sleep(0.01)
        assert server.open_connections == 0
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


# In programs of their own


class SilentOrPong:
    """Answers pong to everything but `silence`, which ends all talk; a thread each, and no event loop."""

    def __init__(self, path: Path) -> None:
        self.open_connections = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(10)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.open_connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            is_silent = False
            while data := sock.recv(65536):
                is_silent = is_silent or b"silence" in data
                if not is_silent:
                    sock.sendall(encode_reply((0, "pong")) * data.count(END_MARKER))
        self.open_connections -= 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SilentOrPong]:
    server = SilentOrPong(tmp_path / "f2b.sock")
    yield server
    server.close()


PROGRAMS = {
    "after a command": """
        async def main():
            client = Fail2BanClient(path)
            assert await client.ping()
        asyncio.run(main())
        """,
    "while the loop goes on": """
        async def main():
            for _ in range(20):
                assert await Fail2BanClient(path).ping()
            await asyncio.sleep(0.05)
            assert len(os.listdir("/proc/self/fd")) <= before + 3, os.listdir("/proc/self/fd")
        before = len(os.listdir("/proc/self/fd"))
        asyncio.run(main())
        """,
    "after the loop has ended": """
        client = Fail2BanClient(path)
        assert asyncio.run(client.ping())
        del client
        """,
    "between two loops, in a circle of references": """
        class Owner: pass
        owner = Owner()
        owner.itself = owner
        owner.client = Fail2BanClient(path)
        assert asyncio.run(owner.client.ping())
        del owner
        gc.collect()
        """,
    "at the end of the interpreter": """
        client = Fail2BanClient(path)
        assert asyncio.run(client.ping())
        """,
    "at the end of the interpreter, in a circle of references": """
        client = Fail2BanClient(path)
        client.itself = client
        client.more = [client, asyncio, gc]
        assert asyncio.run(client.ping())
        """,
    "while commands wait, cancelled by the end of the loop": """
        async def main():
            client = Fail2BanClient(path, max_in_flight=2)
            tasks = [asyncio.ensure_future(client.send(["silence"])) for _ in range(5)]
            await asyncio.sleep(0.05)
            del client
        asyncio.run(main())
        """,
    "while commands wait, and the callers gave up": """
        async def main():
            client = Fail2BanClient(path)
            for _ in range(3):
                try:
                    await asyncio.wait_for(client.send(["silence"]), 0.01)
                except TimeoutError:
                    pass
            del client
            gc.collect()
            await asyncio.sleep(0.05)
        asyncio.run(main())
        """,
    "while a command waits that nobody drives any more": """
        async def main():
            client = Fail2BanClient(path)
            asking = client.send(["silence"])
            asking.send(None)
            asking.close()
            await asyncio.sleep(0.05)
            del client
            await asyncio.sleep(0.05)
        asyncio.run(main())
        """,
    "while connecting": """
        async def main():
            client = Fail2BanClient(dead, connect_backoff=0.05)
            task = asyncio.ensure_future(client.ping())
            await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.sleep(0)
            del client, task
            gc.collect()
            await asyncio.sleep(0.2)
        asyncio.run(main())
        """,
    "while connecting, at the end of the loop": """
        async def main():
            client = Fail2BanClient(dead, connect_backoff=60)
            task = asyncio.ensure_future(client.ping())
            await asyncio.sleep(0.01)
        asyncio.run(main())
        """,
    "before it was ever used": """
        Fail2BanClient(path)
        """,
    "after its making has failed": """
        try:
            Fail2BanClient(path, timeout=0)
        except ValueError:
            pass
        """,
    "with a loop that was closed by hand under its feet": """
        loop = asyncio.new_event_loop()
        client = Fail2BanClient(path)
        assert loop.run_until_complete(client.ping())
        loop.close()
        assert asyncio.run(client.ping())
        """,
    "with a loop that only stopped": """
        loop = asyncio.new_event_loop()
        client = Fail2BanClient(path)
        assert loop.run_until_complete(client.ping())
        del client
        gc.collect()
        loop.close()
        """,
    "after a daemon that fell silent": """
        async def main():
            client = Fail2BanClient(path, timeout=0.05)
            try:
                await client.send(["silence"])
            except Fail2BanTimeoutError:
                pass
            assert await client.ping()
        asyncio.run(main())
        """,
}

HEAD = """
import asyncio, gc, os, sys
from aiofail2ban import Fail2BanClient, Fail2BanTimeoutError
path, dead = sys.argv[1:]
"""


@pytest.mark.parametrize("case", PROGRAMS)
def test_a_client_forgotten_leaves_nothing_and_says_nothing(case: str, server: SilentOrPong, tmp_path: Path) -> None:
    dead = tmp_path / "dead.sock"
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(dead))
    program = HEAD + textwrap.dedent(PROGRAMS[case])
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program, str(tmp_path / "f2b.sock"), str(dead)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_these_programs_would_show_a_socket_that_is_left_open(server: SilentOrPong, tmp_path: Path) -> None:
    program = "import socket, sys\nsock = socket.socket(socket.AF_UNIX)\nsock.connect(sys.argv[1])\ndel sock"
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program, str(tmp_path / "f2b.sock")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "ResourceWarning" in done.stderr
