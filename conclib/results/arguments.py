"""Refuse a bad argument before anything has started.

Each function returns the value it was given, or raises an error that names the argument, what was
given and what is allowed. ``True`` is no number here, and neither is ``"4"``: a silent conversion
would hide a mistake that the student should see.
"""

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence

Value = bool | int | float | str  # of a probe's parameter
Params = Mapping[str, Value]
MAX_LABEL = 200  # characters


def shown(value: object) -> str:
    """Return a value as an error message shows it: short, whatever it is."""
    if isinstance(value, str | bytes):
        value = value[:61]  # of a text of megabytes no more is looked at
    try:
        text = repr(value)
    except Exception:  # an integer of thousands of digits, or an object that fails at it
        return f"<{type(value).__name__}>"
    return text if len(text) <= 60 else text[:57] + "..."


def integer(name: str, value: object, low: int, high: int, unit: str = "") -> int:
    """Return ``value`` if it is a whole number from ``low`` to ``high``.

    Raises:
        TypeError: not an int (a bool, a float and a string are refused too).
        ValueError: outside the range.
    """
    allowed = f"a whole number from {low:,} to {high:,}{' ' + unit if unit else ''}"
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}={shown(value)}: {name} must be {allowed}")
    if not low <= value <= high:
        raise ValueError(f"{name}={shown(value)}: {name} must be {allowed}")
    return value


def integers(
    name: str, values: object, low: int, high: int, unit: str = "", *, example: tuple[int, ...]
) -> tuple[int, ...]:
    """Return a sequence of whole numbers from ``low`` to ``high``, as many as the example or more.

    Raises:
        TypeError: no list or tuple, or one with something else than whole numbers.
        ValueError: too few, or one outside the range.
    """
    allowed = (
        f"{len(example)} or more whole numbers from {low:,} to {high:,}"
        f"{' ' + unit if unit else ''}, such as {name}={example!r}"
    )
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        raise TypeError(f"{name}={shown(values)}: {name} must be {allowed}")
    if len(values) < len(example):
        raise ValueError(f"{name}={shown(values)}: {name} must be {allowed}")
    return tuple(integer(name, value, low, high, unit) for value in values)


def number(name: str, value: object, low: float, high: float, unit: str = "") -> float:
    """Return ``value`` as a float if it is finite and from ``low`` to ``high``.

    Raises:
        TypeError: not a number.
        ValueError: NaN, infinite or outside the range.
    """
    allowed = f"a number from {low:g} to {high:g}{' ' + unit if unit else ''}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        quotes = ", without quotes" if isinstance(value, str) else ""
        raise TypeError(f"{name}={shown(value)}: {name} must be {allowed}{quotes}")
    if not low <= value <= high or math.isnan(value):  # an int may be too large for a float
        raise ValueError(f"{name}={shown(value)}: {name} must be {allowed}")
    return float(value)


def seconds(name: str, value: object, high: float = 60.0, low: float = 0.01) -> float:
    """Return a time limit in seconds; zero, negative, endless and ``None`` are refused."""
    return number(name, value, low, high, "seconds")


def label(name: str, value: object) -> str:
    """Return ``value`` if it can name something: any text of at most 200 characters.

    Raises:
        TypeError: not a string.
        ValueError: longer, or with half a character (a surrogate), which no file can hold.
    """
    allowed = f"a str of at most {MAX_LABEL} characters"
    if not isinstance(value, str):
        raise TypeError(f"{name}={shown(value)}: {name} must be {allowed}")
    if len(value) > MAX_LABEL:
        given = f"{len(value):,} characters were given"
        raise ValueError(f"{name}={shown(value)}: {name} must be {allowed}; {given}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError(f"{name}={shown(value)}: {name} must be {allowed}, without surrogates")
    return value


def nearest(value: object, names: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest name, or an empty string."""
    found = difflib.get_close_matches(str(value), list(names), n=1, cutoff=0.5)
    return f" Did you mean {found[0]!r}?" if found else ""


def part(name: str, value: object, options: Iterable[str]) -> str:
    """Return the option that a text names: by all of it, or by a part that no other option has.

    One letter is no part: it is typed by mistake, or meant as a letter before the options.

    ``part("pick", "median", ["the mean", "the median"])`` is ``"the median"``. Upper and lower case
    are the same, and so are one space and several.

    Raises:
        TypeError: not a string. ValueError: in none of the options, or in several.
    """
    known = {option.casefold(): option for option in options}
    listing = "; ".join(known.values())
    if not isinstance(value, str):
        raise TypeError(f"{name}={shown(value)}: must be in quotes, and one of: {listing}")
    wanted = " ".join(value.split()).casefold()
    found = [wanted] if wanted in known else [each for each in known if wanted and wanted in each]
    if len(found) == 1 and (wanted == found[0] or len(wanted) > 1 or not wanted.isalpha()):
        return known[found[0]]
    if len(found) == 1:
        raise ValueError(
            f"{name}={shown(value)}: is one letter; write two letters of an option or more, or all "
            f"of it: {listing}"
        )
    if found:
        several = "; ".join(known[each] for each in found)
        raise ValueError(f"{name}={shown(value)}: is in several of the options: {several}")
    raise ValueError(
        f"{name}={shown(value)}: is in none of the options; write one of them, or a part of one: "
        f"{listing}"
    )


def text(name: str, value: object, pattern: str, allowed: str) -> str:
    """Return ``value`` if it is a text that matches the whole of a pattern.

    Args:
        allowed: what matches, in words with an example, for the message.

    Raises:
        TypeError: not a string.
        ValueError: it does not match.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name}={shown(value)}: {name} must be {allowed}")
    if not re.fullmatch(pattern, value):
        raise ValueError(f"{name}={shown(value)}: {name} must be {allowed}")
    return value


def choice(name: str, value: object, allowed: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``allowed``; otherwise list them and name the nearest.

    Raises:
        TypeError: not a string; a function gets an explanation, since it cannot be measured.
        ValueError: not one of the allowed strings.
    """
    allowed = list(allowed)
    listing = ", ".join(allowed)
    if callable(value):
        raise TypeError(
            f"{name}={shown(value)}: a function cannot be sent to the measuring process, "
            f"which has never seen your notebook. Give the name of one of: {listing}; or "
            "write your own timed body in a cell that starts with %%probe"
        )
    if not isinstance(value, str):
        raise TypeError(f"{name}={shown(value)}: {name} must be one of: {listing}")
    if value not in allowed:
        raise ValueError(
            f"{name}={shown(value)}: {name} must be one of: {listing}.{nearest(value, allowed)}"
        )
    return value
