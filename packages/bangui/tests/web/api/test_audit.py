"""The audit trail as programs read it."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

from bangui.domain.accounts import Role, Via
from bangui.domain.audit import AuditEntry
from packages.bangui.tests.access import NOW
from packages.bangui.tests.web.api.programs import Program, problem


async def test_who_did_what_is_told_a_page_at_a_time(program: Program) -> None:
    whole = (await program.get("/audit?limit=1000")).json()["items"]
    assert {entry["action"] for entry in whole} == {"user.add", "api-token.add"}
    assert whole[0]["number"] > whole[-1]["number"]
    found, after = [], ""
    while True:
        told = (await program.get(f"/audit?limit=2{after}")).json()
        found += told["items"]
        if told["next"] is None:
            break
        after = f"&after={quote(told['next'])}"
    assert found == whole


async def test_filters(program: Program) -> None:
    told = (await program.get("/audit?action=user&target=viewer&result=done&actor=root")).json()["items"]
    assert [(entry["action"], entry["target"], entry["via"]) for entry in told] == [
        ("user.add", "viewer", "command-line")
    ]
    assert (await program.get("/audit?until=2020-01-01T00:00:00Z")).json()["items"] == []
    place = (await program.get("/audit?limit=1")).json()["next"]
    assert problem(await program.get(f"/audit?actor=root&after={place}"))["errors"][0]["field"] == "after"


async def test_a_file_holds_all_and_no_formula(program: Program) -> None:
    evil = AuditEntry(NOW, "ada", Via.SESSION, None, "ban.add", "=cmd|' /C calc'!A0")
    await program.access.trail.record(evil)
    lines = [json.loads(line) for line in (await program.get("/audit/export")).text.splitlines()]
    assert lines == (await program.get("/audit?limit=1000")).json()["items"]
    table = await program.get("/audit/export?format=csv&action=ban")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(table.text, newline=""))
    assert row["target"].startswith("'=cmd")


async def test_only_administrators_read_it(program: Program) -> None:
    assert problem(await program.get("/audit", Role.OPERATOR))["code"] == "forbidden"
    assert problem(await program.get("/audit/export", Role.OPERATOR))["code"] == "forbidden"
