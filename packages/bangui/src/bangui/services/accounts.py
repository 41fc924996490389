"""Making, changing and removing accounts.

Who may ask for it is decided before (the gate of the pages, or the permissions of the database on the command line);
what must hold whoever asks is checked here and in the store: names and passwords that are good, and an administrator
who is left.
"""

from __future__ import annotations

from collections.abc import Sequence

from bangui.domain.access_errors import UnknownUser
from bangui.domain.access_ports import AccountStore, NewUser, UserChange
from bangui.domain.account_rules import canonical_name, check_password, parse_user_name
from bangui.domain.accounts import Actor, Principal, Role, User, Visitor
from bangui.domain.audit import AccessAction, entry_of
from bangui.domain.client_addresses import own_block, site_block
from bangui.domain.logins import LoginRefused
from bangui.domain.secret import Secret
from bangui.domain.throttle import ThrottleKind, account_key
from bangui.services.account_store import ask
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.confirmations import Confirmations
from bangui.services.hashing import Hashing
from bangui.services.new_secrets import new_id


class AccountService:
    """The accounts of one console."""

    def __init__(
        self, store: AccountStore, hashing: Hashing, confirmations: Confirmations, *, now: Now = unix_milliseconds
    ) -> None:
        self._store = store
        self._hashing = hashing
        self._confirmations = confirmations
        self._now = now

    async def users(self) -> Sequence[User]:
        """Return all accounts, in the order of their names."""
        return await ask(self._store.users.all)

    async def user(self, name: str) -> User:
        """Return an account, or raise `UnknownUser`."""
        canonical = canonical_name(name)
        found = None if canonical is None else await ask(lambda: self._store.users.credentials(canonical))
        if found is None:
            raise UnknownUser(name)
        return found.user

    async def add(self, name: str, password: Secret | None, role: Role, by: Actor) -> User:
        """Make an account; without a password only a trusted proxy can vouch for it.

        Raises `InvalidInput` for a name or a password that is none, and `NameTaken`.
        """
        parsed = parse_user_name(name)
        password_hash = None if password is None else await self._hash(password, parsed)
        new = NewUser(new_id(), parsed, role, password_hash)
        entry = entry_of(by, self._now(), AccessAction.USER_ADD, parsed, role.text)
        return await ask(lambda: self._store.users.add(new, entry))

    async def change_role(self, name: str, role: Role, by: Actor) -> None:
        """Give an account another role, from its next request on; raise `UnknownUser` or `LastAdministrator`."""
        user = await self.user(name)
        entry = entry_of(by, self._now(), AccessAction.USER_ROLE, user.name, f"{user.role.text} to {role.text}")
        await ask(lambda: self._store.users.change(user.id, UserChange(role=role), entry))

    async def disable(self, name: str, by: Actor) -> None:
        """Let nobody in with an account, nor with its tokens; raise `UnknownUser` or `LastAdministrator`."""
        user = await self.user(name)
        entry = entry_of(by, self._now(), AccessAction.USER_DISABLE, user.name)
        await ask(lambda: self._store.users.change(user.id, UserChange(is_disabled=True), entry))

    async def enable(self, name: str, by: Actor) -> None:
        """Let an account be used again; raise `UnknownUser`."""
        user = await self.user(name)
        entry = entry_of(by, self._now(), AccessAction.USER_ENABLE, user.name)
        await ask(lambda: self._store.users.change(user.id, UserChange(is_disabled=False), entry))

    async def remove(self, name: str, by: Actor) -> None:
        """Remove an account with its sessions and tokens; raise `UnknownUser` or `LastAdministrator`."""
        user = await self.user(name)
        entry = entry_of(by, self._now(), AccessAction.USER_REMOVE, user.name, user.role.text)
        await ask(lambda: self._store.users.remove(user.id, entry))

    async def set_password(self, name: str, password: Secret, by: Actor) -> None:
        """Give an account another password and end its sessions; raise `UnknownUser` or `InvalidInput`."""
        user = await self.user(name)
        change = UserChange(password_hash=await self._hash(password, user.name))
        entry = entry_of(by, self._now(), AccessAction.USER_CREDENTIALS, user.name)
        await ask(lambda: self._store.users.change(user.id, change, entry))

    async def change_password(
        self, principal: Principal, old: Secret, new: Secret, visitor: Visitor
    ) -> LoginRefused | None:
        """Give somebody another password who knows the old one, and end their other sessions; or refuse.

        Raises `InvalidInput` for a new password that is none.
        """
        user = principal.user
        check_password(new, user.name)
        if refused := await self._confirmations.refusal(principal, old, visitor):
            return refused
        change = UserChange(password_hash=await self._hash(new, user.name))
        entry = entry_of(principal.actor(visitor.address), self._now(), AccessAction.USER_CREDENTIALS, user.name, "own")
        keep = None if principal.session is None else principal.session.id
        await ask(lambda: self._store.users.change(user.id, change, entry, keep=keep))
        return None

    async def forgive(self, name: str, by: Actor) -> None:
        """Forget the attempts at an account, so that nobody has to wait for what others have done."""
        user = await self.user(name)
        keys = (
            (ThrottleKind.ACCOUNT, account_key(user.name)),
            (ThrottleKind.EVERYBODY, ""),
            (ThrottleKind.CODE, user.id),
            (ThrottleKind.CONFIRMATION, user.id),
        )
        entry = entry_of(by, self._now(), AccessAction.USER_FORGIVE, user.name)
        await ask(lambda: self._store.logins.forget_attempts(keys, entry))

    async def forgive_address(self, address: str, by: Actor) -> None:
        """Forget the attempts of an address."""
        keys = [(ThrottleKind.ADDRESS, own_block(address))]
        if site := site_block(address):
            keys.append((ThrottleKind.SITE, site))
        entry = entry_of(by, self._now(), AccessAction.USER_FORGIVE, address)
        await ask(lambda: self._store.logins.forget_attempts(keys, entry))

    async def _hash(self, password: Secret, name: str) -> str:
        check_password(password, name)
        return await self._hashing.make(password)
