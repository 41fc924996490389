"""The demo without the page: `python -m bangui.demo [FOLDER]`, for whoever wants to point another program at it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiofail2ban.testing import Fail2BanInstallation
from bangui.demo import Demo, cancelled_by_signals


async def _run(installation: Fail2BanInstallation | None) -> None:
    with cancelled_by_signals():
        async with Demo(installation) as demo:
            sys.stdout.write(f"{demo.banner}\nSocket: {demo.socket_path}\nCtrl-C ends it.\n")
            sys.stdout.flush()
            await demo.run()


def main(arguments: list[str]) -> int:
    """Run the demo until a signal; the fail2ban of an unpacked package where a folder is given."""
    installation = Fail2BanInstallation.from_root(Path(arguments[0])) if arguments else None
    try:
        asyncio.run(_run(installation))
    except asyncio.CancelledError:
        return 0
    return 0
