from __future__ import annotations

import json

from bangui.domain.accounts import Via
from bangui.domain.audit import AuditEntry, AuditResult, RecordedEntry
from bangui.services.audit_export import CSV_HEAD, csv_line, entry_value, json_line

ENTRY = AuditEntry(1_800_000_000_123, "ada", Via.API, None, "ban.add", "+1\x1b", AuditResult.FAILED, '=1, "2"', "web1")


def test_a_value_has_what_the_entry_tells() -> None:
    assert entry_value(RecordedEntry(7, ENTRY)) == {
        "time": "2027-01-15T08:00:00.123Z",
        "actor": "ada",
        "via": "api token",
        "address": None,
        "action": "ban.add",
        "target": "+1\x1b",
        "result": "failed",
        "detail": '=1, "2"',
        "host": "web1",
        "number": 7,
    }


def test_no_cell_is_a_formula_or_a_command() -> None:
    line = csv_line(RecordedEntry(7, ENTRY))
    assert CSV_HEAD == "time,actor,via,address,action,target,result,detail,host,number\r\n"
    assert line == '2027-01-15T08:00:00.123Z,ada,api token,,ban.add,\'+1\\x1b,failed,"\'=1, ""2""",web1,7\r\n'


def test_programs_get_it_exactly() -> None:
    line = json_line(RecordedEntry(7, ENTRY))
    assert line.endswith("}\n")
    assert json.loads(line) == entry_value(RecordedEntry(7, ENTRY))
