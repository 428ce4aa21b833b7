"""What is kept survives two notebooks, bad files and folders that cannot be written."""

import json
import os
import subprocess
import sys
import threading

import pytest

from conclib.lesson import kept, predictions, shelf, store, working_copy
from conclib.results import hooks
from tests import made_up


def note(text="x"):
    return {"schema": 1, "event": "revealed", "id": text}


def measured(**fields):
    return made_up.measurement([1, 2, 3, 4, 5, 6, 7], date="2026-01-01", **fields)


def test_what_is_added_is_read_back_in_order_and_has_a_schema(home):
    store.append(store.PREDICTIONS, note("a"), note("b"))
    store.update(store.PREDICTIONS, lambda records: [note(f"after {len(records)}")])
    assert [r["id"] for r in store.read(store.PREDICTIONS)] == ["a", "b", "after 2"]
    lines = (home / "predictions.jsonl").read_text().splitlines()
    assert [json.loads(line)["schema"] for line in lines] == [1, 1, 1]
    assert store.saving()


def test_the_folder_is_the_one_asked_for_and_else_the_users(home, monkeypatch):
    assert store.home() == home
    monkeypatch.delenv("CONCLIB_HOME")
    assert store.home().name == "conclib"


def test_progress_is_one_json_object(home):
    for word in ("a", "b"):
        store.update(store.PROGRESS, lambda _, word=word: [note(word)])
    whole = json.loads((home / "progress.json").read_text())
    assert whole["schema"] == 1
    assert [event["id"] for event in whole["events"]] == ["a", "b"]


def test_reading_writes_nothing(home):
    assert store.read(store.PREDICTIONS) == []
    assert not (home / "predictions.jsonl").exists()


WRITER = """
import sys
from conclib.lesson import store
for number in range(40):
    store.update(store.PREDICTIONS, lambda kept: [
        {"schema": 1, "event": "revealed", "id": f"{sys.argv[1]} {number} {len(kept)}"}])
    store.append(store.RESULTS, {"schema": 1, "probe": f"{sys.argv[1]} {number}"})
"""


def test_two_processes_that_write_at_once_lose_nothing(home):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    said = [writer.communicate(timeout=60)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert said == ["", ""]
    counts = [int(r["id"].split()[-1]) for r in store.read(store.PREDICTIONS)]
    assert counts == list(range(80))  # each saw all that were there before it
    assert len({r["probe"] for r in store.read(store.RESULTS)}) == 80
    assert not list(home.glob("*.new"))


BAD = {
    "cut off": '{"schema": 1, "event": "revea',
    "of another schema": '{"schema": 2, "event": "revealed", "id": "x"}',
    "no object": "[1, 2]",
    "not a number": '{"schema": 1, "event": "scored", "id": "x", "width": NaN}',
    "a field missing": '{"schema": 1, "event": "revealed"}',
    "a field of another kind": '{"schema": 1, "event": "predicted", "id": 7}',
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_a_bad_line_sets_the_file_aside_and_good_lines_are_kept(home, capsys, line):
    file = home / "predictions.jsonl"
    text = f"{json.dumps(note('good'))}\n{line}\n{json.dumps(note('too'))}\n"
    file.write_text(text)
    assert [r["id"] for r in store.read(store.PREDICTIONS)] == ["good", "too"]
    assert (home / "predictions.jsonl.set-aside-1").read_text() == text
    said = capsys.readouterr().out
    assert "predictions.jsonl could not be read (line 2" in said
    assert "predictions.jsonl.set-aside-1" in said
    store.append(store.PREDICTIONS, note("next"))
    assert [r["id"] for r in store.read(store.PREDICTIONS)] == ["good", "too", "next"]
    assert capsys.readouterr().out == ""


def test_a_foreign_file_is_set_aside_as_a_whole_and_each_gets_a_name_of_its_own(home, capsys):
    for number in (1, 2):
        (home / "results.jsonl").write_bytes(b"\x80\x04\x95 pickle")
        store.append(store.RESULTS, {"schema": 1, "probe": "fork"})
        assert (home / f"results.jsonl.set-aside-{number}").read_bytes() == b"\x80\x04\x95 pickle"
        assert len(store.read(store.RESULTS)) == 1
        assert "not a text file" in capsys.readouterr().out
        (home / "results.jsonl").unlink()


def test_a_damaged_progress_file_is_set_aside(home, capsys):
    (home / "progress.json").write_text('{"schema": 1, "events": [')
    assert store.read(store.PROGRESS) == []
    assert (home / "progress.json.set-aside-1").exists()
    assert "progress.json could not be read" in capsys.readouterr().out


def test_a_link_out_of_the_folder_is_not_followed(home, tmp_path, capsys):
    outside = tmp_path / "outside.jsonl"
    outside.write_text(json.dumps(note("foreign")) + "\n")
    (home / "predictions.jsonl").symlink_to(outside)
    store.append(store.PREDICTIONS, note("own"))
    assert [r["id"] for r in store.read(store.PREDICTIONS)] == ["own"]
    assert outside.read_text().count("\n") == 1
    assert "no ordinary file" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_said_once_and_the_lesson_goes_on(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CONCLIB_HOME", str(tmp_path / "file" / "home"))
    store.append(store.PREDICTIONS, note("a"))
    said = capsys.readouterr().out
    assert "Nothing can be saved" in said and "The lesson goes on" in said
    store.update(store.PREDICTIONS, lambda records: [note(f"after {len(records)}")])
    kept.keep([measured()])
    assert [r["id"] for r in store.read(store.PREDICTIONS)] == ["a", "after 1"]
    assert [item.probe for item in kept.results()] == ["fork"]
    assert capsys.readouterr().out == ""
    assert not store.saving()


def test_a_full_disk_keeps_the_old_file_and_what_was_to_be_saved_in_memory(
    home, monkeypatch, capsys
):
    store.append(store.PREDICTIONS, note("saved"))
    before = (home / "predictions.jsonl").read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    store.update(store.PREDICTIONS, lambda records: [note("not saved")])
    assert "No space left on device" in capsys.readouterr().out
    assert [r["id"] for r in store.read(store.PREDICTIONS)] == ["saved", "not saved"]
    assert (home / "predictions.jsonl").read_bytes() == before
    assert not list(home.glob("*.new"))


def test_a_file_is_replaced_and_never_written_over(home):
    store.append(store.PREDICTIONS, note("old"))
    with (home / "predictions.jsonl").open() as reader:  # it began to read before the change
        store.append(store.PREDICTIONS, note("new"))
        assert reader.read().count("\n") == 1
    assert len(store.read(store.PREDICTIONS)) == 2


def test_an_append_on_a_full_disk_is_kept_in_memory(home, monkeypatch, capsys):
    store.append(store.RESULTS, {"schema": 1, "probe": "saved"})

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    store.append(store.RESULTS, {"schema": 1, "probe": "not saved"})
    assert [r["probe"] for r in store.read(store.RESULTS)] == ["saved", "not saved"]
    assert "No space left" in capsys.readouterr().out


def test_a_lock_that_is_never_given_back_does_not_stop_the_lesson(home, monkeypatch, capsys):
    import filelock

    monkeypatch.setattr(store, "PATIENCE", 0.05)
    other = filelock.FileLock(home / "predictions.jsonl.lock", thread_local=False)
    thread = threading.Thread(target=other.acquire)
    thread.start()
    thread.join()
    try:
        store.append(store.PREDICTIONS, note("a"))
        assert [r["id"] for r in store.read(store.PREDICTIONS)] == ["a"]
        assert "Nothing can be saved" in capsys.readouterr().out
    finally:
        other.release(force=True)


def test_the_oldest_results_go_when_the_file_grows_beyond_its_cap(monkeypatch, home):
    monkeypatch.setitem(shelf.MOST_BYTES, store.RESULTS, 2000)
    for number in range(200):
        store.append(store.RESULTS, {"schema": 1, "probe": f"number {number}"})
    names = [r["probe"] for r in store.read(store.RESULTS)]
    assert names[-1] == "number 199"
    assert names == [f"number {n}" for n in range(200 - len(names), 200)]
    assert (home / "results.jsonl").stat().st_size <= 2000


def test_a_thread_says_nothing_until_the_main_thread_comes_by(home, capsys):
    (home / "predictions.jsonl").write_text("rubbish\n")
    thread = threading.Thread(target=store.read, args=(store.PREDICTIONS,))
    thread.start()
    thread.join()
    assert capsys.readouterr().out == ""
    store.read(store.PREDICTIONS)
    assert "set aside" in capsys.readouterr().out


def test_live_results_are_kept_when_a_measurement_ends_and_recorded_ones_are_not():
    import conclib.lesson  # noqa: F401  registers its listeners

    live, recorded = measured(), measured(source="recorded", probe="pthread")
    hooks.on_finish.fire([live, recorded])
    assert kept.results() == [live]


def test_kept_results_are_found_by_probe_and_parameters():
    for size in (0, 64):
        kept.keep([measured(params={"ballast_mb": size})])
    assert kept.latest("fork").params["ballast_mb"] == 64
    assert kept.latest("fork", ballast_mb=0).params["ballast_mb"] == 0
    assert kept.latest("fork", ballast_mb=1) is None
    assert kept.latest("pthread") is None


def test_a_damaged_result_does_not_hide_the_others():
    kept.keep([measured()])
    store.append(store.RESULTS, {"schema": 1, "probe": "fork", "values": "many"})
    assert kept.results() == [measured()]


def test_odd_characters_in_a_reason_do_not_break_the_lines():
    odd = "line\u2028separator \ud800 and \n newline"
    store.append(store.PREDICTIONS, {"schema": 1, "event": "revealed", "id": odd})
    assert [r["id"] for r in store.read(store.PREDICTIONS)] == [odd]


PREDICTED = {
    "schema": 1, "event": "predicted", "id": "first-number", "form": "range", "values": [1.0, 9.0],
    "unit": "ns", "made": "2026-01-01T00:00:00+00:00", "attempt": 1, "late": False, "because": None,
}  # fmt: skip
SCORED = {
    "schema": 1, "event": "scored", "id": "x", "attempt": 1, "values": [1.0, 9.0], "measured": 3.0,
    "width": 0.9, "distance": 0.0, "late": False,
}  # fmt: skip
UNMEANT = {
    "texts": {**PREDICTED, "values": ["x", "y"]},
    "one": {**PREDICTED, "values": [1.0]},
    "none": {**PREDICTED, "values": []},
    "high first": {**PREDICTED, "values": [9.0, 1.0]},
    "from zero": {**PREDICTED, "values": [0, 1.0]},
    "huge": {**PREDICTED, "values": [1, 10**400]},
    "truth": {**PREDICTED, "values": [True, True]},
    "another form": {**PREDICTED, "form": "nonsense"},
    "an order of numbers": {**PREDICTED, "form": "order", "values": [1, 2]},
    "a shape of lists": {**PREDICTED, "form": "shape", "values": [[]]},
    "a score of texts": {**SCORED, "values": ["a"]},
    "a score of nothing": {**SCORED, "measured": 0.0},
}


@pytest.mark.parametrize("record", UNMEANT.values(), ids=UNMEANT)
def test_values_that_nobody_can_have_meant_are_set_aside(home, capsys, record):
    lines = [json.dumps(each) for each in (PREDICTED, record, SCORED)]
    (home / "predictions.jsonl").write_text("\n".join(lines) + "\n")
    assert store.read(store.PREDICTIONS) == [PREDICTED, SCORED]
    assert "could not be read (line 2: values" in capsys.readouterr().out


def test_a_shape_that_the_question_no_longer_has_is_no_prediction(home):
    old = {**PREDICTED, "id": "parent-size", "form": "shape", "values": ["zigzag"]}
    store.append(store.PREDICTIONS, old)
    assert predictions.standing("parent-size") is None
    store.append(store.PREDICTIONS, {**old, "values": ["flat"]})
    assert predictions.standing("parent-size").values == ("flat",)


def test_one_bad_event_does_not_take_the_others_with_it(home, capsys):
    events = [{"schema": 1, "event": "done", "kind": "chapter", "id": "04"},
              {"schema": 1, "event": "done"}]  # fmt: skip
    (home / "progress.json").write_text(json.dumps({"schema": 1, "events": events}))
    assert store.read(store.PROGRESS) == events[:1]
    assert "event 2" in capsys.readouterr().out


def test_a_user_without_a_home_can_save_nothing_and_goes_on(monkeypatch, capsys):
    monkeypatch.delenv("CONCLIB_HOME")

    def unknown(*_args, **_more):
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr("platformdirs.user_data_dir", unknown)
    monkeypatch.setattr(store, "_memory", {})
    store.append(store.PREDICTIONS, note("kept for now"))
    assert [r["id"] for r in store.read(store.PREDICTIONS)] == ["kept for now"]
    assert not store.saving()
    assert "Nothing can be saved" in capsys.readouterr().out
    monkeypatch.delenv("CONCLIB_COURSE", raising=False)
    monkeypatch.setattr(working_copy.Path, "home", unknown)
    with pytest.raises(OSError, match="--folder"):
        working_copy.default_folder()
