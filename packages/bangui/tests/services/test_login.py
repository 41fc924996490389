"""Logging in, over a real store: who gets in, who does not, and what nobody can tell from outside."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from bangui.adapters.passwords import Argon2Hashes
from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.accounts import Via, Visitor
from bangui.domain.audit import AuditResult
from bangui.domain.logins import CodeWanted, LoggedIn, LoginOutcome, LoginRefused, RefusalReason
from bangui.domain.proof_ports import PasswordCheck
from bangui.domain.secret import Secret
from bangui.services.hashing import Hashing
from bangui.services.login import LoginService
from bangui.services.new_secrets import new_secret
from packages.bangui.tests.access import NOW, PASSWORD, ROOT, VISITOR, WRONG, Console

REFUSED = LoginRefused(RefusalReason.WRONG)
EXPIRED = LoginRefused(RefusalReason.EXPIRED)


def elsewhere(number: int) -> Visitor:
    return Visitor(f"198.51.100.{number}")


async def fail(console: Console, times: int, name: str = "ada", visitor: Visitor = VISITOR) -> LoginOutcome:
    outcome: LoginOutcome = REFUSED
    for _ in range(times):
        outcome = await console.login.log_in(name, WRONG, visitor)
    return outcome


async def test_the_right_password_opens_a_session(console: Console) -> None:
    ada = await console.add()
    done = await console.let_in()
    assert done.user.id == ada.id
    assert (done.session.address, done.session.agent) == (VISITOR.address, VISITOR.agent)
    assert done.session.created == NOW
    principal = await console.sessions.principal(done.secret)
    assert principal is not None
    assert principal.user.name == "ada"
    assert principal.user.last_login == NOW


@pytest.mark.parametrize("written", ["ADA", " ada "])
async def test_a_name_may_be_written_in_any_case(console: Console, written: str) -> None:
    await console.add()
    assert (await console.let_in(written)).user.name == "ada"


@pytest.mark.parametrize("name", ["ada", "nobody", "", "\x00", "\ud800", "x" * 100_000, "ad\u0430", "ada' OR '1'='1"])
@pytest.mark.parametrize("password", [WRONG, Secret(""), Secret("x" * 5_000), Secret("\x00\ud800")])
async def test_whoever_is_wrong_is_not_told_what_is(console: Console, name: str, password: Secret) -> None:
    await console.add()
    assert await console.login.log_in(name, password, VISITOR) == REFUSED


async def test_a_disabled_account_looks_like_none_also_to_who_knows_its_password(console: Console) -> None:
    await console.add("root")
    await console.add()
    await console.accounts.disable("ada", ROOT)
    assert await console.login.log_in("ada", PASSWORD, VISITOR) == REFUSED


async def test_an_account_without_a_password_lets_nobody_in(console: Console) -> None:
    await console.accounts.add("proxy", None, (await console.add()).role, ROOT)
    for text in ("", "None", "null"):
        assert await console.login.log_in("proxy", Secret(text), VISITOR) == REFUSED


async def test_as_much_is_done_for_a_name_that_nobody_has(console: Console, account_engine: Engine) -> None:
    """What a stranger could measure: what is asked of the database and written; the hashes see `test_hashing`."""
    await console.add()
    await fail(console, 1, "somebody")
    statements: list[str] = []
    event.listen(account_engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    done = []
    for number, name in enumerate(("ada", "nobody")):
        statements.clear()
        assert await console.login.log_in(name, WRONG, elsewhere(number)) == REFUSED
        done.append(list(statements))
    assert len(done[0]) > 10
    assert done[0] == done[1]


async def test_nobody_in_the_log_or_the_trail_learns_a_password(
    console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    await console.add()
    with caplog.at_level(logging.DEBUG):
        await console.login.log_in("ada", WRONG, VISITOR)
        await console.login.log_in("four words of mine", WRONG, VISITOR)
        done = await console.let_in()
    written = caplog.text + repr([vars(record) for record in caplog.records if record.name != "bangui.login"])
    trail = repr(console.entries())
    for secret in (WRONG, done.secret, done.device or done.secret):
        assert secret.reveal() not in written
        assert secret.reveal() not in trail
        assert secret.reveal() not in repr(done)
    assert "four words of mine" not in trail, "people type passwords where names belong"


async def test_the_trail_tells_who_came_and_who_tried(console: Console) -> None:
    await console.add()
    await console.login.log_in("ada", WRONG, VISITOR)
    await console.login.log_in("nobody", WRONG, VISITOR)
    await console.let_in()
    told = [(entry.actor, entry.target, entry.result, entry.address) for entry in console.entries("login")]
    assert told == [
        ("", "ada", AuditResult.REFUSED, VISITOR.address),
        ("", "(nobody of that name)", AuditResult.REFUSED, VISITOR.address),
        ("ada", "ada", AuditResult.DONE, VISITOR.address),
    ]
    assert all(entry.via is Via.LOGIN for entry in console.entries("login"))


async def test_every_failure_is_one_line_of_the_log(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    await console.add()
    await fail(console, 2)
    await fail(console, 1, "nobody")
    told = [(record.getMessage(), vars(record)["address"], vars(record)["user"]) for record in caplog.records]
    assert told == [("login_failed", "192.0.2.1", name) for name in ("ada", "ada", "nobody")]


async def test_an_address_that_fails_must_wait_longer_and_longer(console: Console) -> None:
    await console.add()
    assert await fail(console, 5) == REFUSED
    waits = []
    for _ in range(5):
        outcome = await fail(console, 1)
        assert isinstance(outcome, LoginRefused)
        waits.append(outcome.wait)
        console.clock.move(outcome.wait)
        assert await fail(console, 1) == REFUSED
    assert waits == [1, 2, 4, 8, 16]


async def test_while_it_waits_not_even_the_right_password_is_looked_at(console: Console) -> None:
    await console.add()
    await fail(console, 5)
    assert await console.login.log_in("ada", PASSWORD, VISITOR) == LoginRefused(RefusalReason.WAIT, 1)
    console.clock.move(1)
    assert isinstance(await console.login.log_in("ada", PASSWORD, VISITOR), LoggedIn)


async def test_a_wait_is_the_same_for_a_name_that_nobody_has(console: Console) -> None:
    await console.add()
    told = [[await fail(console, 1, name, elsewhere(number)) for number in range(14)] for name in ("ada", "nobody")]
    assert told[0] == told[1]
    assert told[0][-1] == LoginRefused(RefusalReason.WAIT, 1)


async def test_who_logs_in_gets_no_more_guesses_at_others(console: Console) -> None:
    """The way around a throttle that forgets an address when a password was right."""
    await console.add("viewer")
    await console.add("ada")
    guesses = 0
    for _ in range(20):
        guesses += await fail(console, 1) == REFUSED
        await console.login.log_in("viewer", PASSWORD, VISITOR)
    assert guesses == 5


async def test_right_passwords_are_charged_to_nobody(console: Console) -> None:
    await console.add()
    for _ in range(30):
        await console.let_in()


async def test_attempts_at_once_are_no_more_than_one_after_another(console: Console) -> None:
    await console.add()
    outcomes = await asyncio.gather(*(console.login.log_in("ada", WRONG, VISITOR) for _ in range(30)))
    assert outcomes.count(REFUSED) == 5


async def test_an_owner_gets_in_from_a_known_browser_while_many_attack_the_account(console: Console) -> None:
    await console.add()
    device = (await console.let_in()).device
    assert device is not None
    for number in range(40):
        await fail(console, 1, visitor=elsewhere(number))
    await fail(console, 10)
    assert isinstance(await fail(console, 1, visitor=elsewhere(99)), LoginRefused)
    known = replace(VISITOR, device=device)
    again = await console.let_in(visitor=known)
    assert again.device is None, "the browser keeps what it has"


async def test_a_known_browser_has_only_so_many_guesses_itself(console: Console) -> None:
    await console.add()
    device = (await console.let_in()).device
    known = replace(VISITOR, device=device)
    assert await fail(console, 5, visitor=known) == REFUSED
    assert await fail(console, 1, visitor=known) == LoginRefused(RefusalReason.WAIT, 1)


async def test_a_browser_is_known_for_its_own_account_only(console: Console) -> None:
    await console.add("mallory")
    await console.add()
    device = (await console.let_in("mallory")).device
    mallory = replace(VISITOR, device=device)
    assert await fail(console, 5, visitor=mallory) == REFUSED
    assert await fail(console, 1, visitor=mallory) == LoginRefused(RefusalReason.WAIT, 1)


async def test_an_unknown_browser_gets_no_further_than_any(console: Console) -> None:
    await console.add()
    outcomes = [await fail(console, 1, visitor=replace(VISITOR, device=new_secret())) for _ in range(10)]
    assert outcomes.count(REFUSED) == 5


async def test_all_together_get_only_so_many_guesses(console: Console) -> None:
    outcomes = [
        await fail(console, 1, f"user{number}", Visitor(f"10.0.{number // 200}.{number % 200}"))
        for number in range(150)
    ]
    assert outcomes.count(REFUSED) == 100
    console.clock.move(20)
    more = [await fail(console, 1, f"more{number}", Visitor(f"10.1.0.{number}")) for number in range(20)]
    assert more.count(REFUSED) == 10


async def test_a_new_login_ends_the_session_that_the_browser_had(console: Console) -> None:
    await console.add("mallory")
    await console.add()
    planted = (await console.let_in("mallory")).secret
    done = await console.let_in(visitor=replace(VISITOR, session=planted))
    assert done.secret != planted
    assert await console.sessions.principal(planted) is None


async def test_a_hash_of_other_days_is_made_anew(console: Console) -> None:
    await console.add()
    newer = Hashing(Argon2Hashes(memory_kib=128, passes=1))
    login = LoginService(console.store, newer, console.codes, console.door, now=console.clock)
    for _ in range(2):
        assert isinstance(await login.log_in("ada", PASSWORD, VISITOR), LoggedIn)
        found = console.store.users.credentials("ada")
        assert found is not None
        assert "m=128," in (found.password_hash or "")


async def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(console: Console) -> None:
    await console.add()

    class Slow(Hashing):
        async def check(self, password_hash: str | None, password: Secret) -> PasswordCheck:
            found = await super().check(password_hash, password)
            await console.accounts.set_password("ada", Secret("other words of mine"), ROOT)
            return found

    login = LoginService(
        console.store, Slow(Argon2Hashes(memory_kib=64, passes=1)), console.codes, console.door, now=console.clock
    )
    assert await login.log_in("ada", PASSWORD, VISITOR) == REFUSED


async def test_without_the_database_nobody_gets_in_and_strangers_learn_nothing(
    lost_console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    for attempt in (
        lost_console.login.log_in("ada", PASSWORD, VISITOR),
        lost_console.login.enter_code(new_secret(), Secret("123456"), VISITOR),
    ):
        with pytest.raises(AccessUnavailable) as caught:
            await attempt
        assert "bans" not in caught.value.message + caught.value.hint
    assert "hush" not in caplog.text
    assert {record.getMessage() for record in caplog.records} == {"accounts_unavailable"}


async def test_a_code_is_asked_for_after_the_password(console: Console) -> None:
    await console.add()
    authenticator, _ = await console.turn_codes_on()
    wanted = await console.login.log_in("ada", PASSWORD, VISITOR)
    assert isinstance(wanted, CodeWanted)
    assert wanted.ends == console.clock.now + 300_000
    assert await console.sessions.principal(wanted.step) is None, "a step is no session"
    done = await console.login.enter_code(wanted.step, console.code_of(authenticator), VISITOR)
    assert isinstance(done, LoggedIn)
    assert console.entries("login")[-1].detail == "password and one-time code"


async def test_a_code_is_good_once(console: Console) -> None:
    await console.add()
    authenticator, _ = await console.turn_codes_on()
    code = console.code_of(authenticator)
    steps = [await console.begin() for _ in range(2)]
    assert isinstance(await console.login.enter_code(steps[0], code, VISITOR), LoggedIn)
    assert await console.login.enter_code(steps[1], code, VISITOR) == REFUSED
    assert await console.login.enter_code(steps[0], code, VISITOR) == EXPIRED
    console.clock.move(30)
    assert isinstance(await console.login.enter_code(steps[1], console.code_of(authenticator), VISITOR), LoggedIn)


async def test_one_code_sent_twice_at_once_opens_one_session(console: Console) -> None:
    await console.add()
    authenticator, _ = await console.turn_codes_on()
    steps = [await console.begin() for _ in range(4)]
    code = console.code_of(authenticator)
    outcomes = await asyncio.gather(*(console.login.enter_code(step, code, VISITOR) for step in steps))
    assert sum(isinstance(outcome, LoggedIn) for outcome in outcomes) == 1


async def test_a_recovery_code_is_good_once_however_it_is_typed(console: Console) -> None:
    await console.add()
    _, recovery = await console.turn_codes_on()
    typed = Secret(recovery[0].reveal().upper().replace("-", " "))
    assert isinstance(await console.login.enter_code(await console.begin(), typed, VISITOR), LoggedIn)
    assert await console.login.enter_code(await console.begin(), recovery[0], VISITOR) == REFUSED
    assert isinstance(await console.login.enter_code(await console.begin(), recovery[1], VISITOR), LoggedIn)
    assert console.entries("login")[-1].detail == "password and recovery code"


async def test_the_recovery_code_of_somebody_else_is_none(console: Console) -> None:
    await console.add("mallory")
    await console.add()
    _, foreign = await console.turn_codes_on("mallory")
    await console.turn_codes_on()
    assert await console.login.enter_code(await console.begin(), foreign[0], VISITOR) == REFUSED


@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 16, "\x00" * 6, "\ud800", "9" * 10_000])
async def test_a_wrong_code_opens_nothing(console: Console, code: str) -> None:
    await console.add()
    await console.turn_codes_on()
    assert await console.login.enter_code(await console.begin(), Secret(code), VISITOR) == REFUSED


async def test_after_a_few_wrong_codes_the_password_is_asked_for_again(console: Console) -> None:
    await console.add()
    authenticator, _ = await console.turn_codes_on()
    step = await console.begin()
    for _ in range(5):
        assert await console.login.enter_code(step, Secret("000000"), VISITOR) == REFUSED
    console.clock.move(60)
    assert await console.login.enter_code(step, console.code_of(authenticator), VISITOR) == EXPIRED


async def test_who_knows_the_password_cannot_try_all_codes(console: Console) -> None:
    await console.add()
    await console.turn_codes_on()
    tried = 0
    for number in range(60):
        visitor = elsewhere(number)
        step = await console.begin(visitor=visitor)
        tried += await console.login.enter_code(step, Secret("000000"), visitor) == REFUSED
    assert tried == 5


async def test_a_step_ends_by_itself(console: Console) -> None:
    await console.add()
    authenticator, _ = await console.turn_codes_on()
    step = await console.begin()
    console.clock.move(300)
    assert await console.login.enter_code(step, console.code_of(authenticator), VISITOR) == EXPIRED


async def test_a_step_ends_when_the_account_changes(console: Console) -> None:
    await console.add("root")
    await console.add()
    authenticator, _ = await console.turn_codes_on()
    step = await console.begin()
    await console.accounts.set_password("ada", Secret("other words of mine"), ROOT)
    assert await console.login.enter_code(step, console.code_of(authenticator), VISITOR) == EXPIRED


@pytest.mark.parametrize("step", [Secret(""), Secret("x"), new_secret(), Secret("\ud800")])
async def test_what_is_no_step_leads_nowhere(console: Console, step: Secret) -> None:
    assert await console.login.enter_code(step, Secret("123456"), VISITOR) == EXPIRED


async def test_a_clock_that_was_ahead_keeps_nobody_with_codes_out(console: Console) -> None:
    await console.add()
    authenticator, _ = await console.turn_codes_on()
    console.clock.move(86_400)
    step = await console.begin()
    assert isinstance(await console.login.enter_code(step, console.code_of(authenticator), VISITOR), LoggedIn)
    console.clock.move(-86_400)
    step = await console.begin()
    assert isinstance(await console.login.enter_code(step, console.code_of(authenticator), VISITOR), LoggedIn)
