"""A worker's own way to read and write JSON: exactly what the standard module does."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib.probes import _light

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)  # fmt: skip


@pytest.fixture(params=["in C", "without it"])
def way(request, monkeypatch):
    if request.param == "without it":
        monkeypatch.setattr(_light, "_json", None)


@given(PLAIN)
def test_it_writes_and_reads_what_json_does(value):
    assert _light.dumps(value) == json.dumps(value)
    assert _light.loads(json.dumps(value).encode() + b"\n") == value


@pytest.mark.parametrize("value", [math.nan, math.inf, [-math.inf]], ids=str)
def test_what_json_has_not_got_is_refused(way, value):
    with pytest.raises(ValueError):
        _light.dumps(value)


def test_what_is_no_plain_data_is_refused_with_its_type(way):
    with pytest.raises(TypeError, match="Object of type set is not JSON serializable"):
        _light.dumps({"a": {1}})


def test_data_that_hold_themselves_are_refused(way):
    endless = []
    endless.append(endless)
    with pytest.raises(ValueError, match="Circular"):
        _light.dumps(endless)


@pytest.mark.parametrize("line", [b"{", b"{'a': 1}", b""])
def test_a_line_that_is_no_json_is_refused(way, line):
    with pytest.raises((ValueError, StopIteration)):
        _light.loads(line)


def test_both_ways_give_the_same(way):
    value = {"ask": "batch", "samples": 20, "text": 'µ \u2028 \ud800 "', "x": [1.5, None, True]}
    assert _light.dumps(value) == json.dumps(value)
    assert _light.loads(json.dumps(value).encode()) == value
