"""JSON that somebody else wrote, checked while it is read.

msgspec decodes strict JSON (no NaN, no infinity, no lone surrogate) into a declared form: types,
ranges and lengths. What it does not look at is looked at here, before or after:

* how many values there are: 8 MB of ``[]`` would become 200 MB of empty lists;
* names given twice, integers of any length, and nesting, in what has no declared form;
* the value itself, which its errors do not show, nor what may stand there (``places.py``).

msgspec is imported at first use, so that ``import conclib`` stays light.
"""

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from conclib.results import arguments, places
from conclib.results.errors import RecordError

if TYPE_CHECKING:
    import msgspec

T = TypeVar("T")
MAX_DEPTH = 32  # lists and objects within each other
MAX_DIGITS = 20  # of a whole number: 64 bits, and a sign
TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"


def require_few(data: str | bytes, most: int) -> None:
    """Refuse JSON text that may hold more values than ``most``, without decoding it.

    Raises:
        ValueError: it has more commas and opening brackets, those within texts included.
    """
    found = map(data.count, ",[{") if isinstance(data, str) else map(data.count, (b",", b"[", b"{"))
    if sum(found) > most:
        raise ValueError(f"more than {most:,} values")


def decode(data: bytes, decoder: "msgspec.json.Decoder[T]", most: int) -> T:
    """Return JSON text in the form that a decoder stands for.

    Args:
        data: the text, in UTF-8.
        decoder: made once for a form, ``msgspec.json.Decoder(Form)``.
        most: how many values it may hold.

    Raises:
        ValueError: not JSON, or not of this form; the message names place and value.
    """
    import msgspec

    require_few(data, most)
    try:
        text = data.decode()  # strictly: json would let half a character pass
        plain = json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_constant=no_number
        )
        _require_flat(plain)
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        raise ValueError(places.explained(error, plain, decoder.type)) from None
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    except (json.JSONDecodeError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise ValueError(f"not JSON, or cut off: {error}") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"the name {arguments.shown(twice)} is given twice")
    return found


def no_number(name: str) -> None:
    """Refuse NaN and the infinities, which Python's own ``json`` would read."""
    raise ValueError(f"{name} is not a number that can be measured")


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a whole number of {len(digits):,} digits")
    return int(digits)


def _require_flat(plain: object) -> None:
    """Refuse lists and objects nested deeper than anything that we read needs."""
    level = [plain]
    for _ in range(MAX_DEPTH + 1):
        inner = [item for item in level if isinstance(item, dict | list)]
        if not inner:
            return
        each = (item.values() if isinstance(item, dict) else item for item in inner)
        level = [value for values in each for value in values]
    raise ValueError(TOO_DEEP)


def validated(data: object, form: type[T], **options: Any) -> T:
    """Return plain data (dict, list, str, number, ...) as an instance of ``form``.

    Args:
        data: what a parser gave.
        form: any type that msgspec knows: a ``msgspec.Struct``, a dataclass, ``list[str]``.
        **options: of ``msgspec.convert``.

    Raises:
        RecordError: it does not fit; the message says where, what stands there and what is allowed.
    """
    import msgspec

    try:
        found: T = msgspec.convert(data, form, **options)
    except msgspec.ValidationError as error:
        raise RecordError(places.explained(error, data, form)) from None
    except UnicodeEncodeError as error:  # msgspec compares names and choices as UTF-8
        raise RecordError(f"{arguments.shown(error.object)}: half a character in a name") from None
    return found
