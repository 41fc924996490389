"""Unban addresses, or whole networks, in every jail, and say where each of them was banned."""

from __future__ import annotations

import argparse
import asyncio
import sys

from aiofail2ban import Fail2BanClient, Fail2BanError


async def unban_everywhere(socket_path: str, ids: list[str]) -> None:
    """Unban one after the other."""
    async with Fail2BanClient(socket_path) as client:
        for id in ids:
            places = await client.where_banned(id)
            ended = await client.unban(id)
            names = ", ".join(f"{place.jail} ({place.id})" for place in places) or "no jail"
            print(f"{id}: was banned in {names}; bans ended: {ended}")


def main() -> int:
    """Read the command line, unban, and return the exit status."""
    parser = argparse.ArgumentParser(description="Unban addresses or networks in every jail.")
    parser.add_argument("--socket", default="/var/run/fail2ban/fail2ban.sock", help="fail2ban's socket")
    parser.add_argument("id", nargs="+", help="an address, or a network such as 192.0.2.0/24")
    options = parser.parse_args()
    try:
        asyncio.run(unban_everywhere(options.socket, options.id))
    except Fail2BanError as error:
        print(f"{error}. {error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
