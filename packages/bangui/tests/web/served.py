"""A real server for browser tests: uvicorn in a thread of its own, over a scripted live state."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from bangui.domain.snapshot import Snapshot
from bangui.web import WebSettings
from bangui.web.ports import HistorySource
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive

START_SECONDS = 10


class ServedPage:
    """`with ServedPage(snapshot) as page:` serves at `page.url` until the end of the block."""

    def __init__(
        self, snapshot: Snapshot, *, port: int = 0, app: ASGIApp | None = None, history: HistorySource | None = None
    ) -> None:
        self.live = ScriptedLive(snapshot)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        app = app or open_app(self.live, WebSettings(version="0.1.0"), history=history)
        config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def show(self, snapshot: Snapshot) -> None:
        """Publish a snapshot from the test's own thread."""
        self.call(lambda: self.live.show(snapshot))

    def call(self, action: Callable[[], None]) -> None:
        """Run something on the server's loop and wait for it."""

        async def run() -> None:
            action()

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(START_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve(sockets=[self._socket]))

    def __enter__(self) -> Self:
        self._thread.start()
        for _ in range(START_SECONDS * 100):
            if self._server.started:
                return self
            threading.Event().wait(0.01)
        raise TimeoutError("the server did not start")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._thread.is_alive() and self._loop.is_running():
            self.call(self.live.end)
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
        self._loop.close()
        self._socket.close()
