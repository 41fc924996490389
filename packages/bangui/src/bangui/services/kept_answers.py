"""Use case: make a change once, however often a program sends it with the same key.

What ends in an error of the server is forgotten, so that it can be tried again; everything else is answered again as it
was. A request that was given up half way (the process has ended) leaves its key in progress for some minutes, after
which it counts as new.
"""

from __future__ import annotations

import hashlib
import hmac

from bangui.domain.kept_answers import AnswerStore, KeptAnswer, KeyedRequest, KeyState
from bangui.services.account_store import ask, mention
from bangui.services.clock import Now, unix_milliseconds


def keyed_request(owner: str, key: str, content: bytes) -> KeyedRequest:
    """Return a request by its digests: whose it is, the key that they gave it, and everything that it says.

    The digest of the content is made with the key, of which only a digest is stored: where the key is a good one,
    nobody can try passwords on what is kept.
    """
    secret = f"bangui\0change\0{owner}\0{key}".encode()
    return KeyedRequest(hashlib.sha256(secret).digest(), hmac.digest(secret, content, "sha256"))


class KeptAnswers:
    """The answers of one console."""

    def __init__(self, store: AnswerStore, *, now: Now = unix_milliseconds) -> None:
        self._store = store
        self._now = now

    async def begin(self, request: KeyedRequest) -> KeyState:
        """Begin to work on a request, unless its key is known; raises `AccessUnavailable`."""
        now = self._now()
        return await ask(lambda: self._store.begin(request, now))

    async def keep(self, request: KeyedRequest, answer: KeptAnswer) -> None:
        """Keep an answer; where that fails, the key stays in progress until it counts as given up."""
        await mention(lambda: self._store.keep(request, answer))

    async def forget(self, request: KeyedRequest) -> None:
        """Forget a request that has failed."""
        await mention(lambda: self._store.forget(request))
