"""Everything about accounts that the pages need, put together."""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.access_ports import AccountStore
from bangui.domain.logins import SessionRules
from bangui.domain.proof_ports import OneTimeCodes, PasswordHashes
from bangui.services.account_store import ask
from bangui.services.accounts import AccountService
from bangui.services.api_tokens import ApiTokenService
from bangui.services.audit import AuditTrail
from bangui.services.confirmations import Confirmations
from bangui.services.door import Door
from bangui.services.hashing import Hashing
from bangui.services.login import LoginService
from bangui.services.second_factor import SecondFactor
from bangui.services.sessions import SessionService
from bangui.services.setup_link import SetupLink


@dataclass(frozen=True, slots=True)
class Access:
    """The services of one console's accounts, which share a store, the hashing of passwords, and the rules."""

    store: AccountStore
    rules: SessionRules
    login: LoginService
    sessions: SessionService
    accounts: AccountService
    second_factor: SecondFactor
    tokens: ApiTokenService
    setup: SetupLink
    trail: AuditTrail
    confirmations: Confirmations

    @classmethod
    def over(
        cls, store: AccountStore, hashes: PasswordHashes, codes: OneTimeCodes, rules: SessionRules | None = None
    ) -> Access:
        """Put the services together over a store."""
        rules = rules or SessionRules()
        hashing = Hashing(hashes)
        confirmations = Confirmations(store, hashing)
        return cls(
            store,
            rules,
            LoginService(store, hashing, codes, Door(), rules=rules),
            SessionService(store, rules=rules),
            AccountService(store, hashing, confirmations),
            SecondFactor(store, codes, confirmations),
            ApiTokenService(store),
            SetupLink(store, hashing, rules=rules),
            AuditTrail(store),
            confirmations,
        )

    async def has_accounts(self) -> bool:
        """Whether there is any account; raises `AccessUnavailable`."""
        return await ask(lambda: self.store.users.count() > 0)
