"""What JupyterLab saves: the text of a question, not the widget that stands before it."""

import copy
import json

import pytest

from conclib.lesson.copying import jupyterlab, saving
from conclib.lesson.showing.shown import VIEW
from tests import notebooks

WIDGET = {"model_id": "abc", "version_major": 2, "version_minor": 0}
STATE = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


def book(*datas: dict) -> dict:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": data} for data in datas]
    printed = {"output_type": "stream", "name": "stdout", "text": "x"}
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "a"},
        {"cell_type": "code", "metadata": {}, "source": "b", "outputs": [*outputs, printed]},
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"widgets": STATE}, "cells": cells}


def saved(content: object, kind: str = "notebook") -> object:
    model = {"type": kind, "content": copy.deepcopy(content), "format": "json"}
    saving.before_saving(model=model, path="x.ipynb", contents_manager=None)
    return model["content"]


@pytest.mark.parametrize("text", [{"text/plain": "why?"}, {"text/html": "<p>why?</p>"}])
def test_a_widget_with_a_text_is_not_saved(text):
    assert saved(book({**text, VIEW: WIDGET})) == {**book(text), "metadata": {}}


def test_all_else_stays():
    alone, other = {VIEW: WIDGET}, {"image/png": "x", "text/plain": "a picture"}
    assert saved(book(alone, other)) == {**book(alone, other), "metadata": {}}


@pytest.mark.parametrize(("content", "kind"), [("text", "file"), (None, "directory"), ("", "x")])
def test_what_is_no_notebook_is_saved_as_it_is(content, kind):
    assert saved(content, kind) == content


@pytest.mark.parametrize("content", [None, {}, {"worksheets": []}, {"cells": [], "metadata": {}}])
def test_a_notebook_of_another_form_is_no_error(content):
    assert saved(content) == content


@pytest.mark.parametrize("path", notebooks.stored_notebooks(), ids=lambda path: path.stem)
def test_a_stored_notebook_has_nothing_to_drop(path):
    content = json.loads(path.read_text())
    assert saved(content) == content


@pytest.mark.slow
def test_the_server_knows_its_hook(tmp_path):
    """Jupyter's own class takes the name that our command line gives, and calls it on saving."""
    from jupyter_server.services.contents.filemanager import FileContentsManager
    from traitlets.config import Config

    words = jupyterlab.command(tmp_path, ip="127.0.0.1", port=1, browser=False)
    (given,) = [word for word in words if "pre_save_hook" in word]
    name = given.removeprefix("--ContentsManager.pre_save_hook=")
    config = Config({"ContentsManager": {"pre_save_hook": name}})
    manager = FileContentsManager(root_dir=str(tmp_path), config=config)
    manager.notary.store.close()
    assert manager.pre_save_hook is saving.before_saving
