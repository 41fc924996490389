"""Replies go to requests in order, and to nobody else."""

from __future__ import annotations

import asyncio
import pickle
import socket

import pytest

from aiofail2ban import Fail2BanProtocolError, encode_request
from aiofail2ban._encode import END_MARKER
from aiofail2ban._pipeline import Pipeline, Request


def reply(value: object) -> bytes:
    return pickle.dumps((0, value), 5) + END_MARKER


class Line:
    """A pipeline, the daemon's end of it, and what the pipeline told."""

    def __init__(self) -> None:
        here, self.daemon = socket.socketpair(socket.AF_UNIX)
        here.setblocking(False)
        self.losses: list[OSError | Fail2BanProtocolError | None] = []
        self.replied = 0
        self.pipeline = Pipeline(here, asyncio.get_running_loop(), 10_000, self._on_reply, self._on_lost)

    def _on_reply(self, pipeline: Pipeline) -> None:
        self.replied += 1

    def _on_lost(self, pipeline: Pipeline, error: OSError | Fail2BanProtocolError | None) -> None:
        self.losses.append(error)

    def request(self, word: str, timeout: float = 5, *, reads: bool = False) -> Request:
        return Request([word], encode_request([word]), asyncio.get_running_loop(), timeout, reads=reads)

    def close(self) -> None:
        self.pipeline.close()
        self.daemon.close()


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_replies_are_matched_in_order_whatever_their_pieces() -> None:
    line = Line()
    requests = [line.request(word) for word in "abc"]
    line.pipeline.send(requests)
    assert line.daemon.recv(1000) == b"".join(encode_request([word]) for word in "abc")
    for byte in reply("A") + reply("B") + reply("C"):
        line.daemon.send(bytes([byte]))
        await turns(1)
    await turns()
    assert [request.future.result() for request in requests] == [(0, "A"), (0, "B"), (0, "C")]
    assert not line.pipeline.in_flight
    line.close()


async def test_the_reply_of_a_caller_who_gave_up_goes_to_nobody() -> None:
    line = Line()
    first, second = line.request("a"), line.request("b")
    line.pipeline.send([first, second])
    first.future.cancel()
    assert line.pipeline.awaited_count == 1
    line.daemon.send(reply("A") + reply("B"))
    await turns()
    assert second.future.result() == (0, "B")
    line.close()


@pytest.mark.parametrize("stray", [reply("stray"), reply("stray")[:1], reply("stray")[:20], b"nonsense"])
async def test_bytes_that_nobody_asked_for_end_the_connection(stray: bytes) -> None:
    line = Line()
    line.daemon.send(stray)
    await turns()
    (error,) = line.losses
    assert isinstance(error, Fail2BanProtocolError)
    assert not line.pipeline.is_open
    line.close()


async def test_the_beginning_of_a_reply_that_nobody_asked_for_does_not_become_the_next_callers() -> None:
    line = Line()
    first = line.request("a")
    line.pipeline.send([first])
    line.daemon.send(reply("A") + reply("stray")[:10])
    await turns()
    assert first.future.result() == (0, "A")
    assert "nobody had asked" in str(line.losses[0])
    line.close()


async def test_replies_before_an_undecodable_one_reach_their_callers() -> None:
    line = Line()
    first, second = line.request("a"), line.request("b")
    line.pipeline.send([first, second])
    line.daemon.send(reply("A") + b"nonsense")
    await turns()
    assert first.future.result() == (0, "A")
    assert isinstance(line.losses[0], Fail2BanProtocolError)
    assert line.pipeline.take_requests() == [second]
    assert line.pipeline.take_requests() == []
    line.close()


async def test_the_end_of_the_connection_is_told_once() -> None:
    line = Line()
    request = line.request("a")
    line.pipeline.send([request])
    line.daemon.close()
    await turns()
    assert len(line.losses) == 1
    line.pipeline.send([line.request("b")])
    await turns()
    assert len(line.losses) == 1
    line.close()


async def test_only_what_left_to_its_last_byte_may_have_been_taken() -> None:
    line = Line()
    small = line.request("a")
    large = Request(["x"], b"x" * 5_000_000, asyncio.get_running_loop(), 5, reads=False)
    behind = line.request("b")
    line.pipeline.send([small, large, behind])
    assert line.pipeline.take_requests() == [small, large, behind]
    assert [request.may_be_taken for request in (small, large, behind)] == [True, False, False]
    assert [request.may_go_again for request in (small, large, behind)] == [False, True, True]
    line.close()


async def test_what_merely_reads_may_go_again_once() -> None:
    line = Line()
    request = line.request("status", reads=True)
    line.pipeline.send([request])
    line.pipeline.mark_taken()
    first_time = request.may_go_again
    request.is_resent = True
    assert (first_time, request.may_go_again) == (True, False)
    line.close()


async def test_a_connection_is_late_when_the_oldest_awaited_request_or_one_before_it_is() -> None:
    line = Line()
    now = asyncio.get_running_loop().time()
    given_up, first, second = line.request("a", 9), line.request("b", 5), line.request("c", 1)
    line.pipeline.send([given_up, first, second])
    given_up.future.cancel()
    assert not line.pipeline.is_late(now + 2)
    assert line.pipeline.is_late(now + 6)
    given_up.deadline = now + 1
    assert line.pipeline.is_late(now + 2)
    line.close()


async def test_an_error_for_a_caller_who_is_gone_is_no_noise(caplog: pytest.LogCaptureFixture) -> None:
    line = Line()
    request = line.request("a")
    request.fail(ValueError("no"))
    request.fail(ValueError("again"))
    del request
    await turns()
    assert caplog.records == []
    line.close()
