"""What can go wrong with accounts and logins, beside what is no error: a login that is refused."""

from __future__ import annotations

from bangui.domain.errors import BanGUIError
from bangui.domain.phrases import phrase


class AccessUnavailable(BanGUIError):
    """Nobody can be let in or asked for now, because the accounts cannot be read or written.

    The text is for strangers as well: what exactly is wrong only the log says.
    """

    def __init__(self) -> None:
        super().__init__(
            phrase("accounts are out of reach at the moment"), phrase("the log of BanGUI says why; try again later")
        )


class AccountRefused(BanGUIError):
    """What was asked of an account cannot be done; nothing was changed."""


class UnknownUser(AccountRefused):
    """There is no such account."""

    def __init__(self, name: str) -> None:
        super().__init__(phrase("there is no user named {name!r}", name=name), phrase("see the list of users"))
        self.name = name


class NameTaken(AccountRefused):
    """There is such an account already."""

    def __init__(self, name: str) -> None:
        super().__init__(phrase("there is a user named {name!r} already", name=name), phrase("choose another name"))
        self.name = name


class LastAdministrator(AccountRefused):
    """Nobody would be left who can manage accounts."""

    def __init__(self) -> None:
        super().__init__(phrase("this is the last administrator"), phrase("make somebody else an administrator first"))


class SetupRefused(AccountRefused):
    """The link that makes the first administrator is wrong, too old or used."""

    def __init__(self) -> None:
        super().__init__(
            phrase("this link is not good any more"),
            phrase("start the service again for a new one, or use bangui user add"),
        )


class TooBusy(BanGUIError):
    """Too many passwords are being looked at."""

    def __init__(self) -> None:
        super().__init__(phrase("too many people log in at this moment"), phrase("try again in a moment"))


class TooMany(AccountRefused):
    """An account has as many of these as one may have."""
