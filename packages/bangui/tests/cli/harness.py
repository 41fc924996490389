"""The command line over jails in memory and a history on SQLite, as a function from words to what a person sees."""

from __future__ import annotations

import io
import sys
from argparse import Namespace
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bangui.adapters.oneshot import finish
from bangui.cli.geo import GeoTools
from bangui.cli.main import run
from bangui.cli.parts import Parts
from bangui.domain.addresses import parse_address
from bangui.domain.collection import CollectorState
from bangui.domain.gateway import Gateway
from bangui.domain.history_ports import HistoryWriter, Progress
from bangui.domain.safety import Protected, Standing
from bangui.runtime.access import run_access
from bangui.runtime.history import open_timed_bans
from packages.bangui.tests.filled_history import NOW, FilledHistory, FixedPlaces
from packages.bangui.tests.memory import MemoryGateway


@dataclass(slots=True)
class Outcome:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Bangui:
    """Runs the command line; `columns` makes standard output a terminal of that width.

    The history is made when a test records something in it. `collected` is how collecting goes, `collecting` what it
    was asked. `typed` is what is answered to the `prompts` for a password.
    """

    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    history: FilledHistory
    now: datetime = NOW
    collected: CollectorState = field(default_factory=lambda: CollectorState("memory"))
    collecting: list[Namespace] = field(default_factory=list)
    gateway: MemoryGateway = field(init=False)
    environment: dict[str, str] = field(default_factory=lambda: {"TERM": "dumb"})
    opened: list[tuple[str, float]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gateway = MemoryGateway(now=lambda: self.now)

    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def __call__(self, *words: str, columns: int | None = None, stdin: str = "") -> Outcome:
        environment = {"BANGUI_HISTORY": str(self.history.path), **self.environment}
        if columns is not None:
            environment["COLUMNS"] = str(columns)
        self.capsys.readouterr()
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            patch.setattr(sys.stdout, "isatty", lambda: columns is not None, raising=False)
            code = run(words, self._parts(), environment)
        captured = self.capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    def _parts(self) -> Parts:
        def open_gateway(path: str, timeout: float) -> Gateway:
            self.opened.append((path, timeout))
            return self.gateway

        def unused(*_: object) -> int:
            raise AssertionError("this command starts an event loop")

        return Parts(
            open_gateway=open_gateway,
            run_once=finish,
            watch=unused,
            serve=unused,
            demo=unused,
            own_addresses=lambda: (parse_address("198.51.100.1"),),
            login_addresses=lambda: (parse_address("198.18.0.50"),),
            surroundings=lambda: (Protected(parse_address("198.51.100.254"), Standing.GATEWAY),),
            now=lambda: self.now,
            open_history=self.history.open,
            open_writer=self._open_writer,
            open_timed_bans=open_timed_bans,
            open_places=lambda data: FixedPlaces(),
            collect=self._collect,
            geo_tools=self._geo_tools,
            run_access=run_access,
            ask_password=self._ask_password,
        )

    def _open_writer(self, location: str, data: str, make: bool) -> AbstractContextManager[HistoryWriter]:
        return self.history.writing(location, is_made=make)

    def _collect(self, options: Namespace, progress: Progress) -> CollectorState:
        self.collecting.append(options)
        progress(1, 2)
        return self.collected

    def _ask_password(self, prompt: str) -> str:
        self.prompts.append(prompt)
        return self.typed.pop(0)

    def _geo_tools(self) -> GeoTools:
        raise AssertionError("the tests of geo hand in tools of their own")
