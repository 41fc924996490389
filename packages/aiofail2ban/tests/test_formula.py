from __future__ import annotations

import ast
import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiofail2ban._formula import check_formula

STOCK = [
    "ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor",
    "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)",
]


def evaluate(formula: str) -> object:
    ban = SimpleNamespace(Time=600, Count=3)
    return eval(formula, {"math": math}, {"ban": ban, "banFactor": 2})


@pytest.mark.parametrize(
    "formula",
    [
        *STOCK,
        "ban.Time",
        "ban.Time * 2 ** min(ban.Count, 10)",
        "-ban.Time + 1.5 // 2 % 3",
        "max(ban.Time, 600) * round(math.sqrt(ban.Count))",
        "ban.Time if ban.Count != 2 else 60",
    ],
)
def test_arithmetic_on_a_ban_keeps_its_meaning(formula: str) -> None:
    assert evaluate(check_formula(formula)) == evaluate(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "ban.Time *",
        "__import__('os').system('id')",
        "ban.__class__",
        "ban.Time.real",
        "math.__dict__",
        "math.exp",
        "open('/etc/shadow')",
        "max(*[1, 2])",
        "max(key=1)",
        "max()",
        "[1][0]",
        "'text'",
        "True",
        "None",
        "lambda: 1",
        "(x := 5)",
        "ban.Time; 5",
        "ban.Time\nimport os",
        "banfactor",
        "1 < 2",
        "1 and 2",
        "1 if 1 < 2 < 3 else 4",
        "9 ** 9 ** 9",
        "1 << ban.Count",
        "2 ** (ban.Count if ban.Count < 1000 else 20)",
        "(ban.Time ** 20) ** 20",
        "2 ** max(ban.Count, 5)",
        "10000000000",
        "1j",
        "ban.Time " * 300,
        "(" * 400,
    ],
)
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match=r"formula|\*\*"):
        check_formula(formula)


@given(st.text(alphabet="ban.TimeCount*+-/<()0123456789 'xos_[]{}:,", max_size=60))
def test_what_passes_names_nothing_but_the_ban_and_numbers(text: str) -> None:
    try:
        formula = check_formula(text)
    except ValueError:
        return
    names = {node.id for node in ast.walk(ast.parse(formula)) if isinstance(node, ast.Name)}
    assert names <= {"ban", "banFactor", "math", "abs", "float", "int", "max", "min", "round"}
