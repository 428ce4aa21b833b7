"""The form of a probe's facts: declared as text in its literal, checked when they arrive.

    "facts": {"lines": "list[str]", "by": "dict[str, list[str]]", "rss_mb": "float | None"}

A type is one of ``str``, ``int``, ``float``, ``bool``, a ``list[...]``, a ``dict[str, ...]``, or
several of these with ``|`` between them.
"""

import ast
from collections.abc import Mapping
from types import GenericAlias, UnionType
from typing import Any

from conclib.results import ProtocolError, RecordError
from conclib.results.decoding import validated

Form = type | UnionType | GenericAlias
PLAIN = {"str": str, "int": int, "float": float, "bool": bool}


def parse(text: str) -> Form:
    """Return the type that a text declares.

    Raises:
        ValueError: it declares none; the message says which part.
    """
    try:
        return _type(ast.parse(text, mode="eval").body)
    except (SyntaxError, TypeError):
        raise ValueError(f"facts: {text!r} declares no type, as 'list[str]' does") from None


def _type(node: ast.expr) -> Form:
    match node:
        case ast.Name(id=name) if name in PLAIN:
            return PLAIN[name]
        case ast.Constant(value=None):
            return type(None)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _type(left) | _type(right)
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            return GenericAlias(list, (_type(item),))
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, item])):
            if isinstance(key, ast.Name) and key.id == "str":
                return GenericAlias(dict, (str, _type(item)))
    raise ValueError(f"facts: {ast.unparse(node)!r} is none of: {', '.join(PLAIN)}, list, dict")


def checked(probe: str, declared: Mapping[str, Form], facts: object) -> dict[str, Any]:
    """Return facts as they were declared, whole numbers made floats where that is their type.

    Raises:
        ProtocolError: one is missing, too many, or of another form; names it and its value.
    """
    import msgspec

    given = {} if facts is None and not declared else facts
    form = msgspec.defstruct("Facts", list(declared.items()), forbid_unknown_fields=True)
    try:
        return msgspec.structs.asdict(validated(given, form))
    except RecordError as error:
        raise ProtocolError(f"{probe} reported facts of another form: {error}") from None
