"""What a presenter's page of 02 or 03 says to call can be called with what it says."""

import ast
import re
from contextlib import suppress
from pathlib import Path

import pytest

from conclib import lab
from conclib.chapters import ch02_thread, ch03_isolation

PAGES = Path(__file__).parents[2] / "notebooks" / "presenter"
CALL = re.compile(r"`((?:thread|isolation)\.\w+\([^`]*\))`")
CHAPTERS = {"thread": ch02_thread, "isolation": ch03_isolation}
SAID = [
    (name, call)
    for name in ("02.md", "03.md")
    for call in sorted(set(CALL.findall((PAGES / name).read_text())))
]


class Accepted(Exception):
    """A probe was asked for with parameters that it takes."""


def accept(probe: str, **params: object) -> None:
    lab.catalogue()[probe].complete(params)
    raise Accepted


@pytest.mark.parametrize(("page", "call"), SAID)
def test_what_a_page_says_to_call_is_accepted(page, call, monkeypatch):
    monkeypatch.setattr(lab, "observe", accept)
    node = ast.parse(call, mode="eval").body
    verb = getattr(CHAPTERS[node.func.value.id], node.func.attr)
    given = [ast.literal_eval(each) for each in node.args]
    named = {each.arg: ast.literal_eval(each.value) for each in node.keywords}
    with suppress(Accepted):
        verb(*given, **named).close()  # a panel: it observes nothing before it is told to


def test_pages_say_such_calls():
    assert {page for page, _ in SAID} == {"02.md", "03.md"}
