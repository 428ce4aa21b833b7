"""The tables of chapters are what the chapters' own words say."""

import json

import pytest

from conclib import chapters
from conclib.chapters import overview
from tests import generate


@pytest.mark.parametrize("path", generate.FILES, ids=lambda path: path.name)
def test_a_generated_table_is_fresh(path):
    text = path.read_text(encoding="utf-8")
    assert generate.FILES[path](text) == text, "run: python -m tests.generate"


def test_a_stale_table_is_renewed():
    stale = "\n".join(["Before.", "", *generate.HEAD, "| 00 | Old? | to come |", "", "After."])
    assert generate.readme(stale) == f"Before.\n\n{generate.table()}\n\nAfter."
    book = {"cells": [{"source": ["# Title"]}, {"source": stale.splitlines(keepends=True)}]}
    renewed = json.loads(generate.index(json.dumps(book)))
    assert "".join(renewed["cells"][1]["source"]).count("| [04](04_creation.ipynb) |") == 1


def test_a_text_without_the_table_is_refused():
    with pytest.raises(ValueError, match="holds 0 tables"):
        generate.readme("Nothing here.")


def test_every_chapter_is_there_once_and_in_order():
    rows = generate.table().splitlines()[2:]
    assert [row[2:4] for row in rows] == sorted({*chapters.known(), *overview.to_come()})
