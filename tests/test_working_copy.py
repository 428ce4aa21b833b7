"""The student's copy: made once without outputs, brought up to date, never written over."""

import json
import shutil
from pathlib import Path

import pytest

from conclib.lesson.copying import working_copy
from conclib.lesson.copying.marker import NAME as NOTE
from conclib.lesson.copying.working_copy import refresh
from tests import small_course
from tests.small_course import contents, notebook


@pytest.fixture
def course(tmp_path):
    return small_course.write(tmp_path / "source", "1 + 1")


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "deep" / "copy"


def code_cell(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"][1]


def test_the_copy_has_every_notebook_and_no_answer_under_a_question(course, copy):
    assert refresh(copy, course) == ["00_one.ipynb is ready", "index.ipynb is ready"]
    assert set(contents(copy)) == {"00_one.ipynb", "index.ipynb", NOTE}
    cell = code_cell(copy / "00_one.ipynb")
    assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert cell["source"] == ["1 + 1"] and cell["metadata"] == {"tags": ["x"]}
    assert "Größe µs" in (copy / "00_one.ipynb").read_text(encoding="utf-8")


def test_a_second_start_changes_nothing(course, copy):
    refresh(copy, course)
    before = contents(copy)
    times = {path: path.stat().st_mtime_ns for path in copy.iterdir()}
    assert refresh(copy, course) == []
    assert contents(copy) == before
    assert {path: path.stat().st_mtime_ns for path in copy.iterdir()} == times


def test_a_changed_chapter_is_not_touched_while_there_is_no_new_one(course, copy):
    refresh(copy, course)
    (copy / "00_one.ipynb").write_text("my work")
    assert refresh(copy, course) == []
    assert (copy / "00_one.ipynb").read_text() == "my work"


def test_a_new_version_lies_beside_a_chapter_that_was_worked_on(course, copy):
    refresh(copy, course)
    (copy / "00_one.ipynb").write_text("my work")
    (course / "00_one.ipynb").write_text(notebook("2 + 2"), encoding="utf-8")
    (said,) = refresh(copy, course)
    assert "beside it: 00_one (new version).ipynb" in said
    assert (copy / "00_one.ipynb").read_text() == "my work"
    assert code_cell(copy / "00_one (new version).ipynb")["source"] == ["2 + 2"]
    assert refresh(copy, course) == []


def test_another_new_version_takes_another_name(course, copy):
    refresh(copy, course)
    (copy / "00_one.ipynb").write_text("my work")
    for text in ("2 + 2", "3 + 3"):
        (course / "00_one.ipynb").write_text(notebook(text), encoding="utf-8")
        refresh(copy, course)
    assert (copy / "00_one.ipynb").read_text() == "my work"
    assert code_cell(copy / "00_one (new version).ipynb")["source"] == ["2 + 2"]
    assert code_cell(copy / "00_one (new version 2).ipynb")["source"] == ["3 + 3"]


def test_an_untouched_chapter_is_replaced_by_its_new_version(course, copy):
    refresh(copy, course)
    (course / "00_one.ipynb").write_text(notebook("2 + 2"), encoding="utf-8")
    assert refresh(copy, course) == ["00_one.ipynb is ready"]
    assert code_cell(copy / "00_one.ipynb")["source"] == ["2 + 2"]
    assert len(list(copy.glob("*.ipynb"))) == 2


def test_a_deleted_chapter_stays_away_until_it_has_a_new_version(course, copy):
    refresh(copy, course)
    (copy / "00_one.ipynb").unlink()
    assert refresh(copy, course) == [] and not (copy / "00_one.ipynb").exists()
    (course / "00_one.ipynb").write_text(notebook("2 + 2"), encoding="utf-8")
    assert refresh(copy, course) == ["00_one.ipynb is ready"]


def test_a_file_that_was_there_before_is_not_ours_to_replace(course, copy):
    copy.mkdir(parents=True)
    (copy / "00_one.ipynb").write_text("somebody else's")
    said = refresh(copy, course)
    assert (copy / "00_one.ipynb").read_text() == "somebody else's"
    assert "00_one (new version).ipynb" in said[0]


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"schema": 2, "copied": {}}', "null", "\0"])
def test_a_lost_note_costs_no_work(course, copy, note):
    refresh(copy, course)
    (copy / "00_one.ipynb").write_text("my work")
    (copy / NOTE).write_text(note)
    refresh(copy, course)
    assert (copy / "00_one.ipynb").read_text() == "my work"


def test_a_chapter_that_is_new_in_the_course_is_added(course, copy):
    refresh(copy, course)
    (course / "01_two.ipynb").write_text(notebook("3"), encoding="utf-8")
    assert refresh(copy, course) == ["01_two.ipynb is ready"]


def test_a_folder_that_cannot_be_made_is_said(course, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        refresh(tmp_path / "file" / "copy", course)


# A copy that the first version made ---------------------------------------------------------------
OLDER = Path(__file__).parent / "data" / "working_copy_schema_1"


@pytest.fixture
def older(tmp_path):
    """A copy that the first version made; the student has deleted two chapters of it."""
    return shutil.copytree(OLDER / "copy", tmp_path / "older")


def test_where_its_course_has_nothing_new_an_older_copy_stays_as_it_is(older):
    before = contents(older)
    assert refresh(older, OLDER / "course") == [] and contents(older) == before
    (older / "index.ipynb").unlink()
    assert refresh(older, OLDER / "course") == [] and set(contents(older)) == {NOTE}


def test_an_untouched_chapter_of_an_older_copy_becomes_todays(older, copy):
    refresh(copy)
    sentences = refresh(older)
    found, wanted = contents(older), contents(copy)
    assert json.loads(found.pop(NOTE)) == json.loads(wanted.pop(NOTE)), "in any order"
    assert found == wanted
    assert sentences == [f"{path.name} is ready" for path in sorted(copy.glob("[!.]*"))]
    assert refresh(older) == []


def test_what_was_worked_on_in_an_older_copy_stays_and_todays_lies_beside_it(older, copy):
    refresh(copy)
    for name in ("index", "00_measuring_honestly"):
        (older / f"{name}.ipynb").write_text("my work")
    refresh(older)
    for name in ("index", "00_measuring_honestly"):
        assert (older / f"{name}.ipynb").read_text() == "my work"
        beside = (older / f"{name} (new version).ipynb").read_bytes()
        assert beside == (copy / f"{name}.ipynb").read_bytes()
    assert not [name for name in contents(older) if "set-aside" in name]


# Today's course -----------------------------------------------------------------------------------
def test_the_course_itself_can_be_copied(copy):
    refresh(copy)
    names = {path.name for path in copy.glob("*.ipynb")}
    assert "index.ipynb" in names and len(names) > 1
    for name in names:
        cells = json.loads((copy / name).read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") for cell in cells)


def test_the_default_folder_is_in_the_home_folder_or_where_the_variable_says(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CONCLIB_COURSE", raising=False)
    assert working_copy.default_folder() == tmp_path / "conclib-course"
    monkeypatch.setenv("CONCLIB_COURSE", str(tmp_path / "mine"))
    assert working_copy.default_folder() == tmp_path / "mine"
