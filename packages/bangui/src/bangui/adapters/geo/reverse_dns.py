"""The name that somebody claims for an address. The only look-up that leaves the machine, and never on its own.

Whoever owns an address decides what its name is: an answer is an attacker's text. It is cut to what a name can have,
returned raw, and shown inert. Only a name that leads back to the address (`must_lead_back`) says a little about who it
is.

The system's resolver blocks and cannot be interrupted, so it is asked in a thread that nobody waits for longer than
`timeout`, and that does not keep the process from ending. When too many of them hang, the next answer is none.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from bangui.domain.places import IPAddress

_LONGEST_NAME = 255
_THREADS = "reverse-dns"
_MOST_THREADS = 16


async def reverse_name(
    address: IPAddress,
    timeout: float,
    *,
    must_lead_back: bool = False,
    look_up: Callable[[IPAddress], str] | None = None,
) -> str | None:
    """Return the name of an address, None where there is none or `timeout` seconds are over; never raises.

    `look_up` asks the resolver of the system unless another one is given.
    """
    if sum(thread.name == _THREADS for thread in threading.enumerate()) >= _MOST_THREADS:
        return None
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str | None] = loop.create_future()

    def work() -> None:
        name = _ask(address, look_up or _ask_system, must_lead_back=must_lead_back)
        # The loop may have gone while the resolver thought.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, answer, name)

    threading.Thread(target=work, name=_THREADS, daemon=True).start()
    try:
        async with asyncio.timeout(timeout):
            return await answer
    except TimeoutError:
        return None


def reverse_name_now(address: IPAddress, timeout: float) -> str | None:
    """Return the name of an address where no event loop runs."""
    return asyncio.run(reverse_name(address, timeout))


def _settle(answer: asyncio.Future[str | None], name: str | None) -> None:
    if not answer.done():
        answer.set_result(name)


def _ask(address: IPAddress, look_up: Callable[[IPAddress], str], *, must_lead_back: bool) -> str | None:
    # UnicodeError: a name that is no name.
    try:
        name = look_up(address)[:_LONGEST_NAME]
        if must_lead_back and not _leads_back(name, address):
            return None
    except (OSError, UnicodeError):
        return None
    return name or None


def _ask_system(address: IPAddress) -> str:
    return socket.getnameinfo((str(address), 0), socket.NI_NAMEREQD)[0]


def _leads_back(name: str, address: IPAddress) -> bool:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return str(address) in {entry[4][0] for entry in found}
