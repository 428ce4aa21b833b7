"""What a probe declares that it takes: arithmetic on its own parameters, read and never run.

    "takes": {"mb": "ballast_mb * (2 if after == 'fork' else 1)", "processes": "count"}

Allowed are parameters, whole numbers, texts to compare with, ``+ - * //``, comparisons, and
``... if ... else ...``. Anything else is refused when the probe's file is read.
"""

import ast
import operator
from collections.abc import Callable, Collection
from typing import Any

from conclib.results.arguments import Params, Value

RESOURCES = ("mb", "processes", "threads", "descriptors")
BINARY: dict[type[ast.operator], Callable[[Any, Any], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}
COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def parse(name: str, text: str, params: Collection[str]) -> ast.expr:
    """Return a declaration in a form that :func:`amount` computes.

    Args:
        name: the resource, one of ``RESOURCES``.
        text: the arithmetic.
        params: the probe's parameters by name; others must not stand in it.

    Raises:
        ValueError: another resource, no arithmetic, or a name that is no parameter.
    """
    if name not in RESOURCES:
        raise ValueError(f"takes: {name!r} must be one of: {', '.join(RESOURCES)}")
    try:
        found = ast.parse(text, mode="eval").body
        _require_allowed(found, params)
    except (SyntaxError, TypeError, RecursionError):
        raise ValueError(f"takes.{name}: {text!r} is no arithmetic on parameters") from None
    except ValueError as error:
        raise ValueError(f"takes.{name}: {error}") from None
    return found


def _require_allowed(node: ast.expr, params: Collection[str]) -> None:
    match node:
        case ast.Name(id=name) if name in params:
            inner: list[ast.expr] = []
        case ast.Constant(value=int() | str()):
            inner = []
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            inner = [left, right]
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARED:
            inner = [left, right]
        case ast.IfExp(test=test, body=body, orelse=other):
            inner = [test, body, other]
        case _:
            raise ValueError(f"{ast.unparse(node)!r} must not stand there")
    for each in inner:
        _require_allowed(each, params)


def amount(node: ast.expr, params: Params) -> int:
    """Return what a declaration comes to with these parameters; never below 0."""
    return max(int(_value(node, params)), 0)


def _value(node: ast.expr, params: Params) -> Value:
    match node:
        case ast.Name(id=name):
            return params[name]
        case ast.Constant(value=(int() | str()) as value):
            return value
        case ast.BinOp(left=left, op=op, right=right):
            return BINARY[type(op)](_value(left, params), _value(right, params))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return COMPARED[type(op)](_value(left, params), _value(right, params))
        case ast.IfExp(test=test, body=body, orelse=other):
            return _value(body if _value(test, params) else other, params)
    raise AssertionError("unreachable: parse has refused it")


def used(node: ast.expr, params: Params) -> str:
    """Return the parameters in a declaration with their values: ``"count=600, kind='process'"``."""
    return ", ".join(f"{name}={params[name]!r}" for name in names(node))


def names(node: ast.expr) -> list[str]:
    """Return the parameters in a declaration, each once, in the order in which they stand."""
    found = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    return list(dict.fromkeys(each.id for each in sorted(found, key=lambda x: x.col_offset)))
