from __future__ import annotations

import io
import json

from bangui.cli.complaints import complain, in_one_line
from bangui.domain.errors import BanGUIError, OperationRefused
from bangui.domain.history_ports import StoreError, StoreTrouble


def test_a_complaint_is_one_inert_line_whatever_the_message_holds() -> None:
    stream = io.StringIO()
    assert complain(stream, BanGUIError("a\nb \x1b[2J", "do\r\nthis")) == 1
    assert stream.getvalue() == "bangui: a\\x0ab \\x1b[2J: do\\x0d\\x0athis\n"


def test_without_a_hint_there_is_no_colon_at_the_end() -> None:
    assert in_one_line("it failed", "") == "it failed"
    assert in_one_line("it failed", None) == "it failed"


def test_as_json_it_is_one_object_with_the_daemons_own_words() -> None:
    stream = io.StringIO()
    complain(stream, OperationRefused("no", "ask", detail="ValueError: \x1b"), as_json=True)
    error = json.loads(stream.getvalue())["error"]
    assert error == {
        "kind": "refused",
        "message": "no",
        "hint": "ask",
        "exit_code": 1,
        "detail": "ValueError: \x1b",
    }
    assert "\x1b" not in stream.getvalue()


def test_what_is_wrong_with_the_history_has_a_kind_and_a_reason_of_its_own() -> None:
    stream = io.StringIO()
    assert complain(stream, StoreError("it is held", "try again", trouble=StoreTrouble.BUSY), as_json=True) == 5
    assert json.loads(stream.getvalue())["error"] == {
        "kind": "history",
        "message": "it is held",
        "hint": "try again",
        "exit_code": 5,
        "reason": "busy",
    }
