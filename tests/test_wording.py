"""How several things are named in a sentence."""

import pytest

from conclib.results.wording import listed


@pytest.mark.parametrize(
    "names, text", [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_listed_as_a_sentence_does(names, text):
    assert listed(names) == text
