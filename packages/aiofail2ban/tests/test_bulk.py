from __future__ import annotations

import pytest

from aiofail2ban import Fail2BanTimeoutError
from aiofail2ban._bulk import IDS_PER_COMMAND, run_in_slices


async def test_a_list_is_cut_into_slices_and_their_results_are_added() -> None:
    sizes: list[int] = []

    async def run(ids: tuple[str, ...]) -> int:
        sizes.append(len(ids))
        return 1

    assert await run_in_slices(("x",) * (2 * IDS_PER_COMMAND + 1), run) == 3
    assert sizes == [IDS_PER_COMMAND, IDS_PER_COMMAND, 1]
    assert await run_in_slices((), run) == 0


async def test_an_error_keeps_its_class_and_says_how_far_it_was() -> None:
    async def run(ids: tuple[str, ...]) -> int:
        if "bad" in ids:
            raise Fail2BanTimeoutError("too slow", "/run/socket", hint="Wait.")
        return len(ids)

    with pytest.raises(Fail2BanTimeoutError, match="too slow") as caught:
        await run_in_slices((*("x",) * 30, "bad"), run)
    assert caught.value.hint == "25 of 31 ids were through before, and changed 25. Wait."


async def test_the_error_of_a_single_id_needs_no_such_words() -> None:
    async def run(ids: tuple[str, ...]) -> int:
        raise Fail2BanTimeoutError("too slow", "/run/socket", hint="Wait.")

    with pytest.raises(Fail2BanTimeoutError) as caught:
        await run_in_slices(("x",), run)
    assert caught.value.hint == "Wait."
