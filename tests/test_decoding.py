"""Plain data held against a type: what fits comes back, and an error says what does not."""

import subprocess
import sys

import pytest

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
        ({"a": ["x"]}, dict[str, list[int]], "{'a': ['x']}: Expected `int`, got `str`"),
        (["x" * 99], list[int], "[0]='" + "x" * 56 + "...: Expected `int`, got `str`"),
    ],
)
def test_what_does_not_fit_names_the_place_the_value_and_what_is_allowed(data, form, message):
    with pytest.raises(RecordError) as caught:
        validated(data, form)
    assert str(caught.value) == message


def test_nothing_is_loaded_for_it_before_it_is_needed():
    """`conclib measure` in a shell should not wait for it, nor a cell with ``import conclib``."""
    code = "import conclib.cli, conclib.lesson.store, sys; print('msgspec' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
