"""Asks for the password again before what a stolen session must not be able to do."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from bangui.domain.accounts import Via
from bangui.domain.logins import LoginRefused, RefusalReason
from bangui.domain.secret import Secret
from bangui.services.access import Access
from bangui.web.access import caller_of
from bangui.web.forms import form_of
from bangui.web.language import gettext as _
from bangui.web.language import ngettext

CONFIRMATION_FIELD = "own_password"


def asks_password(connection: HTTPConnection) -> bool:
    """Whether somebody has a password that can be asked for: a proxy that vouches for them has asked already."""
    principal = caller_of(connection).principal
    return principal is not None and principal.via is not Via.PROXY


async def refusal_of(connection: HTTPConnection, access: Access) -> str:
    """Return why a form is not done, as its password is not right; empty where it is."""
    caller = caller_of(connection)
    if caller.principal is None or not asks_password(connection):
        return ""
    password = Secret(form_of(connection).raw(CONFIRMATION_FIELD))
    refused = await access.confirmations.refusal(caller.principal, password, caller.visitor)
    return "" if refused is None else words_of_refusal(refused)


def words_of_refusal(refused: LoginRefused) -> str:
    """Return what is told to somebody who is logged in and whose password or code was not accepted."""
    match refused.reason:
        case RefusalReason.WAIT:
            words = ngettext(
                "Too many attempts: wait %(number)s second, then try again.",
                "Too many attempts: wait %(number)s seconds, then try again.",
                refused.wait,
            )
            return words % {"number": refused.wait}
        case RefusalReason.BUSY:
            return _("Too many passwords are being looked at. Try again.")
        case _:
            return _("That is not your password. Nothing was changed.")
