"""Bad arguments are refused before anything starts, and the message says what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib.results import arguments

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize("value", [0, -1, 1.5, True, NAN, "4", 10**9, None, 4.0])
def test_a_bad_count_is_refused_and_the_message_names_all_three(value):
    with pytest.raises((TypeError, ValueError)) as caught:
        arguments.integer("count", value, 1, 64, "processes")
    message = str(caught.value)
    assert f"count={value!r}" in message
    assert "a whole number from 1 to 64 processes" in message


@pytest.mark.parametrize("value", [0, -1, -INF, INF, NAN, None, "1", True, 61, 1j])
def test_a_bad_time_limit_is_refused(value):
    with pytest.raises((TypeError, ValueError)) as caught:
        arguments.seconds("budget", value)
    assert f"budget={value!r}" in str(caught.value)
    assert "a number from 0.01 to 60 seconds" in str(caught.value)


@pytest.mark.parametrize("value", [-1, 1025, NAN, "64", True, 10**50])
def test_a_bad_size_is_refused(value):
    with pytest.raises((TypeError, ValueError), match=r"ballast_mb=.*from 0 to 1024 MB"):
        arguments.number("ballast_mb", value, 0, 1024, "MB")


@pytest.mark.parametrize("value", ["", "ABC", "AB\n", 3, None, b"AB"])
def test_a_text_of_another_form_is_refused(value):
    with pytest.raises((TypeError, ValueError)) as caught:
        arguments.text("order", value, "[AB]+", "a text of A and B, such as 'AB'")
    assert f"order={value!r}" in str(caught.value)
    assert "a text of A and B, such as 'AB'" in str(caught.value)
    assert arguments.text("order", "ABBA", "[AB]+", "anything") == "ABBA"


@given(st.integers(1, 64))
def test_a_good_argument_comes_back_as_it_is(value):
    assert arguments.integer("count", value, 1, 64) == value
    assert arguments.number("size", value, 1, 64) == float(value)


def test_the_ends_of_a_range_belong_to_it():
    assert [arguments.integer("n", n, 1, 64) for n in (1, 64)] == [1, 64]
    assert [arguments.seconds("s", s) for s in (0.01, 60)] == [0.01, 60.0]


def test_an_unknown_name_gets_the_list_and_the_nearest():
    with pytest.raises(ValueError) as caught:
        arguments.choice("probe", "frok", ["fork", "pthread"])
    assert "probe='frok'" in str(caught.value)
    assert "fork, pthread" in str(caught.value)
    assert "Did you mean 'fork'?" in str(caught.value)


def test_a_name_like_no_other_gets_the_list_alone():
    with pytest.raises(ValueError) as caught:
        arguments.choice("probe", "zzz", ["fork", "pthread"])
    assert "Did you mean" not in str(caught.value)


def nested():
    return None


@pytest.mark.parametrize("function", [lambda: None, nested, print])
def test_a_function_is_no_experiment_and_the_message_says_what_is(function):
    with pytest.raises(TypeError, match=r"measuring process.*fork, pthread.*%%probe"):
        arguments.choice("probe", function, ["fork", "pthread"])


@pytest.mark.parametrize("value", [None, 3, ["fork"], b"fork"])
def test_a_name_must_be_a_text(value):
    with pytest.raises(TypeError, match="one of: fork"):
        arguments.choice("probe", value, ["fork"])


def test_a_number_too_large_for_a_float_is_refused_like_any_other():
    with pytest.raises(ValueError, match="ballast_mb"):
        arguments.number("ballast_mb", 10**400, 0, 1024, "MB")


def test_a_long_value_does_not_flood_the_message():
    with pytest.raises(TypeError) as caught:
        arguments.integer("count", "9" * 10_000, 1, 2)
    assert len(str(caught.value)) < 200
