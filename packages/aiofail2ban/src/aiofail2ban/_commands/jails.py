"""Jails: their list, their status in every flavour, and their life."""

from __future__ import annotations

from aiofail2ban._command import Command
from aiofail2ban.types import JailOrigins, JailStatistics, JailStatus

from ._arguments import check_bool, check_text
from ._expect import (
    expect_bool,
    expect_int,
    expect_list,
    expect_nothing,
    expect_text,
    expect_texts,
    unexpected,
)
from .bans import LIST_SECONDS, parse_ids

# A jail ends when its threads do, after its actions have lifted its bans.
STOP_JAIL_SECONDS = 120.0
# One look-up in the DNS for each ban, each of up to ten seconds.
ORIGIN_SECONDS = 300.0


def list_jails() -> Command[tuple[int, str]]:
    """`status`: how many jails there are, and their names in one text."""
    return Command(("status",), parse_jail_list, reads=True)


def statistics() -> Command[dict[str, JailStatistics]]:
    """`stats`, the numbers of all jails."""
    return Command(("stats",), parse_statistics_of_all, reads=True)


def status_of_all(flavor: str) -> Command[dict[str, JailStatus]]:
    """`status --all FLAVOR`, for the flavours `basic` and `short`."""
    return Command(("status", "--all", flavor), parse_status_of_all, reads=True, extra_seconds=LIST_SECONDS)


def status(jail: str, flavor: str) -> Command[JailStatus]:
    """`status J FLAVOR`, for the flavours `basic` and `short`; old daemons answer both as `basic`."""
    return Command(("status", jail, flavor), parse_status, reads=True, extra_seconds=LIST_SECONDS)


def statistics_of(jail: str) -> Command[JailStatistics]:
    """`status J stats`; old daemons answer it as `basic`."""
    return Command(("status", jail, "stats"), parse_statistics, reads=True, extra_seconds=LIST_SECONDS)


def short_statistics_of(jail: str) -> Command[JailStatistics]:
    """`status J short`, of which only the numbers are read."""
    return Command(("status", jail, "short"), parse_statistics, reads=True)


def origins(jail: str) -> Command[JailOrigins]:
    """`status J cymru`."""
    return Command(("status", jail, "cymru"), parse_origins, reads=True, extra_seconds=ORIGIN_SECONDS)


def add(jail: str, backend: str) -> Command[str]:
    """`add J BACKEND`."""
    return Command(("add", check_text(jail, "the jail's name"), check_text(backend, "the backend")), expect_text)


def start(jail: str) -> Command[None]:
    """`start J`."""
    return Command(("start", jail), expect_nothing)


def stop(jail: str) -> Command[None]:
    """`stop J`."""
    return Command(("stop", jail), expect_nothing, extra_seconds=STOP_JAIL_SECONDS)


def set_idle(jail: str, is_idle: bool) -> Command[bool]:
    """`set J idle on|off`."""
    word = "on" if check_bool(is_idle, "idle") else "off"
    return Command(("set", jail, "idle", word), expect_bool)


def parse_jail_list(value: object) -> tuple[int, str]:
    """Read `[('Number of jail', 2), ('Jail list', 'app, sshd')]`."""
    fields = _read_pairs(value)
    return expect_int(_pick(fields, "Number of jail", value)), expect_text(_pick(fields, "Jail list", value))


def split_jail_list(count: int, names: str) -> tuple[str, ...] | None:
    """Return the names in the daemon's joined list, None when some name itself contains the separator."""
    parts = tuple(names.split(", ")) if count else ()
    return parts if len(parts) == count else None


def parse_status(value: object) -> JailStatus:
    """Read the flavours `basic` and `short`."""
    reader, banner = _read_halves(value)
    banned = banner.get("Banned IP list")
    return JailStatus(
        currently_failed=expect_int(_pick(reader, "Currently failed", value)),
        total_failed=expect_int(_pick(reader, "Total failed", value)),
        currently_banned=expect_int(_pick(banner, "Currently banned", value)),
        total_banned=expect_int(_pick(banner, "Total banned", value)),
        log_paths=expect_texts(reader.get("File list", ())),
        # A journal without a match is sent as one empty text.
        journal_matches=tuple(match for match in expect_texts(reader.get("Journal matches", ())) if match),
        banned_ids=None if banned is None else parse_ids(banned),
    )


def parse_statistics(value: object) -> JailStatistics:
    """Read the flavour `stats`, `[backend, (failed, total), (banned, total)]`, or any older one."""
    items = expect_list(value)
    if not items or isinstance(items[0], (list, tuple)):
        status = parse_status(value)
        return JailStatistics(
            status.currently_failed, status.total_failed, status.currently_banned, status.total_banned
        )
    if len(items) < 3:
        raise unexpected("the statistics of a jail", value)
    failed, banned = expect_list(items[1]), expect_list(items[2])
    if len(failed) != 2 or len(banned) != 2:
        raise unexpected("the statistics of a jail", value)
    return JailStatistics(
        expect_int(failed[0]),
        expect_int(failed[1]),
        expect_int(banned[0]),
        expect_int(banned[1]),
        backend=expect_text(items[0]),
    )


def parse_statistics_of_all(value: object) -> dict[str, JailStatistics]:
    """Read `{jail: [backend, (failed, total), (banned, total)]}`."""
    if not isinstance(value, dict):
        raise unexpected("the statistics of all jails", value)
    return {str(name): parse_statistics(item) for name, item in value.items()}


def parse_status_of_all(value: object) -> dict[str, JailStatus]:
    """Read `[('Number of jail', n), ('Jail list', names), {jail: status}]`."""
    for item in expect_list(value):
        if isinstance(item, dict):
            return {str(name): parse_status(status) for name, status in item.items()}
    raise unexpected("the status of all jails", value)


def parse_origins(value: object) -> JailOrigins:
    """Read the flavour `cymru`."""
    _, banner = _read_halves(value)
    asns, countries, registries = (
        expect_texts(banner.get(f"Banned {what} list", ())) for what in ("ASN", "Country", "RIR")
    )
    return JailOrigins(parse_status(value), asns, countries, registries)


def _read_halves(value: object) -> tuple[dict[str, object], dict[str, object]]:
    halves = _read_pairs(value)
    return _read_pairs(_pick(halves, "Filter", value)), _read_pairs(_pick(halves, "Actions", value))


def _read_pairs(value: object) -> dict[str, object]:
    pairs: dict[str, object] = {}
    for pair in expect_list(value):
        items = expect_list(pair)
        if len(items) != 2 or not isinstance(items[0], str):
            raise unexpected("a list of names and values", value)
        pairs[items[0]] = items[1]
    return pairs


def _pick(fields: dict[str, object], name: str, value: object) -> object:
    if name in fields:
        return fields[name]
    raise unexpected(f"a status with {name!r}", value)
