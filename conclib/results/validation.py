"""Plain data that comes from outside, held against a type, with an error that helps.

msgspec does the work, at the first use: a bare import of conclib does not load it.
"""

import re
from typing import Any

from conclib.results.arguments import shown
from conclib.results.errors import RecordError

STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def validated(data: Any, form: Any) -> Any:
    """Return plain data (dict, list, str, number, ...) as an instance of ``form``.

    Args:
        data: what a JSON parser gave.
        form: any type that msgspec knows, for example a ``msgspec.Struct``.

    Raises:
        RecordError: it does not fit; the message says where, what stands there and what is allowed.
    """
    import msgspec

    try:
        return msgspec.convert(data, form)
    except msgspec.ValidationError as error:
        raise RecordError(_with_value(str(error), data)) from None


def _with_value(message: str, data: Any) -> str:
    """Turn msgspec's ``Expected `str` - at `$.id` `` into ``id=7: Expected `str` ``."""
    words, _, path = message.removesuffix("`").partition(" - at `$")
    for name, number in STEP.findall(path.partition("[...]")[0]):
        data = data[name or int(number)]
    return f"{path.lstrip('.')}={shown(data)}: {words}" if path else message
