"""Where data break a form, and what is allowed there: what msgspec's errors leave out.

msgspec says ``Invalid enum value 'too' - at `$.claim[...].pin` ``. It does not say which entry of a
table that is, nor what may stand there instead. So the data are followed to the place, and their
form beside them::

    claim.fork.pin='too': Invalid enum value 'too'; must be one of: one, none.
"""

import re
from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from conclib.results import arguments

MAX_REASON, MAX_OWN = 120, 480  # characters of msgspec's sentences, and of ours, which list more
STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
CHOICE = ("Invalid enum value", "Invalid value")  # not one of a Literal, or of the tags of a union


def explained(error: Exception, data: Any, form: Any) -> str:
    """Put place and value before msgspec's sentence, and what is allowed behind it.

    The sentence may quote a name of any length, and one that looks like a place.

    Args:
        error: msgspec's, ours as its cause where one of our own checks refused the data.
        data: the plain data (dict, list, str, number, ...) that it was said of.
        form: the type that they were held against.
    """
    reason, _, path = str(error).partition(" - at `$")
    most = MAX_OWN if error.__cause__ else MAX_REASON
    short = reason if len(reason) <= most else reason[: most - 3] + "..."
    place = ""
    try:
        for name, number in STEP.findall(path):
            step = name or (_broken(data, form, reason) if number == "..." else int(number))
            if step is None:
                break
            place += _written(step)
            data, form = data[step], _below(form, data, step)
    except (LookupError, TypeError):
        return short
    text = f"{short}{_allowed(reason, data, form)}"
    return f"{place.removeprefix('.')}={arguments.shown(data)}: {text}".removeprefix("=")


def _written(step: str | int) -> str:
    return f".{step}" if isinstance(step, str) and re.fullmatch(r"[\w-]+", step) else f"[{step!r}]"


def _broken(table: Any, form: Any, reason: str) -> str | None:
    """Return the name of the first entry of a table that breaks its form in this way."""
    import msgspec

    for name, value in table.items() if isinstance(table, Mapping) else ():
        try:
            msgspec.convert(value, _below(form, table, name))
        except msgspec.ValidationError as error:
            if str(error).startswith(reason):
                return str(name)
    return None


# Types ------------------------------------------------------------------------------------------
def _below(form: Any, data: Any, step: str | int) -> Any:
    """Return the type of what stands one step below; ``Any`` where nothing is declared."""
    if tags := [each.tag for each in _configs(form) if each.tag_field == step]:
        return Literal[tuple(tags)]
    for each in _fitting(form, data):
        inner = get_args(each)
        if not inner:
            return get_type_hints(each, include_extras=True).get(str(step), Any)
        if isinstance(step, str):
            return inner[-1]  # of dict[str, X]
        fixed = get_origin(each) is tuple and inner[-1] is not ...
        return inner[step] if fixed else inner[0]
    return Any


def _parts(form: Any) -> list[Any]:
    """Return the types that a union stands for, without their constraints."""
    if get_origin(form) is Annotated:
        return _parts(get_args(form)[0])
    if get_origin(form) in (Union, UnionType):
        return [each for part in get_args(form) for each in _parts(part)]
    return [] if form in (Any, type(None)) else [form]


def _configs(form: Any) -> list[Any]:
    return [each.__struct_config__ for each in _parts(form) if hasattr(each, "__struct_config__")]


def _fitting(form: Any, data: Any) -> list[Any]:
    """Return the types that data may be meant for: of a tagged union the one with their tag."""

    def fits(each: Any) -> bool:
        found = _configs(each)
        tagged = found and found[0].tag_field and isinstance(data, Mapping)
        return not tagged or bool(data.get(found[0].tag_field) == found[0].tag)

    return [each for each in _parts(form) if fits(each)]


def _allowed(reason: str, data: Any, form: Any) -> str:
    """Say what is allowed, where msgspec does not list it."""
    if unknown := UNKNOWN.match(reason):
        fitting = [each for each in _fitting(form, data) if hasattr(each, "__struct_fields__")]
        names = [name for each in fitting for name in each.__struct_fields__]
        return _listed("it may have", unknown[1], names)
    if reason.startswith(CHOICE):
        choices = [each for each in _parts(form) if get_origin(each) is Literal]
        return _listed("must be one of", data, [str(n) for each in choices for n in get_args(each)])
    return ""


def _listed(lead: str, given: object, names: list[str]) -> str:
    near = arguments.nearest(given[:MAX_REASON], names) if isinstance(given, str) else ""
    return f"; {lead}: {', '.join(names)}.{near}" if names else ""
