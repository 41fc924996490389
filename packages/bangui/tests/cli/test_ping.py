from __future__ import annotations

import json

from packages.bangui.tests.cli.harness import Bangui


def test_a_daemon_that_answers_says_pong(bangui: Bangui) -> None:
    assert bangui("ping").out == "pong\n"
    assert json.loads(bangui("ping", "--json").out) == {"ping": "pong"}
