"""What is one's own: sessions and tokens, which a token alone must not change.

Somebody who gets hold of a token must not be able to make another one that lasts longer or may do more, nor to take
away those of its owner. A token therefore needs the scope `administer` for such changes. In a session they are made on
the pages, which ask for the password: the gate lets none through to here.
"""

from __future__ import annotations

from bangui.domain.accounts import Principal, Scope
from bangui.web.access import Caller
from bangui.web.api.problems import ApiError


def person(caller: Caller, *, changes: bool = False) -> Principal:
    """Return who asks; raises `ApiError` where it is a token that may not change what is its owner's."""
    principal = caller.principal
    if principal is None:
        raise ApiError("unauthorized", "BanGUI does not know who asks.")
    if changes and principal.token is not None and not principal.may(Scope.ADMINISTER):
        raise ApiError(
            "forbidden",
            "A token needs the scope `administer` for this.",
            "Use another token, or the page of your settings.",
        )
    return principal
