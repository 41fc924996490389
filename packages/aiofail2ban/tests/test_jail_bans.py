from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest

from aiofail2ban import Fail2BanClient, Fail2BanConnectionError, Fail2BanProtocolError, InvalidValueError
from aiofail2ban._commands import bans
from aiofail2ban.jail import Jail
from aiofail2ban.testing import FakeServer, RawReply


@pytest.mark.daemon
class TestOnARealDaemon:
    async def test_a_ban_has_its_id_its_times_and_its_duration(self, jail: Jail) -> None:
        await jail.set_bantime(3600)
        before = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - the daemon's local zone is this machine's

        assert await jail.ban("192.0.2.1") == 1

        (ban,) = await jail.bans()
        assert (ban.id, ban.duration) == ("192.0.2.1", 3600)
        assert before <= ban.banned_at <= before + timedelta(minutes=1)
        assert ban.ends_at == ban.banned_at + timedelta(hours=1)

    async def test_a_permanent_ban_has_neither_duration_nor_end(self, jail: Jail) -> None:
        await jail.set_bantime(-1)
        await jail.ban("192.0.2.1")
        (ban,) = await jail.bans()
        assert (ban.duration, ban.ends_at) == (None, None)

    async def test_any_text_can_be_banned_and_comes_back_as_it_is(self, jail: Jail) -> None:
        ids = [
            "not an address",
            "user@example.org",
            "a \t2026-01-01 00:00:00 + 1 = 2026-01-01 00:00:01",
            "--all",
            "é€😀",
        ]
        assert await jail.ban(ids) == len(ids)
        assert set(await jail.banned_ids()) == set(ids)
        assert [ban.id for ban in await jail.bans()] == list(await jail.banned_ids_by_end())

    async def test_addresses_come_back_in_canonical_form(self, jail: Jail) -> None:
        await jail.ban(["[2001:db8::2]", "::ffff:192.0.2.13", "198.51.100.7/24"])
        await jail.ban([ip_address("192.0.2.9"), ip_network("2001:db8:1::/48")])
        assert set(await jail.banned_ids()) == {
            "2001:db8::2",
            "192.0.2.13",
            "198.51.100.0/24",
            "192.0.2.9",
            "2001:db8:1::/48",
        }

    async def test_only_new_bans_are_counted(self, jail: Jail) -> None:
        assert await jail.ban(["192.0.2.1", "192.0.2.2"]) == 2
        assert await jail.ban(["192.0.2.2", "192.0.2.3"]) == 1
        assert await jail.ban([]) == 0

    async def test_a_long_list_is_banned_and_unbanned_in_slices(self, jail: Jail) -> None:
        ids = [f"10.0.{number // 256}.{number % 256}" for number in range(110)]
        steps: list[tuple[int, int]] = []
        assert await jail.ban(ids, on_progress=lambda done, total: steps.append((done, total))) == 110
        assert steps == [(25, 110), (50, 110), (75, 110), (100, 110), (110, 110)]
        assert await jail.unban(ids) == 110
        assert await jail.bans() == ()

    async def test_unban_ignores_what_is_not_banned(self, jail: Jail) -> None:
        await jail.ban(["192.0.2.1"])
        assert await jail.unban(["192.0.2.1", "192.0.2.2"]) == 1

    async def test_an_id_that_is_spelt_like_an_option_is_an_id(self, jail: Jail) -> None:
        await jail.ban(["--report-absent", "192.0.2.1", "--all"])
        assert await jail.unban("--report-absent") == 1
        await jail.ban("--report-absent")
        assert await jail.unban(["--report-absent", "192.0.2.99"]) == 1
        assert set(await jail.banned_ids()) == {"192.0.2.1", "--all"}
        assert await jail.unban("--all") == 1
        assert await jail.banned_ids() == ("192.0.2.1",)

    async def test_a_network_ends_the_bans_of_its_addresses(self, jail: Jail) -> None:
        await jail.ban(["192.0.2.1", "192.0.2.2", "198.51.100.1"])
        assert await jail.unban(ip_network("192.0.2.0/24")) == 2

    async def test_absent_ids_are_reported_and_the_others_unbanned(self, jail: Jail) -> None:
        await jail.ban(["192.0.2.1", "192.0.2.2"])
        assert await jail.unban_reporting_absent("192.0.2.2") == 1
        with pytest.raises(InvalidValueError, match=r"192\.0\.2\.9"):
            await jail.unban_reporting_absent(["192.0.2.9", "192.0.2.1"])
        assert await jail.banned_ids() == ()

    async def test_banned_means_exactly_that_id(self, jail: Jail) -> None:
        await jail.ban(["192.0.2.1", "198.51.100.0/24"])
        assert await jail.is_banned("192.0.2.1")
        assert not await jail.is_banned("198.51.100.7")
        assert await jail.are_banned(["192.0.2.1", "192.0.2.2", "198.51.100.0/24"]) == (True, False, True)
        assert await jail.are_banned([]) == ()

    async def test_a_bad_netmask_is_an_invalid_value(self, jail: Jail) -> None:
        with pytest.raises(InvalidValueError, match="mask"):
            await jail.ban("192.0.2.0/255.0.255.0")

    async def test_failures_add_up_until_the_id_is_banned(self, jail: Jail) -> None:
        await jail.set_maxretry(3)
        assert await jail.attempt("192.0.2.1")
        assert (await jail.statistics()).currently_failed == 1
        await jail.start()
        assert await jail.attempt("192.0.2.1", ["a line", "another line"])
        async with asyncio.timeout(10):
            while not await jail.is_banned("192.0.2.1"):
                await asyncio.sleep(0.02)


def counting_daemon(command: list[object]) -> object:
    """Answer `banip` as fail2ban >= 0.10.5 does."""
    return len(command) - 3


def old_daemon(command: list[object]) -> object:
    """Answer `banip` and `unbanip` as fail2ban < 0.10.5 does: only the first id is taken, and is the answer."""
    return command[3]


async def test_a_daemon_that_takes_one_id_a_command_gets_one_id_a_command() -> None:
    async with FakeServer(old_daemon) as server, Fail2BanClient(server.socket_path) as client:
        jail = client.jail("sshd")
        assert await jail.ban(["192.0.2.1", "192.0.2.2", "192.0.2.3"]) == 3
        assert await jail.unban(["192.0.2.1", "192.0.2.2"]) == 2
        ids = [command[3:] for command in server.commands]
    assert ids[0] == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert ids[1:] == [["192.0.2.2"], ["192.0.2.3"], ["192.0.2.1"], ["192.0.2.2"]]


async def test_what_interrupts_a_long_list_says_how_many_were_through() -> None:
    def answer(command: list[object]) -> object:
        return RawReply(b"", then_close=True) if len(server.commands) > 2 else len(command) - 3

    async with FakeServer(answer) as server, Fail2BanClient(server.socket_path) as client:
        with pytest.raises(Fail2BanConnectionError) as caught:
            await client.jail("sshd").ban([f"10.0.0.{number}" for number in range(100)])
    assert caught.value.hint.startswith("50 of 100 ids were through before, and changed 50.")


async def test_an_id_that_cannot_be_sent_stops_the_whole_list_before_its_first_slice() -> None:
    async with FakeServer(counting_daemon) as server, Fail2BanClient(server.socket_path) as client:
        ids = [f"10.0.0.{number}" for number in range(100)]
        with pytest.raises(Fail2BanProtocolError):
            await client.jail("sshd").ban([*ids, "x<F2B_END_COMMAND>y"])
        assert server.commands == []


async def test_others_get_their_turn_between_two_slices() -> None:
    async with FakeServer(counting_daemon) as server, Fail2BanClient(server.socket_path) as client:
        sent_by_then: list[int] = []
        pings: list[bool] = []

        async def ban() -> None:
            await client.jail("sshd").ban([f"10.0.0.{number}" for number in range(100)])

        async def ping() -> None:
            pings.append(await client.ping())
            sent_by_then.append(len(server.commands))

        await asyncio.gather(ban(), ping())
    assert sent_by_then[0] < 4


def test_more_ids_are_granted_more_time() -> None:
    one = bans.ban("sshd", ("192.0.2.1",))
    many = bans.ban("sshd", ("192.0.2.1",) * 25)
    assert many.extra_seconds == 25 * one.extra_seconds > 0
