"""Plain data held against a type: what fits comes back, and an error says what does not."""

import subprocess
import sys
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct

from conclib.results import RecordError
from conclib.results.decoding import validated


def test_what_fits_is_returned_as_that_type():
    assert validated({"a": [1]}, dict[str, list[int]]) == {"a": [1]}
    assert validated([1, 2], tuple[float, float]) == (1.0, 2.0)


@pytest.mark.parametrize(
    "data, form, message",
    [
        (7, dict[str, int], "7: Expected `object`, got `int`"),
        ([1, "x"], list[int], "[1]='x': Expected `int`, got `str`"),
        ({"a": [1], "b": ["x"]}, dict[str, list[int]], "b[0]='x': Expected `int`, got `str`"),
        ({"a b": "x"}, dict[str, int], "['a b']='x': Expected `int`, got `str`"),
        (["x" * 99], list[int], "[0]='" + "x" * 56 + "...: Expected `int`, got `str`"),
    ],
)
def test_what_does_not_fit_names_the_place_the_value_and_what_is_allowed(data, form, message):
    with pytest.raises(RecordError) as caught:
        validated(data, form)
    assert str(caught.value) == message


class Circle(Struct, tag_field="form", tag="circle", forbid_unknown_fields=True):
    """One of two forms that a tag tells apart."""

    width: int


class Line(Struct, tag_field="form", tag="line", forbid_unknown_fields=True):
    """The other one."""

    ends: tuple[int, str]
    colour: Literal["black", "white"] | None = None


class Drawing(Struct, forbid_unknown_fields=True):
    """A form with tables in it."""

    layers: dict[str, Annotated[list[Circle | Line], Meta(max_length=2)]] = {}


CIRCLE = {"form": "circle", "width": 1}
LINE = {"form": "line", "ends": [1, "b"]}


@pytest.mark.parametrize(
    "inner, message",
    [
        ({**LINE, "form": "lime"}, ".form='lime': Invalid value 'lime'; must be one of: circle, "
         "line. Did you mean 'line'?"),
        ({**LINE, "colour": "withe"}, ".colour='withe': Invalid enum value 'withe'; must be one "
         "of: black, white. Did you mean 'white'?"),
        ({**LINE, "color": ""}, "={'form': 'line', 'ends': [1, 'b'], 'color': ''}: Object contains "
         "unknown field `color`; it may have: ends, colour. Did you mean 'colour'?"),
        ({**LINE, "ends": [1, 2]}, ".ends[1]=2: Expected `str`, got `int`"),
        ({**CIRCLE, "width": 2.5}, ".width=2.5: Expected `int`, got `float`"),
        ({"form": "circle"}, "={'form': 'circle'}: Object missing required field `width`"),
        ({**CIRCLE, "x - at `$.y": 1}, "Object contains unknown field `x"),
    ],
)  # fmt: skip
def test_what_may_stand_in_an_entry_of_a_table_is_said(inner, message):
    data = {"layers": {"below": [CIRCLE], "the top": [CIRCLE, inner]}}
    with pytest.raises(RecordError) as caught:
        validated(data, Drawing)
    place = "layers['the top'][1]" if message[0] in ".=" else ""
    assert str(caught.value) == place + message


def test_a_table_itself_may_be_wrong():
    with pytest.raises(RecordError, match=r"^layers.x=\[.*Expected `array` of length <= 2"):
        validated({"layers": {"x": [CIRCLE, LINE, LINE]}}, Drawing)
    with pytest.raises(RecordError, match=r"^layers=3: Expected `object`, got `int`$"):
        validated({"layers": 3}, Drawing)
    assert validated({"any": {"a": 1}}, dict[str, Any]) == {"any": {"a": 1}}


def test_nothing_is_loaded_for_it_before_it_is_needed():
    """`conclib measure` in a shell should not wait for it, nor a cell with ``import conclib``."""
    code = "import conclib.cli, conclib.lesson.store, sys; print('msgspec' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
