from __future__ import annotations

import pytest

from packages.bangui.tests.cli.harness import Bangui


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["stauts"], "there is no command 'stauts': did you mean 'stats' or 'status'?"),
        (["hist"], "there is no command 'hist': did you mean 'history'?"),
        (["xyzzy"], "there is no command 'xyzzy': see bangui --help"),
        (["--json", "xyzzy"], "there is no command 'xyzzy': see bangui --help"),
        (["--kind", "ban", "history"], "--kind is no option of bangui itself: options of a command stand after it"),
        (["--history", "x", "top"], "--history is no option of bangui itself: options of a command stand after it"),
        (["--sock", "/x", "ping"], "--sock is no option of bangui itself: did you mean --socket?"),
        (["history", "--contry", "DE"], "bangui history has no option --contry: did you mean --country?"),
        (["history", "--contry=DE"], "bangui history has no option --contry: did you mean --country?"),
        (["bans", "--since", "1h"], "bangui bans has no option --since: see bangui bans --help"),
        (["status", "more"], "unrecognized arguments: more: see bangui --help"),
        (["top", "adresses"], "argument WHAT: invalid choice: 'adresses' (choose from"),
        (["--json", "top", "adresses"], "argument WHAT: invalid choice: 'adresses' (choose from"),
        (["ban", "sshd"], "the following arguments are required: IP: see bangui ban --help"),
    ],
)
def test_a_mistake_is_told_with_what_was_probably_meant(bangui: Bangui, words: list[str], message: str) -> None:
    outcome = bangui(*[word for word in words if word != "--json"])
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"bangui: {message}")
    assert outcome.err.count("\n") == 1
    assert bangui(*words).code == 2
