"""Everybody who takes part, each on the same daemon."""

from __future__ import annotations

from typing import Self

from aiofail2ban.testing import Fail2BanProcess
from bench.our_client import OurClient
from bench.pool_client import PatientPoolClient, PoolClient
from bench.raw_socket import RawSocket
from bench.stock_clients import StockClass, StockProgram
from bench.work import Contestant


class Contestants:
    """The contestants of one daemon: `async with Contestants(daemon) as contestants`."""

    def __init__(self, daemon: Fail2BanProcess) -> None:
        self.ours = OurClient(daemon.socket_path)
        self.pool = PoolClient(daemon.socket_path)
        self.patient_pool = PatientPoolClient(daemon.socket_path)
        self.stock_class = StockClass(daemon)
        self.stock_program = StockProgram(daemon)
        self.raw = RawSocket(daemon.socket_path)

    @property
    def in_process(self) -> tuple[Contestant, ...]:
        """Those that live in a process that is there already; ours first."""
        return (self.ours, self.pool, self.patient_pool, self.stock_class)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for contestant in (*self.in_process, self.stock_program, self.raw):
            await contestant.aclose()
