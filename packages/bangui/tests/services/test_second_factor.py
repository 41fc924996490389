"""One-time codes: turned on by who can make them, turned off by who knows the password."""

from __future__ import annotations

from pyotp import TOTP

from bangui.domain.accounts import Principal
from bangui.domain.logins import CodeWanted, LoggedIn, LoginRefused, RefusalReason
from bangui.domain.secret import Secret
from bangui.services.second_factor import Enrolment, RecoveryCodes
from packages.bangui.tests.access import PASSWORD, ROOT, VISITOR, WRONG, Console

REFUSED = LoginRefused(RefusalReason.WRONG)


async def begin(console: Console, principal: Principal) -> TOTP:
    enrolment = await console.second_factor.begin(principal, PASSWORD, VISITOR)
    assert isinstance(enrolment, Enrolment)
    assert enrolment.secret.reveal() in enrolment.uri.reveal()
    assert enrolment.secret.reveal() not in repr(enrolment)
    return TOTP(enrolment.secret.reveal())


async def test_codes_are_asked_for_once_one_was_entered(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    authenticator = await begin(console, principal)
    assert isinstance(await console.login.log_in("ada", PASSWORD, VISITOR), LoggedIn)
    assert await console.second_factor.finish(principal, Secret("000000"), VISITOR) == REFUSED
    done = await console.second_factor.finish(principal, console.code_of(authenticator), VISITOR)
    assert isinstance(done, RecoveryCodes)
    assert len(done.codes) == 10
    assert await console.second_factor.recovery_left(principal.user) == 10
    assert isinstance(await console.login.log_in("ada", PASSWORD, VISITOR), CodeWanted)


async def test_the_code_that_turned_them_on_is_used(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    authenticator = await begin(console, principal)
    code = console.code_of(authenticator)
    await console.second_factor.finish(principal, code, VISITOR)
    step = await console.begin()
    assert await console.login.enter_code(step, code, VISITOR) == REFUSED


async def test_nothing_is_turned_on_that_was_not_begun(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    assert await console.second_factor.finish(principal, Secret("123456"), VISITOR) == REFUSED


async def test_a_new_phone_replaces_the_old_one_when_it_has_made_a_code(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    old = await begin(console, principal)
    await console.second_factor.finish(principal, console.code_of(old), VISITOR)
    new = await begin(console, principal)
    console.clock.move(30)
    old_still_counts = await console.login.enter_code(await console.begin(), console.code_of(old), VISITOR)
    assert isinstance(old_still_counts, LoggedIn)
    console.clock.move(30)
    assert isinstance(await console.second_factor.finish(principal, console.code_of(new), VISITOR), RecoveryCodes)
    console.clock.move(30)
    assert await console.login.enter_code(await console.begin(), console.code_of(old), VISITOR) == REFUSED
    assert isinstance(await console.login.enter_code(await console.begin(), console.code_of(new), VISITOR), LoggedIn)


async def test_a_stolen_session_changes_nothing_about_codes(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    assert await console.second_factor.begin(principal, WRONG, VISITOR) == REFUSED
    await console.turn_codes_on()
    assert await console.second_factor.turn_off(principal, WRONG, VISITOR) == REFUSED
    assert await console.second_factor.renew_recovery(principal, WRONG, VISITOR) == REFUSED
    assert (await console.accounts.user("ada")).has_codes


async def test_who_knows_the_password_turns_them_off(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    await console.turn_codes_on()
    assert await console.second_factor.turn_off(principal, PASSWORD, VISITOR) is None
    assert isinstance(await console.login.log_in("ada", PASSWORD, VISITOR), LoggedIn)
    assert await console.second_factor.recovery_left(principal.user) == 0
    assert [entry.actor for entry in console.entries("codes.off")] == ["ada"]


async def test_an_administrator_helps_who_has_lost_the_phone(console: Console) -> None:
    ada = await console.add()
    await console.turn_codes_on()
    await console.second_factor.reset(ada, ROOT)
    assert isinstance(await console.login.log_in("ada", PASSWORD, VISITOR), LoggedIn)
    assert [entry.actor for entry in console.entries("codes.off")] == ["root"]


async def test_new_recovery_codes_make_the_old_ones_void(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    _, old = await console.turn_codes_on()
    renewed = await console.second_factor.renew_recovery(principal, PASSWORD, VISITOR)
    assert isinstance(renewed, RecoveryCodes)
    assert await console.login.enter_code(await console.begin(), old[0], VISITOR) == REFUSED
    assert isinstance(await console.login.enter_code(await console.begin(), renewed.codes[0], VISITOR), LoggedIn)
    assert await console.second_factor.recovery_left(principal.user) == 9


async def test_no_code_and_no_secret_is_in_the_trail(console: Console) -> None:
    await console.add()
    authenticator, recovery = await console.turn_codes_on()
    told = repr(console.entries())
    assert authenticator.secret not in told
    assert all(code.reveal() not in told for code in recovery)
