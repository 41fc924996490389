from __future__ import annotations

import asyncio

from starlette.requests import Request

from bangui.domain.access_errors import AccessUnavailable
from bangui.web.barring import until_barred


async def test_looks_again_and_again_and_returns_when_somebody_is_barred() -> None:
    answers: list[bool | Exception] = [True, AccessUnavailable(), True, False]

    async def look() -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    request = Request({"type": "http", "headers": []})
    request.state.is_still_welcome = look
    async with asyncio.timeout(5):
        await until_barred(request, 0.001)
    assert answers == []
