"""Files of events."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from packages.bangui.tests.filled_history import HOSTILE, NUMBER_OF_EVENTS, ban
from packages.bangui.tests.web.api.programs import Program, problem, program_over


async def test_json_lines_hold_what_the_list_holds(program: Program) -> None:
    answer = await program.get("/events/export?lines=true")
    assert answer.headers["content-type"] == "application/x-ndjson; charset=utf-8"
    listed = (await program.get("/events?lines=true&limit=1000")).json()["items"]
    assert [json.loads(line) for line in answer.text.splitlines()] == listed
    assert len(listed) == NUMBER_OF_EVENTS


async def test_a_table_has_the_same_times_and_words(program: Program) -> None:
    answer = await program.get("/events/export?format=csv&kind=ban&sort=address&descending=false")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["id"] for row in rows[:2]] == ["203.0.113.0/24", "203.0.113.7"]
    assert (rows[0]["permanent"], rows[1]["permanent"], rows[1]["time"]) == ("true", "false", "2026-06-01T08:55:00Z")


async def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    async with program_over(tmp_path, [ban("=cmd|' /C calc'!A0", 5, "-jail", lines=["+evil", HOSTILE])]) as program:
        answer = await program.get("/events/export?format=csv&lines=true")
    (row,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (row["id"], row["jail"]) == ("'=cmd|' /C calc'!A0", "'-jail")
    assert row["lines"].startswith("'+evil\n")


async def test_what_cannot_be_right_is_a_problem_and_no_file(program: Program) -> None:
    assert problem(await program.get("/events/export?jail=shsd"))["code"] == "unknown-jail"
    assert problem(await program.get("/events/export?format=xls"))["code"] == "invalid"


async def test_head_reads_nothing(program: Program) -> None:
    answer = await program.send("HEAD", "/events/export?format=csv")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
