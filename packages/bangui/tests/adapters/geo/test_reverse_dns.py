from __future__ import annotations

import asyncio
import socket
import threading
from ipaddress import ip_address

import pytest

from bangui.adapters.geo.reverse_dns import reverse_name, reverse_name_now
from bangui.domain.places import IPAddress

LOOPBACK = ip_address("127.0.0.1")
SOMEBODY = ip_address("192.0.2.1")


async def test_the_system_names_this_machine() -> None:
    name = await reverse_name(LOOPBACK, 5.0)
    assert name
    assert await reverse_name(LOOPBACK, 5.0, must_lead_back=True) == name


def test_it_can_be_asked_where_no_event_loop_runs() -> None:
    assert reverse_name_now(LOOPBACK, 5.0)


@pytest.mark.parametrize("problem", [socket.gaierror(-2, "unknown"), OSError(), UnicodeError()])
async def test_no_name_and_a_resolver_that_fails_are_none(problem: Exception) -> None:
    def look_up(_: IPAddress) -> str:
        raise problem

    assert await reverse_name(SOMEBODY, 5.0, look_up=look_up) is None


@pytest.mark.parametrize("claim", ["\x1b[31mgoogle.com", "<script>", "a.b.c", "x" * 255])
async def test_a_claimed_name_is_returned_as_it_came(claim: str) -> None:
    assert await reverse_name(SOMEBODY, 5.0, look_up=lambda _: claim) == claim


async def test_a_name_is_cut_to_what_a_name_can_have() -> None:
    assert await reverse_name(SOMEBODY, 5.0, look_up=lambda _: "x" * 9_000) == "x" * 255
    assert await reverse_name(SOMEBODY, 5.0, look_up=lambda _: "") is None


async def test_a_name_that_does_not_lead_back_is_none_where_it_must() -> None:
    assert await reverse_name(SOMEBODY, 5.0, look_up=lambda _: "localhost") == "localhost"
    assert await reverse_name(SOMEBODY, 5.0, look_up=lambda _: "localhost", must_lead_back=True) is None
    assert await reverse_name(LOOPBACK, 5.0, look_up=lambda _: "localhost", must_lead_back=True) == "localhost"
    assert await reverse_name(SOMEBODY, 5.0, look_up=lambda _: "x" * 200, must_lead_back=True) is None


async def test_a_resolver_that_hangs_is_not_waited_for_and_cannot_pile_up() -> None:
    is_over = threading.Event()
    asked: list[IPAddress] = []

    def hang(address: IPAddress) -> str:
        asked.append(address)
        is_over.wait()
        return "late"

    try:
        names = await asyncio.gather(*(reverse_name(SOMEBODY, 0.1, look_up=hang) for _ in range(40)))
        assert names == [None] * 40
        assert len(asked) == 16
        assert await reverse_name(SOMEBODY, 5.0, look_up=lambda _: "name") is None
    finally:
        is_over.set()
    for thread in threading.enumerate():
        if thread.name == "reverse-dns":
            thread.join()
    assert await reverse_name(SOMEBODY, 5.0, look_up=lambda _: "name") == "name"


async def test_who_stops_waiting_is_not_disturbed_by_the_answer() -> None:
    may_answer = threading.Event()

    def answer_late(_: IPAddress) -> str:
        may_answer.wait()
        return "late"

    task = asyncio.create_task(reverse_name(SOMEBODY, 60.0, look_up=answer_late))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    may_answer.set()
    await asyncio.sleep(0.05)
