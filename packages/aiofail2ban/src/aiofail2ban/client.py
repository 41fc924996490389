"""The client: one typed method per command of the daemon, and raw `send` for everything else."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ._command import Command, Fail2BanCommand, Fail2BanResponse, T, interpret
from ._encode import encode_request
from ._server import ServerCommands
from .errors import Fail2BanCommandError, Fail2BanError

# asyncio and logging cost a command line 50 ms of its start. They come with the first request, so that a program
# that only needs the protocol can import this package without them.
if TYPE_CHECKING:
    from asyncio import Future

    from ._session import Session

DEFAULT_TIMEOUT = 5.0

# Raw commands that change nothing, by their first word.
_READING_WORDS = frozenset(
    {
        "banned",
        "echo",
        "get",
        "ping",
        "server-status",
        "statistic",
        "statistics",
        "stats",
        "status",
        "version",
    }
)


class Fail2BanClient(ServerCommands):
    """A fail2ban daemon behind its Unix socket.

    Commands share one persistent connection, are sent in the order of the calls, and may be awaited concurrently.
    The connection is made by the first command and made again when it broke. Use the client from one event loop at
    a time; after `asyncio.run` has ended it works in the next one. Closing is tidy, not necessary.

        async with Fail2BanClient("/run/fail2ban/fail2ban.sock") as client:
            print(await client.status())

    `timeout` is the limit in seconds for each command, counted from the call; slow commands are granted more.
    `max_in_flight` bounds the commands that are sent and not yet answered. A reply larger than `max_reply_bytes` is
    refused.

    A missing socket fails at once. A connection that is refused, or finds the daemon's queue of connections full, is
    tried `connect_attempts` times: after `connect_backoff` seconds, then after twice as long each time. At a full
    queue an attempt lasts up to 0.1 s, in which it knocks again and again, so that many clients at once all get in.
    With the defaults a daemon that is dead is reported after 0.45 s, one whose queue stays full after 0.75 s, and
    neither ever later than the command's own limit.

    Commands raise `Fail2BanConnectionError` (`Fail2BanTimeoutError` when too slow), `Fail2BanProtocolError`, or
    `Fail2BanCommandError` with what the daemon said.
    """

    def __init__(
        self,
        socket_path: str | os.PathLike[str],
        timeout: float = DEFAULT_TIMEOUT,
        *,
        max_in_flight: int = 200,
        connect_attempts: int = 3,
        connect_backoff: float = 0.15,
        max_reply_bytes: int = 64 * 1024 * 1024,
    ) -> None:
        super().__init__()
        for name, number in (
            ("timeout", timeout),
            ("max_in_flight", max_in_flight),
            ("connect_attempts", connect_attempts),
            ("max_reply_bytes", max_reply_bytes),
        ):
            if not number > 0:
                raise ValueError(f"{name} must be greater than 0, not {number!r}")
        if not connect_backoff >= 0:
            raise ValueError(f"connect_backoff must not be negative, got {connect_backoff!r}")
        self.socket_path = os.fspath(socket_path)
        self.timeout = timeout
        self._max_in_flight = max_in_flight
        self._connect_attempts = connect_attempts
        self._connect_backoff = connect_backoff
        self._max_reply_bytes = max_reply_bytes
        self._session: Session | None = None

    async def send(self, command: Fail2BanCommand, *, timeout: float | None = None) -> Fail2BanResponse:
        """Send any sequence of tokens and return the reply as the daemon sent it.

        `str`, `bool`, `int`, `float`, `list`, `dict` and `set` travel as they are, everything else as `str(token)`.
        The reply is a tuple `(code, value)`, where a code other than 0 comes with a `RemoteObject` that describes
        the daemon's exception, or the bare text `'ERROR: ...'` of a daemon that could not read the request.
        `timeout` (seconds) replaces the client's own limit for this call.

        The daemon evaluates some values as Python code, as root. Prefer the typed methods for what people typed.
        """
        limit = self.timeout if timeout is None else timeout
        if not limit > 0:
            raise ValueError(f"timeout must be greater than 0, not {limit!r}")
        payload = encode_request(command)
        # What was sent, for the log, whatever the caller does with a list of its own while it waits.
        tokens = tuple(command)
        return await self._submit(tokens, payload, limit, reads=_is_reading(tokens))

    async def ping(self) -> bool:
        """Return whether the daemon answers; never raises for one that is away or talks nonsense."""
        try:
            return await self.send(["ping"]) == (0, "pong")
        except Fail2BanError:
            return False

    async def execute(self, command: Command[T]) -> T:
        """Send a typed command and return its parsed reply."""
        return interpret(command, await self._submit_typed(command, encode_request(command.request)))

    async def execute_each(self, commands: Sequence[Command[T]]) -> list[T | Fail2BanCommandError]:
        """Send typed commands at once; return for each, in order, its parsed reply or the daemon's error.

        When one of them must not be sent, none is.
        """
        payloads = [encode_request(command.request) for command in commands]
        replies = [self._submit_typed(command, payload) for command, payload in zip(commands, payloads, strict=True)]
        outcomes: list[T | Fail2BanCommandError] = []
        try:
            for command, reply in zip(commands, replies, strict=True):
                try:
                    outcomes.append(interpret(command, await reply))
                except Fail2BanCommandError as error:
                    outcomes.append(error)
        finally:
            # What nobody waits for any more, after another failure or a cancellation.
            for reply in replies:
                reply.cancel()
        return outcomes

    async def aclose(self) -> None:
        """Close the connection. Commands still waiting raise `Fail2BanConnectionError`; a later one reconnects."""
        self._drop_session()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._drop_session()

    def __del__(self) -> None:
        # An owner who forgot to close it leaks nothing: the socket is ours, not a transport of the loop.
        session = getattr(self, "_session", None)
        if session is not None:
            session.close_from_anywhere()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.socket_path!r}, timeout={self.timeout!r})"

    def _submit_typed(self, command: Command[T], payload: bytes) -> Future[Fail2BanResponse]:
        return self._submit(command.request, payload, self.timeout + command.extra_seconds, reads=command.reads)

    def _submit(
        self, command: Fail2BanCommand, payload: bytes, timeout: float, *, reads: bool
    ) -> Future[Fail2BanResponse]:
        session = self._session
        if session is None or not session.is_current:
            session = self._new_session()
        return session.submit(command, payload, timeout, reads=reads)

    def _new_session(self) -> Session:
        from asyncio import get_running_loop

        from ._session import Session, SessionOptions

        if self._session is not None and self._session.loop.is_running():
            raise RuntimeError("a Fail2BanClient serves one event loop at a time; make one per loop")
        self._drop_session()
        self._session = Session(
            self.socket_path,
            get_running_loop(),
            SessionOptions(
                max_in_flight=self._max_in_flight,
                connect_attempts=self._connect_attempts,
                connect_backoff=self._connect_backoff,
                max_reply_bytes=self._max_reply_bytes,
            ),
            _forgetter(self),
        )
        return self._session

    def _drop_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()


def _forgetter(client: Fail2BanClient) -> Callable[[], None]:
    """Return a function that makes `client` probe again what the daemon can, without keeping the client alive.

    The event loop holds the connection. Were the client reachable from there, its owner could not forget it.
    """
    reference = weakref.ref(client)

    def forget() -> None:
        client = reference()
        if client is not None:
            client.forget_capabilities()

    return forget


def _is_reading(command: Fail2BanCommand) -> bool:
    return len(command) > 0 and isinstance(command[0], str) and command[0] in _READING_WORDS
