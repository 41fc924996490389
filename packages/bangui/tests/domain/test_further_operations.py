from __future__ import annotations

import subprocess
import sys

from bangui.domain.further_operations import FURTHER_OPERATIONS
from bangui.domain.operations import OPERATIONS


def test_no_two_operations_have_one_name() -> None:
    assert OPERATIONS.keys().isdisjoint(FURTHER_OPERATIONS)


def test_a_short_command_does_not_wait_for_them() -> None:
    code = "import sys, bangui.adapters.fail2ban; print('bangui.domain.further_operations' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"
