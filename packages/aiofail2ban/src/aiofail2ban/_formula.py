"""A closed grammar for `bantime.formula`, which the daemon evaluates as Python, as root, at each ban.

Allowed are numbers, `ban.Time` (seconds), `ban.Count` (earlier bans), `banFactor`, + - * / // % ** <<, brackets,
`A if B < C else D`, and a few functions of numbers. A huge power would hang the daemon, so the right side of ** and <<
must be visibly small, as in the stock formula, and powers do not nest. What is sent is written anew from what was
understood, so that nothing else can hide in the text.
"""

from __future__ import annotations

import ast

_LONGEST_FORMULA = 500
_LARGEST_NUMBER = 1_000_000_000
_LARGEST_POWER = 64

_FUNCTIONS = frozenset({"abs", "float", "int", "max", "min", "round"})
_MATH_FUNCTIONS = frozenset({"ceil", "exp", "floor", "log", "log10", "log2", "sqrt"})
_POWERS = (ast.Pow, ast.LShift)
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, *_POWERS)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


def check_formula(formula: str) -> str:
    """Return `formula` in its canonical spelling; raise `ValueError` for anything but arithmetic on a ban."""
    if len(formula) > _LONGEST_FORMULA:
        raise ValueError(f"a formula has at most {_LONGEST_FORMULA} characters")
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"{formula!r} is not a formula") from None
    _check(tree)
    return ast.unparse(tree)


def _check(node: ast.expr) -> None:
    match node:
        case ast.Constant() | ast.Name() | ast.Attribute() if _is_value(node):
            return
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            _check(operand)
        case ast.BinOp(left=left, op=operator, right=right) if isinstance(operator, _OPERATORS):
            _check(left)
            _check(right)
            if isinstance(operator, _POWERS):
                _check_power(left, right)
        case ast.IfExp(test=ast.Compare(left=left, ops=[operator], comparators=[right]), body=body, orelse=orelse) if (
            isinstance(operator, _COMPARISONS)
        ):
            for part in (left, right, body, orelse):
                _check(part)
        case ast.Call(func=function, args=[_, *_] as arguments, keywords=[]) if _is_known(function):
            for argument in arguments:
                _check(argument)
        case _:
            raise ValueError(f"a formula is arithmetic on ban.Time, ban.Count and banFactor; not {ast.unparse(node)!r}")


def _is_value(node: ast.Constant | ast.Name | ast.Attribute) -> bool:
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int(number)) | ast.Constant(value=float(number)):
            return number <= _LARGEST_NUMBER
        case ast.Name(id=name):
            return name == "banFactor"
        case ast.Attribute(value=ast.Name(id="ban"), attr=name):
            return name in {"Time", "Count"}
    return False


def _is_known(function: ast.expr) -> bool:
    match function:
        case ast.Name(id=name):
            return name in _FUNCTIONS
        case ast.Attribute(value=ast.Name(id="math"), attr=name):
            return name in _MATH_FUNCTIONS
    return False


def _check_power(left: ast.expr, right: ast.expr) -> None:
    for side in (left, right):
        for node in ast.walk(side):
            if isinstance(node, ast.BinOp) and isinstance(node.op, _POWERS):
                raise ValueError("a formula may not raise a power to a power: it would hang the daemon")
    if not _upper_bound(right) <= _LARGEST_POWER:
        raise ValueError(
            f"the right side of ** and << must be bounded by {_LARGEST_POWER}, as in min(ban.Count, 20):"
            f" {ast.unparse(right)!r} could hang the daemon"
        )


def _upper_bound(node: ast.expr) -> float:
    """Return a number that `node` cannot exceed, infinity when that is not plain to see."""
    match node:
        case ast.Constant(value=int(number)) | ast.Constant(value=float(number)):
            return number
        case ast.IfExp(test=ast.Compare(left=left, ops=[ast.Lt() | ast.LtE()], comparators=[right]), body=body) if (
            ast.dump(left) == ast.dump(body)
        ):
            return max(_upper_bound(right), _upper_bound(node.orelse))
        case ast.Call(func=ast.Name(id="min"), args=arguments):
            return min(map(_upper_bound, arguments))
    return float("inf")
