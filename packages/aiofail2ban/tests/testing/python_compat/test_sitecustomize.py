from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import aiofail2ban.testing

FOLDER = Path(aiofail2ban.testing.__file__).parent / "_python_compat"


@pytest.mark.parametrize(
    "program",
    [
        "from collections import Mapping, MutableMapping, Iterable",
        "import re; assert re.compile('^a (?:(?i)LOGIN|PLAIN)$').match('a login')",
        "import re; assert not re.compile('LOGIN').match('login')",
        "import re; assert re.compile('LOGIN', re.I).match('login')",
    ],
)
def test_what_old_fail2ban_relies_on_works_again(program: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", program], env={"PYTHONPATH": str(FOLDER)}, check=True)


def test_a_regular_expression_that_is_wrong_stays_wrong() -> None:
    program = "import re; re.compile('a(b')"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(FOLDER)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "missing ), unterminated subpattern" in done.stderr
