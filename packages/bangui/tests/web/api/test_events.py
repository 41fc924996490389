"""Events of the history as programs see them."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from packages.bangui.tests.filled_history import HOSTILE, NUMBER_OF_EVENTS
from packages.bangui.tests.web.api.programs import Program, problem


async def test_events_come_with_everything_that_is_known(program: Program) -> None:
    told = (await program.get("/events?kind=ban&jail=sshd&limit=1&lines=true")).json()
    (event,) = told["items"]
    assert (event["id"], event["kind"], event["time"]) == ("203.0.113.7", "ban", "2026-06-01T11:00:00Z")
    assert (event["country"], event["network"], event["network_name"]) == ("DE", 64500, "EVIL-NET")
    assert (event["duration"], event["permanent"], event["ends_at"]) == (7200, False, "2026-06-01T13:00:00Z")
    assert len(event["lines"]) == event["line_count"] == 2
    assert (told["count"], told["count_is_exact"]) == (4, True)


async def test_a_ban_without_an_end_says_so(program: Program) -> None:
    (event,) = (await program.get("/events?kind=ban&id=203.0.113.0/24")).json()["items"]
    assert (event["duration"], event["permanent"], event["ends_at"]) == (None, True, None)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", NUMBER_OF_EVENTS),
        ("kind=ban&kind=unban", 8),
        ("within=203.0.113.0/24&kind=ban", 4),
        ("prefix=203.0.113.7&kind=ban", 2),
        ("country=NL&kind=ban", 1),
        ("network=64500&network=64501&kind=ban", 5),
        ("since=2026-06-01T11:00:00Z&kind=ban", 2),
        ("since=2026-06-01T12:00:00%2B01:00&until=2026-06-01T11:40:00Z&kind=ban", 1),
        ("words=invalid%20oracle", 2),
        ("origin=hand", 0),
        ("jail=web&jail=postfix", 3),
        (f"id={quote(HOSTILE)}", 1),
    ],
)
async def test_filters(program: Program, query: str, count: int) -> None:
    assert (await program.get(f"/events?{query}")).json()["count"] == count


@pytest.mark.parametrize("sort", ["time", "address", "jail", "country", "network"])
@pytest.mark.parametrize("descending", ["true", "false"])
async def test_pages_follow_each_other_in_every_order(program: Program, sort: str, descending: str) -> None:
    path = f"/events?sort={sort}&descending={descending}"
    whole = (await program.get(f"{path}&limit=1000")).json()["items"]
    found, after = [], ""
    while True:
        told = (await program.get(f"{path}&limit=6{after}")).json()
        found += told["items"]
        if told["next"] is None:
            break
        after = f"&after={quote(told['next'])}"
    assert found == whole
    assert len(found) == NUMBER_OF_EVENTS


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("until=2026-06-01T11:00:00Z&since=2026-06-01T11:00:00Z", "until"),
        ("after=nowhere", "after"),
        ("words=...", "words"),
        ("country=DE,CN", "country"),
        ("within=203.0.113.300", "within"),
        ("network=4294967296", "network"),
        ("kind=bam", "kind"),
        ("id=%00", "id"),
        ("limit=1001", "limit"),
    ],
)
async def test_what_cannot_be_meant_is_told_by_its_parameter(program: Program, query: str, field: str) -> None:
    answer = await program.get(f"/events?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in problem(answer)["errors"]] == [field]


async def test_a_jail_that_never_was_is_not_found(program: Program) -> None:
    told = problem(await program.get("/events?jail=shsd"))
    assert (told["code"], told["hint"]) == ("unknown-jail", "Did you mean 'sshd'?")
