from __future__ import annotations

import json

from bangui import __version__
from packages.bangui.tests.cli.harness import Bangui


def test_both_versions_are_shown(bangui: Bangui) -> None:
    assert bangui("version").out == f"bangui   {__version__}\nfail2ban 1.1.0\n"
    assert json.loads(bangui("version", "--json").out) == {"bangui": __version__, "fail2ban": "1.1.0"}
