"""One's own password and one-time codes; each step that weakens an account asks for its password again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar

from bangui.domain.account_rules import LONGEST_PASSWORD
from bangui.domain.accounts import Scope
from bangui.domain.logins import LoginRefused, RefusalReason
from bangui.domain.secret import Secret
from bangui.services.second_factor import RecoveryCodes
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.own import person
from bangui.web.api.parts import access_of
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.site import Site

_TAG = "Access"
_ONLY = "A token needs the scope `administer` for this."
_OLD = About("The password that it has now.", "four or more words", longest=LONGEST_PASSWORD)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OwnPassword:
    """The password, to show who asks."""

    password: Annotated[Secret, _OLD]


@dataclass(frozen=True, slots=True)
class OwnNewPassword:
    """Another password; all other sessions end."""

    password: Annotated[Secret, _OLD]
    new_password: Annotated[Secret, About("The new one.", "five other words of mine", longest=LONGEST_PASSWORD)]


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A one-time code of what an authenticator took in."""

    code: Annotated[Secret, About("The code.", "123456", longest=20)]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an authenticator is to take in. Codes are asked for once one of them was sent."""

    secret: Annotated[Secret, About("To be typed.", "JBSWY3DPEHPK3PXP")]
    uri: Annotated[Secret, About("The same, as the text of a picture.", "otpauth://totp/BanGUI:ada?secret=...")]


@dataclass(frozen=True, slots=True)
class RecoveryList:
    """Recovery codes, each of which is good once; they are told now and never again."""

    codes: Annotated[tuple[Secret, ...], About("The codes.", ("abcd-efgh-ijkl",))]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations of one's own account."""
    own, wrong = _Own(site), ("wrong-password",)
    return (
        Operation(
            "changeOwnPassword",
            "PUT",
            "/me/password",
            _TAG,
            "Change one's own password",
            Scope.READ,
            own.change_password,
            text=_ONLY,
            status=204,
            problems=wrong,
        ),
        *_of_codes(own, wrong),
    )


def _of_codes(own: _Own, wrong: tuple[str, ...]) -> tuple[Operation, ...]:
    path = "/me/codes"
    secret = (
        ("enrolCodes", path, "Begin to use one-time codes", own.enrol),
        ("confirmCodes", f"{path}/confirm", "Ask for one-time codes from now on", own.confirm),
        ("renewRecovery", f"{path}/recovery", "Replace the recovery codes", own.renew),
    )
    told = tuple(
        Operation(name, "POST", at, _TAG, summary, Scope.READ, answer, text=_ONLY, problems=wrong, is_secret=True)
        for name, at, summary, answer in secret
    )
    off = Operation(
        "turnOwnCodesOff",
        "POST",
        f"{path}/off",
        _TAG,
        "Ask for one-time codes no more",
        Scope.READ,
        own.turn_off,
        text=_ONLY,
        status=204,
        problems=wrong,
    )
    return (*told, off)


class _Own:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def change_password(self, call: Call[Nothing, OwnNewPassword]) -> Nothing:
        """Change one's own password."""
        principal, body, visitor = person(call.caller, changes=True), call.body, call.caller.visitor
        accounts = access_of(self._site).accounts
        _unless_refused(await accounts.change_password(principal, body.password, body.new_password, visitor))
        return Nothing()

    async def enrol(self, call: Call[Nothing, OwnPassword]) -> Enrolled:
        """Begin to use codes."""
        principal, visitor = person(call.caller, changes=True), call.caller.visitor
        begun = await access_of(self._site).second_factor.begin(principal, call.body.password, visitor)
        enrolment = _unless_refused(begun)
        return Enrolled(enrolment.secret, enrolment.uri)

    async def confirm(self, call: Call[Nothing, OwnCode]) -> RecoveryList:
        """Ask for codes from now on."""
        principal, visitor = person(call.caller, changes=True), call.caller.visitor
        return _recovery(await access_of(self._site).second_factor.finish(principal, call.body.code, visitor))

    async def renew(self, call: Call[Nothing, OwnPassword]) -> RecoveryList:
        """Replace the recovery codes."""
        principal, visitor = person(call.caller, changes=True), call.caller.visitor
        factor = access_of(self._site).second_factor
        return _recovery(await factor.renew_recovery(principal, call.body.password, visitor))

    async def turn_off(self, call: Call[Nothing, OwnPassword]) -> Nothing:
        """Ask for codes no more."""
        principal, visitor = person(call.caller, changes=True), call.caller.visitor
        _unless_refused(await access_of(self._site).second_factor.turn_off(principal, call.body.password, visitor))
        return Nothing()


def _recovery(found: RecoveryCodes | LoginRefused) -> RecoveryList:
    return RecoveryList(_unless_refused(found).codes)


def _unless_refused(outcome: T | LoginRefused) -> T:
    """Return what came of it, or raise `ApiError` where the password or the code is not right."""
    if not isinstance(outcome, LoginRefused):
        return outcome
    if outcome.reason in {RefusalReason.WAIT, RefusalReason.BUSY}:
        seconds = str(max(outcome.wait, 1))
        raise ApiError(
            "too-many-requests",
            "There were too many attempts.",
            f"The next one is looked at in {seconds} s.",
            (("Retry-After", seconds),),
        )
    raise ApiError("wrong-password", "The password or the code is not right.")
