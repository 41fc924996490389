"""API tokens: what programs show instead of a session.

A token is a secret of 256 random bits after `bgt_`, by which people and scanners of source code know it. It is shown
once, when it is made, and kept as a digest (`Secret.digest` says why that is enough). It ends by itself, can do no more
than its owner may at that moment, and nothing beyond what it was made for. Wrong tokens are not slowed down: nobody
guesses 256 bits, and a program with an old token is no attacker.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bangui.domain.access_ports import AccountStore, NewToken
from bangui.domain.accounts import Actor, ApiToken, Principal, Scope, User, Via
from bangui.domain.audit import AccessAction, entry_of
from bangui.domain.errors import InvalidInput
from bangui.domain.logins import DAY
from bangui.domain.phrases import phrase
from bangui.domain.secret import Purpose, Secret, is_encoded_secret
from bangui.services.account_store import ask, mention
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.new_secrets import new_id, new_secret

PREFIX = "bgt_"
LONGEST_LIFE = 366 * DAY
MOST_TOKENS = 50
"""Of one account, beside those that have ended."""
LONGEST_NAME = 80
_SHOWN_CHARACTERS = len(PREFIX) + 4
_TOUCH_MILLISECONDS = 60_000


class ApiTokenService:
    """The API tokens of one console."""

    def __init__(self, store: AccountStore, *, now: Now = unix_milliseconds) -> None:
        self._store = store
        self._now = now

    async def make(
        self, owner: User, name: str, scopes: AbstractSet[Scope], seconds: int, by: Actor
    ) -> tuple[ApiToken, Secret]:
        """Make a token that holds for so many seconds, and return it with its secret, which is kept nowhere.

        Raises `InvalidInput`, and `TooMany` where the owner has as many as one may have.
        """
        label = _checked(owner, name, scopes, seconds)
        secret, now = new_secret(PREFIX), self._now()
        token = ApiToken(
            id=new_id(),
            user_id=owner.id,
            user_name=owner.name,
            name=label,
            shown=secret.reveal()[:_SHOWN_CHARACTERS],
            scopes=frozenset(scopes),
            created=now,
            ends=now + seconds * 1000,
        )
        new = NewToken(token, secret.digest(Purpose.API))
        words = " ".join(sorted(scope.value for scope in scopes))
        entry = entry_of(by, now, AccessAction.API_ADD, owner.name, f"{token.shown}... {label}: {words}")
        await ask(lambda: self._store.tokens.add(new, MOST_TOKENS, entry))
        return token, secret

    async def principal(self, secret: Secret, address: str | None) -> Principal | None:
        """Return who has this token; None where it is none, or over."""
        if not is_encoded_secret(secret, PREFIX):
            return None
        digest = secret.digest(Purpose.API)
        found = await ask(lambda: self._store.tokens.find(digest))
        if found is None:
            return None
        token, user = found
        now = self._now()
        if user.is_disabled or now >= token.ends:
            return None
        if token.used is None or abs(now - token.used) >= _TOUCH_MILLISECONDS:
            await mention(lambda: self._store.tokens.touch(token.id, now, address))
        return Principal(user, Via.API, token=token)

    async def tokens(self, owner: User | None = None) -> Sequence[ApiToken]:
        """Return the tokens of an account, or of all, the newest first; also those that have ended."""
        return await ask(lambda: self._store.tokens.all(None if owner is None else owner.id))

    async def remove(self, token: ApiToken, by: Actor) -> bool:
        """Remove a token, which ends at once; False where it is gone."""
        entry = entry_of(by, self._now(), AccessAction.API_REMOVE, token.user_name, f"{token.shown}... {token.name}")
        return await ask(lambda: self._store.tokens.remove(token.id, token.user_id, entry))


def _checked(owner: User, name: str, scopes: AbstractSet[Scope], seconds: int) -> str:
    """Return the name of a token that can be made, or raise `InvalidInput`."""
    label = " ".join(name.split())
    if not label or len(label) > LONGEST_NAME or not label.isprintable():
        raise InvalidInput(
            phrase("a token needs a name"),
            phrase("say in up to {longest} characters what it is for", longest=LONGEST_NAME),
        )
    if not scopes:
        raise InvalidInput(phrase("a token must be good for something"), phrase("choose what it may do"))
    too_much = sorted(scope.value for scope in scopes if scope.least_role > owner.role)
    if too_much:
        raise InvalidInput(
            phrase("{name} may not {too_much}, and no token of theirs can", name=owner.name, too_much=too_much[0]),
            phrase("choose less"),
        )
    if not 0 < seconds <= LONGEST_LIFE:
        raise InvalidInput(
            phrase("a token ends by itself"), phrase("let it hold for {days} days at most", days=LONGEST_LIFE // DAY)
        )
    return label
