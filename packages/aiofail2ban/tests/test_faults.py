"""A stream that is cut, delayed, stalled or corrupted at any byte never gives anybody somebody else's reply.

The server here answers each command with a text of its own, and damages what it sends as a plan says. The rule, for
any plan: a call ends with its own reply, or with an error of ours, or cancelled; a command that changes something is
never carried out twice, one that reads at most twice; and once the faults are over, the client works.
"""

from __future__ import annotations

import asyncio
import pickle
import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiofail2ban import Fail2BanClient, Fail2BanConnectionError, Fail2BanError, Fail2BanProtocolError
from aiofail2ban._encode import END_MARKER
from aiofail2ban.testing import FakeServer, encode_reply

Kind = Literal["cut", "stall", "delay", "corrupt", "split"]
KINDS: tuple[Kind, ...] = ("cut", "stall", "delay", "corrupt", "split")
PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the stream of replies of one connection at one byte."""

    at: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what to send, how long to wait, and when to lose patience."""

    word: Literal["get", "set"]
    timeout: float = 5.0
    cancel_after: float | None = None


def text(word: str, number: int) -> str:
    """The reply that belongs to one command and to no other; not all are short."""
    return f"{word} {number} " * (1 + number % 3 * 20)


class FaultyServer:
    """Answers commands as `text` says; connection number n suffers `faults[n]`, later ones nothing."""

    def __init__(self, faults: list[list[Fault]]) -> None:
        self.carried_out: Counter[str] = Counter()
        self._faults = [sorted(plan, key=lambda fault: fault.at) for plan in faults]
        self._connections = 0
        self._handlers: set[asyncio.Task[None]] = set()
        self._directory = tempfile.TemporaryDirectory(prefix="f2b-")
        self.socket_path = str(Path(self._directory.name, "f2b.sock"))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._accept, self.socket_path, backlog=10)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)
        self._directory.cleanup()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        plan = self._faults[self._connections] if self._connections < len(self._faults) else []
        self._connections += 1
        handler = asyncio.create_task(self._serve(reader, writer, list(plan)))
        self._handlers.add(handler)
        handler.add_done_callback(self._handlers.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, plan: list[Fault]) -> None:
        position = 0
        try:
            while True:
                message = await reader.readuntil(END_MARKER)
                word, number = pickle.loads(message)
                self.carried_out[f"{word} {number}"] += 1
                reply = bytearray(encode_reply((0, text(word, number))))
                end = position + len(reply)
                while plan and plan[0].at < end:
                    fault = plan.pop(0)
                    await self._suffer(fault.kind, reply, fault.at - position, reader, writer)
                    position = end - len(reply)
                writer.write(reply)
                await writer.drain()
                position = end
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _suffer(
        self, kind: Kind, reply: bytearray, at: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Write `reply` up to the byte `at`, which happens to it; the rest stays in `reply`."""
        if kind == "corrupt":
            reply[at] ^= 0x80
            return
        writer.write(reply[:at])
        del reply[:at]
        await writer.drain()
        if kind == "cut":
            raise ConnectionResetError
        if kind == "stall":
            await reader.read(-1)
            raise ConnectionResetError
        await asyncio.sleep(PAUSE if kind == "delay" else 0)


async def make(client: Fail2BanClient, number: int, call: Call) -> object:
    task = asyncio.ensure_future(client.send([call.word, number], timeout=call.timeout))
    if call.cancel_after is not None:
        asyncio.get_running_loop().call_later(call.cancel_after, task.cancel)
    try:
        return await task
    except Fail2BanError as error:
        return error
    except asyncio.CancelledError:
        return "cancelled"


def check(call: Call, number: int, result: object) -> None:
    match result:
        case "cancelled":
            assert call.cancel_after is not None
        case Fail2BanConnectionError() | Fail2BanProtocolError():
            assert str(result)
        case (int(), body):
            # A corrupted byte may have changed the code, and nothing else that passes for a reply.
            assert body == text(call.word, number)
        case _:
            raise AssertionError(f"{call} ended with {result!r}")


async def run_plan(faults: list[list[Fault]], calls: list[Call], max_in_flight: int = 100) -> list[object]:
    async with FaultyServer(faults) as server:
        client = Fail2BanClient(server.socket_path, max_in_flight=max_in_flight, connect_backoff=0.01)
        results = await asyncio.gather(*(make(client, number, call) for number, call in enumerate(calls)))
        for number, (call, result) in enumerate(zip(calls, results, strict=True)):
            check(call, number, result)
        for command, count in server.carried_out.items():
            assert count <= (2 if command.startswith("get") else 1), command
        # Each of these may meet one more fault; then there are none left.
        last = len(calls)
        for _ in range(1 + sum(map(len, faults))):
            if await make(client, last, Call("get", timeout=0.3)) == (0, text("get", last)):
                break
        else:
            raise AssertionError("the client does not work again")
        await client.aclose()
    return results


SIX = [Call(word) for word in ("get", "set", "set", "get", "set", "get")]
STREAM = sum(len(encode_reply((0, text(call.word, number)))) for number, call in enumerate(SIX))


@pytest.mark.parametrize("kind", ["cut", "corrupt", "split"])
async def test_a_fault_at_every_single_byte_gives_everybody_their_own_reply_or_an_error(kind: Kind) -> None:
    step = 1 if kind == "cut" else 3
    for at in range(0, STREAM, step):
        results = await run_plan([[Fault(at, kind)]], SIX)
        if kind == "split":
            assert not any(isinstance(result, Exception) for result in results)


async def test_a_stall_at_any_byte_costs_only_those_behind_it() -> None:
    calls = [Call(call.word, timeout=0.05) for call in SIX]
    for at in range(0, STREAM, 41):
        await run_plan([[Fault(at, "stall")]], calls)


async def test_two_losses_in_a_row_are_one_too_many_even_for_what_reads() -> None:
    results = await run_plan([[Fault(10, "cut")], [Fault(10, "cut")]], SIX)
    assert all(isinstance(result, Fail2BanConnectionError) for result in results)


faults = st.lists(
    st.lists(st.builds(Fault, st.integers(0, 1500), st.sampled_from(KINDS)), max_size=4),
    max_size=4,
)
calls = st.lists(
    st.builds(
        Call,
        st.sampled_from(["get", "set"]),
        st.sampled_from([0.02, 0.05, 0.1]),
        st.none() | st.sampled_from([0.0, 0.005, 0.03]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(faults, calls, st.sampled_from([1, 3, 100]))
def test_no_plan_of_faults_gives_anybody_somebody_elses_reply(
    faults: list[list[Fault]], calls: list[Call], max_in_flight: int
) -> None:
    asyncio.run(run_plan(faults, calls, max_in_flight))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
async def test_a_long_run_of_faults_gives_nobody_somebody_elses_reply(seed: int) -> None:
    choose = random.Random(seed)
    plans = [
        [Fault(choose.randrange(20_000), choose.choice(KINDS)) for _ in range(choose.randrange(5))] for _ in range(60)
    ]
    many = [
        Call(
            choose.choice(["get", "set"]),
            choose.choice([0.05, 0.2, 2.0]),
            choose.choice([None, None, None, choose.uniform(0, 0.3)]),
        )
        for _ in range(3000)
    ]
    await run_plan(plans, many, choose.choice([1, 10, 100]))


async def test_restarts_in_the_middle_of_a_pipeline_give_everybody_their_own_reply_or_an_error(tmp_path: Path) -> None:
    carried_out: Counter[str] = Counter()

    async def answer(command: list[object]) -> object:
        carried_out[str(command)] += 1
        await asyncio.sleep(0)
        return text(str(command[0]), int(str(command[1])))

    server = FakeServer(answer, socket_path=tmp_path / "f2b.sock")
    await server.start()
    client = Fail2BanClient(server.socket_path, timeout=2)
    calls = [Call("get" if number % 2 else "set", timeout=2) for number in range(1000)]
    working: list[object] = []

    async def work() -> None:
        for start in range(0, len(calls), 50):
            batch = enumerate(calls[start : start + 50], start)
            working.extend(await asyncio.gather(*(make(client, number, call) for number, call in batch)))

    running = asyncio.ensure_future(work())
    while not running.done():
        await asyncio.sleep(0.01)
        await server.stop()
        await asyncio.sleep(0.001)
        await server.start()
    await running
    for number, (call, result) in enumerate(zip(calls, working, strict=True)):
        check(call, number, result)
    assert sum(isinstance(result, tuple) for result in working) > 100
    assert all(count <= (2 if "get" in command else 1) for command, count in carried_out.items())
    assert await client.send(["get", 0]) == (0, text("get", 0))
    assert server.most_connections <= 2
    await client.aclose()
    await server.stop()
