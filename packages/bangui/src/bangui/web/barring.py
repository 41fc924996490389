"""Ends what goes on for long when whoever asked for it may not have it any more.

The gate looks once, when a request comes. A stream can last for days, and must end soon after its session has.
"""

from __future__ import annotations

import asyncio

from starlette.requests import HTTPConnection

from bangui.domain.access_errors import AccessUnavailable


async def until_barred(connection: HTTPConnection, seconds: float) -> None:
    """Return when the sender of a request would not be let in with it any more, which is looked at so often.

    Where that cannot be found out now, the stream goes on: it shows what its reader has seen already.
    """
    while True:
        await asyncio.sleep(seconds)
        try:
            if not await connection.state.is_still_welcome():
                return
        except AccessUnavailable:
            continue
