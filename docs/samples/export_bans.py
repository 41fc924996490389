"""Write all bans of all jails to standard output, as JSON: one list, an object for each ban."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import TypedDict

from aiofail2ban import Fail2BanClient, Fail2BanError
from aiofail2ban.types import Ban


class ExportedBan(TypedDict):
    """One ban. Times are ISO 8601 in the daemon's local time zone; null is the end of a ban that has none."""

    jail: str
    id: str
    banned_at: str
    ends_at: str | None
    seconds: int | None


async def read_bans(socket_path: str) -> list[ExportedBan]:
    """Return all bans, jail by jail."""
    async with Fail2BanClient(socket_path) as client:
        names = (await client.status()).jail_names
        return [describe(name, ban) for name in names for ban in await client.jail(name).bans()]


def describe(jail: str, ban: Ban) -> ExportedBan:
    """Return a ban as JSON has it."""
    return {
        "jail": jail,
        "id": ban.id,
        "banned_at": ban.banned_at.isoformat(),
        "ends_at": None if ban.ends_at is None else ban.ends_at.isoformat(),
        "seconds": ban.duration,
    }


def main() -> int:
    """Read the command line, export, and return the exit status."""
    parser = argparse.ArgumentParser(description="Write all bans of all jails to standard output, as JSON.")
    parser.add_argument("--socket", default="/var/run/fail2ban/fail2ban.sock", help="fail2ban's socket")
    options = parser.parse_args()
    try:
        bans = asyncio.run(read_bans(options.socket))
    except Fail2BanError as error:
        print(f"{error}. {error.hint}", file=sys.stderr)
        return 1
    json.dump(bans, sys.stdout, indent=2)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
