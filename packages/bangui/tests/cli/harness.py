"""The command line over jails in memory, as a function from words to what a person sees."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bangui.adapters.oneshot import finish
from bangui.cli.main import run
from bangui.cli.parts import Parts
from bangui.domain.addresses import parse_address
from bangui.domain.gateway import Gateway
from packages.bangui.tests.memory import MemoryGateway

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Outcome:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Bangui:
    """Runs the command line; `columns` makes standard output a terminal of that width."""

    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    now: datetime = NOW
    gateway: MemoryGateway = field(init=False)
    environment: dict[str, str] = field(default_factory=lambda: {"TERM": "dumb"})
    opened: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gateway = MemoryGateway(now=lambda: self.now)

    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def __call__(self, *words: str, columns: int | None = None, stdin: str = "") -> Outcome:
        environment = dict(self.environment)
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
            now=lambda: self.now,
        )
