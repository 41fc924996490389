"""The page of the audit trail and its files, over a real store."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from bangui.domain.accounts import Role
from packages.bangui.tests.web.auditing import FORMULA, HOSTILE, ILL, USUAL, Bookkeeper, opened_trail
from packages.bangui.tests.web.client import ask


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Bookkeeper]:
    with opened_trail(tmp_path) as keeper:
        yield keeper


@pytest.fixture
def app(keeper: Bookkeeper) -> ASGIApp:
    return keeper.app()


async def text_of(app: ASGIApp, path: str = "/audit", status: int = 200) -> str:
    answer = await ask(app, path)
    assert answer.status_code == status
    return answer.text


def targets_of(page: str) -> list[str]:
    return re.findall(r'rowheader" class="target".*?<bdi>(.*?)</bdi>', page)


async def test_the_newest_comes_first_with_all_that_is_known_of_it(keeper: Bookkeeper) -> None:
    page = await text_of(keeper.app(page_size=50))
    assert targets_of(page) == [entry.target for entry in reversed(USUAL)]
    for words in ("by a rule, without being asked", "2 h ago", "banned", "refused", "rocket.launch", "bantime 10m"):
        assert words in page
    assert 'title="2027-01-15 07:59:00 UTC"' in page


async def test_pages_lead_through_the_whole_list_once(app: ASGIApp) -> None:
    first = await text_of(app)
    path = re.search(r'href="([^"]+)" rel="next"', first)
    assert path is not None
    second = await text_of(app, path[1])
    assert len(targets_of(first)) == 5
    assert targets_of(first) + targets_of(second) == [entry.target for entry in reversed(USUAL)]
    assert "The end" in second
    assert 'href="/audit">First page' in second


@pytest.mark.parametrize(
    ("query", "targets"),
    [
        ("actor=ada", ["moon", "name.example", "203.0.113.9", "sshd"]),
        ("action=ban", ["25 ids", "203.0.113.9"]),
        ("action=jail.set", ["sshd"]),
        ("target=203.0.113.9", ["203.0.113.9"]),
        ("target=192.0.2.77/24", ["192.0.2.0/24"]),
        ("target=203.0.113", []),
        ("result=refused", ["ada"]),
        ("result=failed&actor=ada+(ci)", ["25 ids"]),
        ("since=1d&until=10m", ["25 ids", "203.0.113.9"]),
        ("since=30d&until=2d", ["ada", "sshd"]),
        ("host=web1&actor=BanGUI", ["192.0.2.0/24"]),
    ],
)
async def test_every_filter_leaves_the_others_out(app: ASGIApp, query: str, targets: list[str]) -> None:
    page = await text_of(app, f"/audit?{query}")
    assert targets_of(page) == targets
    assert 'class="chips"' in page
    assert ("Nothing in the audit trail matches" in page) is not bool(targets)


async def test_a_form_without_scripts_is_sent_on_to_the_tidy_address(app: ASGIApp) -> None:
    answer = await ask(app, "/audit?target=&actor=ada&action=ban&result=&since=24h&until=x&range=7d")
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit?actor=ada&action=ban&since=7d")


async def test_fields_that_are_wrong_are_marked_and_keep_what_was_typed(app: ASGIApp) -> None:
    page = await text_of(app, "/audit?since=soon&result=maybe&before=x", 422)
    for field in ("since", "result", "before"):
        assert f'id="{field}-wrong"' in page
    assert 'value="soon"' in page
    assert "Nothing was searched for" in page


async def test_what_was_done_to_a_host_leads_to_the_address_or_the_jail(keeper: Bookkeeper) -> None:
    page = await text_of(keeper.app(page_size=50))
    links = re.findall(r'class="clamp address" data-opens href="([^"]+)"', page)
    assert links == ["/address?id=192.0.2.0/24", "/address?id=203.0.113.9", "/jail?name=sshd"]


async def test_every_kind_of_emptiness_says_what_it_is(keeper: Bookkeeper, tmp_path: Path) -> None:
    assert "There is nothing more in this list" in await text_of(keeper.app(), "/audit?before=1")
    folder = tmp_path / "empty"
    folder.mkdir()
    with opened_trail(folder, ()) as empty:
        assert "Nothing has been done yet" in await text_of(empty.app())


async def test_hostile_texts_are_shown_inert(tmp_path: Path) -> None:
    folder = tmp_path / "ill"
    folder.mkdir()
    with opened_trail(folder, ILL) as keeper:
        for path in ("/audit", "/audit?actor=%3Cscript%3E%E2%80%AE", "/audit?target=%1B%5B2J&action=%3Cb%3E"):
            page = await text_of(keeper.app(), path)
            assert "<script>alert" not in page
            assert "<b>" not in page
            assert not {"\x1b", "\u202e"} & set(re.sub(r'value="[^"]*"', "", page))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
@pytest.mark.parametrize("path", ["/audit", "/audit/export"])
async def test_only_administrators_see_it(keeper: Bookkeeper, role: Role, path: str) -> None:
    assert (await ask(keeper.app(role), path)).status_code == 403


async def test_a_table_has_every_entry_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    folder = tmp_path / "ill"
    folder.mkdir()
    with opened_trail(folder, (*USUAL, *ILL)) as keeper:
        answer = await ask(keeper.app(), "/audit/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="bangui-audit-2027-01-15-0800.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["number"] for row in rows] == [str(number) for number in range(10, 0, -1)]
    assert rows[-1] | {"number": ""} == {
        "time": "2026-12-06T08:00:00.000Z",
        "actor": "root",
        "via": "command line",
        "address": "",
        "action": "user.add",
        "target": "ada",
        "result": "done",
        "detail": "",
        "host": "",
        "number": "",
    }
    assert rows[0]["actor"] == f"'{FORMULA}"
    assert rows[0]["detail"] == f"'{FORMULA}"
    assert not {"\x1b", "\u202e"} & set(answer.text)


async def test_programs_get_every_entry_exactly(tmp_path: Path) -> None:
    folder = tmp_path / "ill"
    folder.mkdir()
    with opened_trail(folder, ILL) as keeper:
        answer = await ask(keeper.app(), "/audit/export?format=jsonl&action=ban")
    assert answer.headers["content-type"] == "application/x-ndjson; charset=utf-8"
    (line,) = answer.text.splitlines()
    assert json.loads(line)["actor"] == FORMULA
    assert HOSTILE not in answer.text


async def test_a_file_has_what_was_searched_for_also_when_it_is_nothing(app: ASGIApp) -> None:
    assert len((await ask(app, "/audit/export?actor=ada")).text.splitlines()) == 5
    assert (await ask(app, "/audit/export?actor=nobody")).text.splitlines() == [
        "time,actor,via,address,action,target,result,detail,host,number"
    ]
    assert (await ask(app, "/audit/export?actor=nobody&format=jsonl")).text == ""
    assert (await ask(app, "/audit/export", method="HEAD")).status_code == 200


@pytest.mark.parametrize("query", ["format=xls", "since=soon", "format=jsonl&result=maybe"])
async def test_a_file_of_nonsense_is_refused(app: ASGIApp, query: str) -> None:
    assert (await ask(app, f"/audit/export?{query}")).status_code == 422


async def test_a_long_trail_is_written_in_parts(tmp_path: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    with opened_trail(folder, USUAL * 60) as keeper:
        answer = await ask(keeper.app(), "/audit/export?format=jsonl")
    assert len(answer.text.splitlines()) == 480
