"""Plain data that comes from outside, held against a type, with an error that helps.

msgspec does the work, at the first use: a bare import of conclib does not load it.
"""

from typing import Any

from conclib.results.decoding import with_value
from conclib.results.errors import RecordError


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
        raise RecordError(with_value(str(error), data)) from None
