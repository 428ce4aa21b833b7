"""The instructor's short ways through each chapter: each runs by itself and keeps its point.

A presenter's page names the routes of 10 and 25 minutes; in the notebook the cells of each have the
tag ``route-10`` or ``route-25``. Here they run alone, on an empty store, from recordings, so that
nothing is timed.
"""

import re

import pytest

import conclib as cl
from conclib.results import files
from tests import reading
from tests.notebooks import read, source, tags

FOLDER = files.notebooks_path()
CHAPTERS = sorted(path.stem for path in FOLDER.glob("[0-9]*.ipynb"))
MINUTES = (10, 25)
ROUTES = [(chapter, minutes) for chapter in CHAPTERS for minutes in MINUTES]


def route(chapter: str, minutes: int) -> list[dict]:
    """Return the cells of a route, in order."""
    cells = read(FOLDER / f"{chapter}.ipynb")["cells"]
    return [cell for cell in cells if f"route-{minutes}" in tags(cell)]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_page_names_each_route(chapter):
    page = (FOLDER / "presenter" / f"{chapter[:2]}.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d+) \|", page, re.M) == [*map(str, MINUTES), "50"]


@pytest.mark.parametrize(("chapter", "minutes"), ROUTES)
def test_a_route_asks_before_it_tells(chapter, minutes):
    """What is held against a pick or a prediction was asked for in the same route."""
    asked: set[str] = set()
    told = 0
    for text in map(source, route(chapter, minutes)):
        asked |= set(re.findall(r'cl\.(?:choose|predict)\("([\w-]+)"\)', text))
        answered = re.findall(r'(?:cl\.choose\("|predicted=")([\w-]+)"(?:, result=|\))', text)
        held = [id for id in answered if f'cl.choose("{id}")' not in text]
        assert set(held) <= asked
        told += len(held)
    assert asked, "nobody in the room has to commit"


@pytest.mark.parametrize(("chapter", "minutes"), ROUTES)
def test_a_route_fits_its_minutes(chapter, minutes):
    """Told rather than read, and voted on: a third of a minute a cell, a minute a question."""
    cells = route(chapter, minutes)
    questions = sum(len(reading.asked(cell)) for cell in cells)
    assert 1 + len(cells) / 3 + questions <= minutes


@pytest.mark.slow
@pytest.mark.parametrize(("chapter", "minutes"), ROUTES)
def test_a_route_runs_by_itself_on_an_empty_store(nowhere, chapter, minutes):
    names: dict = {}
    for text in map(source, route(chapter, minutes)):
        exec(compile(text, chapter, "exec"), names)
    seen = [each for each in names.values() if isinstance(each, cl.Measurement | cl.Observation)]
    more = [each for each in names.values() if hasattr(each, "seen") or isinstance(each, dict)]
    assert seen or more, "a route shows something"
    for value in names.values():
        if hasattr(value, "close"):
            value.close()
