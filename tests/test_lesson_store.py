"""What is kept for a student: added in order, found again, never lost to a line that is no record.

What happens where it cannot be written is in ``test_lesson_saving.py``.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from conclib.lesson import store
from conclib.lesson.asking import choices, quizzes
from conclib.lesson.judging import comparing
from conclib.lesson.predicting import predictions, score
from conclib.lesson.store import kept, lines, older, progress, records
from conclib.results import Measurement, hooks, paths, recordings
from tests import made_up
from tests.kept_records import ids, measured, note, saving
from tests.lesson_fonts import open_fonts

STORED = Path(__file__).parent / "data" / "kept_schema_1"  # written by version 0.1 of the store
# What was asked then, by what the toy course asks: a stored line is the same but for the question.
THEN = {
    "first-number": "one-call",
    "creation": "calls",
    "parent-size": "growth",
    "again": "same-again",
    "exactly the same": "just as long",
}

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def text_of(*items):
    """Return a file's text: records as JSON, and other lines as they are."""
    return "".join((i if isinstance(i, str) else json.dumps(i)) + "\n" for i in items)


# Added and found again ---------------------------------------------------------------------------
def test_what_is_added_is_read_back_in_order_and_has_a_schema(home):
    store.append(store.PREDICTIONS, note("a"), note("b"))
    store.update(store.PREDICTIONS, lambda found: [note(f"after {len(found)}")])
    assert ids() == ["a", "b", "after 2"]
    written = (home / "predictions.jsonl").read_text()
    assert written == text_of(note("a"), note("b"), note("after 2"))
    assert saving()


def test_an_update_returns_what_was_there_and_what_it_added():
    store.append(store.PREDICTIONS, note("a"))
    found = store.update(store.PREDICTIONS, lambda found: [note("b"), note("c")])
    assert [record["id"] for record in found] == ["a", "b", "c"]
    assert store.update(store.PREDICTIONS, lambda found: None) == found


def test_the_folder_is_the_one_asked_for_and_else_the_users(home, monkeypatch):
    assert store.home() == home
    monkeypatch.delenv("CONCLIB_HOME")
    assert store.home().name == "conclib"


def test_a_relative_folder_stays_where_it_is_when_the_notebook_changes_its_own(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONCLIB_HOME", f"kept-{tmp_path.name}")
    store.append(store.PREDICTIONS, note("a"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    store.append(store.PREDICTIONS, note("b"))
    assert ids() == ["a", "b"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_all_three_files_hold_one_record_a_line(home):
    for name in records.FILES:
        for text in ("a", "b"):
            store.append(name, {**note(text), "probe": "x"})
        assert (home / name).read_text().count("\n") == 2
    assert sorted(path.name for path in home.glob("*.jsonl")) == sorted(records.FILES)


def test_reading_writes_nothing(home):
    assert store.read(store.PREDICTIONS) == []
    assert [path.name for path in home.iterdir() if path.suffix != ".lock"] == []


def test_what_was_added_is_never_written_again(home):
    """Row 65: the text that stands there stays as it is, odd spaces and all."""
    file = home / "predictions.jsonl"
    before = '  {"id": "a",   "event":"revealed","schema":1}\n\n'
    file.write_text(before)
    inode = file.stat().st_ino
    store.append(store.PREDICTIONS, note("b"))
    store.update(store.PREDICTIONS, lambda found: [note(f"after {len(found)}")])
    assert file.read_text() == before + text_of(note("b"), note("after 2"))
    assert file.stat().st_ino == inode


def test_adding_reads_no_records(home, monkeypatch):
    """So a line costs the same after ten thousand others."""
    store.append(store.RESULTS, measured().to_json())
    for function in ("reading", "each"):
        monkeypatch.setattr(lines, function, None)
    store.append(store.RESULTS, measured().to_json())
    assert (home / "results.jsonl").read_text().count("\n") == 2


@pytest.mark.slow
def test_a_file_larger_than_the_old_caps_keeps_its_oldest_record(home):
    """Row 65: 4 MB of predictions and 8 MB of results were dropped from the front once."""
    reason = "x" * 1000
    store.append(store.PREDICTIONS, note("the oldest"), *[note(reason)] * 5000)
    store.append(store.PREDICTIONS, note("the newest"))
    assert (home / "predictions.jsonl").stat().st_size > 5e6
    assert [ids()[0], len(ids()), ids()[-1]] == ["the oldest", 5002, "the newest"]

    long = made_up.measurement([float(value) for value in range(2000)]).to_json()
    store.append(store.RESULTS, measured(probe="the oldest").to_json(), *[long] * 600)
    store.append(store.RESULTS, measured(probe="the newest").to_json())
    assert (home / "results.jsonl").stat().st_size > 9e6
    found = kept.results()
    assert [found[0].probe, len(found), found[-1].probe] == ["the oldest", 602, "the newest"]


def test_odd_characters_in_a_reason_do_not_break_the_lines():
    odd = "line\u2028separator \ud800 and \n newline"
    store.append(store.PREDICTIONS, note(odd), note("next"))
    assert ids() == [odd, "next"]


def test_what_json_cannot_hold_is_refused_and_nothing_of_it_is_kept(home):
    with pytest.raises(ValueError, match="JSON compliant"):
        store.append(store.PREDICTIONS, note("a"), {**note("b"), "width": float("nan")})
    assert ids() == []


# Reading on --------------------------------------------------------------------------------------
@pytest.fixture
def parsed(monkeypatch):
    """Return the list of lines that have been decoded since."""
    seen, decode = [], records.decoded
    monkeypatch.setattr(records, "decoded", lambda *of: seen.append(of[1]) or decode(*of))
    return seen


def test_a_second_reading_parses_only_what_is_new(parsed):
    store.append(store.PREDICTIONS, *[note(f"{number}") for number in range(50)])
    assert len(ids()) == 50
    assert len(parsed) == 50
    store.append(store.PREDICTIONS, note("new"))
    assert len(ids()) == len(ids()) == 51
    assert len(parsed) == 51
    assert json.loads(parsed[-1])["id"] == "new"


def test_a_file_that_was_replaced_or_edited_is_read_anew(home):
    file = home / "predictions.jsonl"
    store.append(store.PREDICTIONS, note("a"), note("b"))
    assert ids() == ["a", "b"]
    (home / "other").write_text(text_of(note("c"), note("d"), note("e")))
    (home / "other").replace(file)  # another file, longer
    assert ids() == ["c", "d", "e"]
    file.write_text(text_of(note("c")))  # the same file, cut
    assert ids() == ["c"]
    file.write_text(text_of(note("x"), note("y"), note("z")))  # the same file, longer
    assert ids() == ["x", "y", "z"]
    file.unlink()
    assert ids() == []
    store.append(store.PREDICTIONS, note("again"))
    assert ids() == ["again"]


ADDING = """
import sys
from conclib.lesson import store
store.append(store.PREDICTIONS, {"schema": 1, "event": "revealed", "id": sys.argv[1]})
"""


def test_what_another_notebook_adds_is_seen_at_the_next_reading():
    """Row 37."""
    store.append(store.PREDICTIONS, note("mine"))
    assert ids() == ["mine"]
    for name in ("theirs", "theirs too"):
        subprocess.run([sys.executable, "-c", ADDING, name], check=True)
        store.append(store.PREDICTIONS, note(f"after {name}"))
    assert ids() == ["mine", "theirs", "after theirs", "theirs too", "after theirs too"]


WRITER = """
import sys
from conclib.lesson import store
from tests import made_up
from tests.kept_records import ids, measured, note
for number in range(40):
    mine = f"{sys.argv[1]} {number}"
    store.update(store.PREDICTIONS, lambda kept: [
        {"schema": 1, "event": "revealed", "id": f"{mine} {len(kept)}"}])
    store.append(store.RESULTS, made_up.measurement([1, 2, 3], probe=mine).to_json())
"""


def test_two_processes_that_write_at_once_lose_nothing(home):
    """Row 37."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    said = [writer.communicate(timeout=60)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert said == ["", ""]
    counts = [int(each.split()[-1]) for each in ids()]
    assert counts == list(range(80))  # each saw all that were there before it
    assert len({item.probe for item in kept.results()}) == 80
    assert (home / "results.jsonl").read_text().count("\n") == 80


# Torn lines --------------------------------------------------------------------------------------
def test_a_file_cut_anywhere_loses_the_cut_line_at_most(home, capsys):
    """Row 64: a writer was killed, or the machine. What comes next begins a line of its own."""
    file = home / "predictions.jsonl"
    one, two = (text_of(note(name)).encode() for name in ("one", "two"))
    for cut in range(len(one + two) + 1):
        file.write_bytes((one + two)[:cut])
        whole = ["one"] * (cut >= len(one) - 1) + ["two"] * (cut >= len(one + two) - 1)
        assert ids() == whole, cut
        store.append(store.PREDICTIONS, note("next"))
        assert ids() == [*whole, "next"], cut
        assert file.read_bytes().startswith((one + two)[:cut])
        assert file.read_bytes().endswith(b"\n" + text_of(note("next")).encode()) or cut == 0
    aside = (home / "predictions.jsonl.set-aside").read_bytes().splitlines()
    torn = [line[:cut] for line in (one, two) for cut in range(1, len(line) - 1)]
    assert aside == list(dict.fromkeys(torn)), "each torn line once"
    assert capsys.readouterr().out.count("cannot be read") == len(aside)


def test_half_a_line_may_be_being_written_and_is_no_reason_to_speak(home, capsys):
    file, line = home / "predictions.jsonl", text_of(note("slow"))
    file.write_text(text_of(note("a")) + line[:20])
    assert ids() == ids() == ["a"]
    with file.open("a") as writer:
        writer.write(line[20:])
    assert ids() == ids() == ["a", "slow"]
    assert capsys.readouterr().out == ""
    assert not (home / "predictions.jsonl.set-aside").exists()


# Lines that are no records -----------------------------------------------------------------------
PREDICTED = {
    "schema": 1, "event": "predicted", "id": "one-call", "form": "range", "values": [1.0, 9.0],
    "unit": "ns", "made": "2026-01-01T00:00:00+00:00", "attempt": 1, "late": False, "because": None,
}  # fmt: skip
SCORED = {
    "schema": 1, "event": "scored", "id": "x", "attempt": 1, "values": [1.0, 9.0], "measured": 3.0,
    "width": 0.9, "distance": 0.0, "late": False,
}  # fmt: skip
NO_RANGE, NO_ORDER = (f"not what the form {form!r} has" for form in ("range", "order"))
# How deep a parser may go is each Python's own; a record that deep is none for either reason.
DEEP = "not JSON, or cut off" if sys.version_info < (3, 13) else "Expected `object`, got `array`"
BAD = {
    "cut off": ('{"schema": 1, "event": "revea', "not JSON, or cut off"),
    "no JSON": ("rubbish", "not JSON, or cut off"),
    "another schema": ({**note(), "schema": 2}, "schema=2: Invalid enum value 2"),
    "no schema": ({"event": "revealed", "id": "x"}, "missing required field `schema`"),
    "no object": ("[1, 2]", "Expected `object`, got `array`"),
    "a list for the event": ({"schema": 1, "event": ["x"]}, "event=['x']: Expected `str`"),
    "NaN": ('{"schema": 1, "event": "scored", "id": "x", "width": NaN}', "NaN is not a number"),
    "infinite": (json.dumps({**SCORED, "width": 7}).replace("7", "1e999"), "width=inf"),
    "nested deeply": ("[" * 4_000 + "]" * 4_000, DEEP),
    "nested without end": ("[" * 100_000 + "]" * 100_000, "more than 5,000 values"),
    "a field missing": ({"schema": 1, "event": "revealed"}, "missing required field `id`"),
    "a field of another type": ({**PREDICTED, "id": 7}, "id=7: Expected `str`, got `int`"),
    "texts for numbers": ({**PREDICTED, "values": ["x", "y"]}, NO_RANGE),
    "one number": ({**PREDICTED, "values": [1.0]}, NO_RANGE),
    "no number": ({**PREDICTED, "values": []}, NO_RANGE),
    "high first": ({**PREDICTED, "values": [9.0, 1.0]}, NO_RANGE),
    "from zero": ({**PREDICTED, "values": [0, 1.0]}, NO_RANGE),
    "negative": ({**PREDICTED, "values": [-1, 1.0]}, "values[0]=-1: Expected `float` >= 0.0"),
    "next to nothing": ({**PREDICTED, "values": [1e-320, 1.0]}, NO_RANGE),
    "beyond any time": ({**PREDICTED, "values": [1.0, 1e29]}, "values[1]=1e+29: Expected `float`"),
    "huge": ({**PREDICTED, "values": [1, 10**400]}, "values[1]="),
    "truth": ({**PREDICTED, "values": [True, True]}, "values[0]=True: Expected `float | str`"),
    "another form": ({**PREDICTED, "form": "nonsense"}, "form='nonsense': Invalid enum value"),
    "an order of numbers": ({**PREDICTED, "form": "order", "values": [1, 2]}, NO_ORDER),
    "a shape of lists": ({**PREDICTED, "form": "shape", "values": [[]]}, "values[0]=[]: Expected"),
    "a score of texts": ({**SCORED, "values": ["a"]}, "values[0]='a': Expected `float`"),
    "a score of one number": ({**SCORED, "values": [1.0]}, NO_RANGE),
    "a score of nothing": ({**SCORED, "measured": 0.0}, "measured=0.0: Expected `float` >= 1e-09"),
    "a score of too much": ({**SCORED, "measured": 1e29}, "measured=1e+29: Expected `float` <="),
    "a score of a wide range": ({**SCORED, "values": [1e-320, 1e29]}, "values[0]=1e-320: Expected"),
    "endless decades": ({**SCORED, "width": 1e300}, "width=1e+300: Expected `float` <= 100.0"),
    "answers in a list": ({"schema": 1, "event": "answered", "id": "x", "answers": []}, "answers="),
    "not UTF-8": (b"\xff\xfe", "not UTF-8 text"),
    "too many values": ({**note(), "a": [[]] * 10_000}, "more than 5,000 values"),
    "zeros": (b"\0" * 100, "not JSON, or cut off"),
}  # fmt: skip


def as_line(item):
    return item if isinstance(item, bytes) else text_of(item).removesuffix("\n").encode()


@pytest.mark.parametrize("line, reason", BAD.values(), ids=BAD)
def test_a_line_that_is_no_record_is_skipped_and_stays(home, capsys, line, reason):
    """Row 64: copied once, said once, to this notebook kernel and to the next."""
    file, aside = home / "predictions.jsonl", home / "predictions.jsonl.set-aside"
    content = text_of(PREDICTED).encode() + as_line(line) + b"\n" + text_of(SCORED).encode()
    file.write_bytes(content)
    assert store.read(store.PREDICTIONS) == [PREDICTED, SCORED]
    said = capsys.readouterr().out
    assert said.startswith("predictions.jsonl: line 2 cannot be read and is skipped (")
    assert reason in said
    assert said.endswith("). It stays there; a copy is in predictions.jsonl.set-aside.\n")
    store.append(store.PREDICTIONS, note("next"))
    forget()
    assert store.read(store.PREDICTIONS) == [PREDICTED, SCORED, note("next")]
    assert capsys.readouterr().out == ""
    assert file.read_bytes() == content + text_of(note("next")).encode()
    assert aside.read_bytes() == as_line(line) + b"\n"


def forget():
    """Forget what was read, as a new notebook kernel has read nothing."""
    store._shelves.clear()


RESULT = measured().to_json()
BAD_RESULTS = {
    "another schema": ({**RESULT, "schema": 2}, "schema=2"),
    "no measurement": ({"schema": 1, "probe": "fork"}, "missing required field `title`"),
    "values in words": ({**RESULT, "values": "many"}, "values='many': Expected `array`, got `str`"),
    "a value too large": (
        {**RESULT, "values": [1e30]},
        "values[0]=1e+30: Expected `float` <= 1e+18",
    ),
    "no object": ("[]", "a record is one JSON object, got list"),
}


@pytest.mark.parametrize("line, reason", BAD_RESULTS.values(), ids=BAD_RESULTS)
def test_a_damaged_result_does_not_hide_the_others(home, capsys, line, reason):
    """Row 64."""
    kept.keep([measured()])
    with (home / "results.jsonl").open("ab") as file:
        file.write(as_line(line) + b"\n")
    kept.keep([measured(probe="pthread")])
    assert [item.probe for item in kept.results()] == ["fork", "pthread"]
    said = capsys.readouterr().out
    assert "results.jsonl: line 2 cannot be read and is skipped (" in said
    assert reason in said
    assert (home / "results.jsonl.set-aside").read_bytes() == as_line(line) + b"\n"


def test_a_line_too_long_is_skipped_whole_and_its_beginning_copied(home, monkeypatch, capsys):
    monkeypatch.setattr(records, "MAX_EVENT", 1000)
    long = text_of(note("x" * 5000))
    (home / "predictions.jsonl").write_text(text_of(note("a")) + long + text_of(note("b")))
    assert ids() == ["a", "b"]
    assert "line 2 cannot be read and is skipped (longer than" in capsys.readouterr().out
    assert (home / "predictions.jsonl.set-aside").read_text() == long[:1000] + "\n"
    assert (home / "predictions.jsonl").read_text().count(long) == 1


def test_the_same_bad_line_is_copied_once_and_another_is_said_again(home, capsys):
    file, aside = home / "predictions.jsonl", home / "predictions.jsonl.set-aside"
    file.write_text("bad\nbad\n")
    assert ids() == []
    assert "line 1 cannot be read and is skipped" in capsys.readouterr().out
    file.write_text("bad\nworse\nbad\n")
    assert ids() == []
    assert "line 2 cannot be read and is skipped" in capsys.readouterr().out
    assert aside.read_text() == "bad\nworse\n"


HOSTILE = """
import resource, sys
from conclib.lesson import store
store.read(store.PREDICTIONS)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_DATA, (300 * 2**20, 300 * 2**20))
{write}
found = store.read(store.{name})
print(len(found), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
WRITE = """
with open(f"{home}/{file}", "wb") as writer:
    writer.write(b'{start}' + b'{{}},' * (15 * 2**20 // 3) + b'{end}' + b'\\n')
"""
LARGE = {
    "PREDICTIONS": ("predictions.jsonl", '{"schema":1,"event":"x","a":[', "{}]}"),
    "PROGRESS": ("progress.jsonl", '{"schema":1,"event":"answered","answers":{"a":[', "{}]}}"),
    "RESULTS": ("results.jsonl", '{"schema":1,"a":[', "{}]}"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*LARGE, "older"])
def test_a_line_of_15_mb_takes_no_memory_in_the_notebook_kernel(home, name):
    """Row 64: decoded, it would take 400 MB, and keep them."""
    old = ("progress.json", '{"schema":1,"events":[', "{}]}")
    file, start, end = LARGE.get(name, old)
    write = WRITE.format(home=home, file=file, start=start, end=end)
    name = "PROGRESS" if name == "older" else name
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE.format(write=write, name=name)],
        capture_output=True, text=True, env={**os.environ, "CONCLIB_HOME": str(home)},
    )  # fmt: skip
    assert done.stderr == ""
    count, grown = done.stdout.splitlines()[-1].split()
    assert count == "0" and int(grown) < 100
    assert "cannot be read" in done.stdout


def test_only_the_first_of_very_many_bad_lines_are_held_in_memory(home, monkeypatch, capsys):
    monkeypatch.setattr(records, "MAX_LINE", 1000)
    bad = [f"bad {number:04}" for number in range(1000)]
    (home / "predictions.jsonl").write_text(text_of(note("a"), *bad, note("b")))
    assert ids() == ["a", "b"]
    assert "line 2 and 124 more cannot be read" in capsys.readouterr().out
    assert (home / "predictions.jsonl.set-aside").read_text() == text_of(*bad[:125])
    forget()
    assert ids() == ["a", "b"]
    assert capsys.readouterr().out == ""


def test_an_event_that_only_a_later_version_knows_is_kept_and_no_reason_to_speak(home, capsys):
    later = {"schema": 1, "event": "dreamt", "of": ["x"]}
    store.append(store.PREDICTIONS, later, PREDICTED)
    assert store.read(store.PREDICTIONS) == [later, PREDICTED]
    assert capsys.readouterr().out == ""


def test_a_reason_that_is_missing_is_none(home):
    bare = {name: value for name, value in PREDICTED.items() if name != "because"}
    store.append(store.PREDICTIONS, bare)
    assert store.read(store.PREDICTIONS) == [PREDICTED]
    assert predictions.standing("one-call").because is None


def test_the_lesson_goes_on_beside_lines_that_are_no_records(home, capsys):
    """Row 64: each kind of bad line, in each file."""
    for name in records.FILES:
        bad = [as_line(line) for line, _ in (BAD | BAD_RESULTS).values()]
        (home / name).write_bytes(b"\n".join([*bad, b""]))
    made = predictions.predict("one-call", 20, 90, "ns", because="a call is quick")
    picked = choices.choose("who-counts", pick="the loop")
    run = made_up.measurement(*[[50.0] * 30] * 3, probe="function_call", params={})
    hooks.on_start.fire(made_up.start("one-call"))
    hooks.on_finish.fire([run])
    compared = comparing.compare(run, predicted="one-call")
    asked = quizzes.quiz("90", answers=["a"] * len(quizzes.questions("90")))
    assert (made.values, picked.pick, compared.outcome) == ((20, 90), "the loop", "inside")
    assert asked.answered
    forget()  # a new notebook kernel
    assert predictions.standing("one-call").locked
    assert choices.picks("who-counts")[0]["pick"] == "the loop"
    assert [item.probe for item in kept.results()] == ["function_call"]
    assert [entry["measured"] for entry in score.history().entries] == [40.0]
    assert progress.done("chapter") == ["90"]
    assert len(capsys.readouterr().out.splitlines()) == 3, "one sentence for each file"


# Whole files that are none -----------------------------------------------------------------------
def test_a_pickle_is_lines_that_are_no_records(home, capsys):
    pickled = b"\x80\x04\x95 pickle\n\x94."
    (home / "results.jsonl").write_bytes(pickled)
    kept.keep([measured()])
    assert kept.results() == [measured()]
    assert (
        "line 1 and 1 more cannot be read and are skipped (not UTF-8 text). They"
        in capsys.readouterr().out
    )
    assert (home / "results.jsonl").read_bytes().startswith(pickled + b"\n")
    assert (home / "results.jsonl.set-aside").read_bytes() == pickled + b"\n"


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # its whole path may be too long for a socket


KINDS = {
    "a link": lambda path: path.symlink_to(path.with_name("outside")),
    "a link to nothing": lambda path: path.symlink_to(path.with_name("nothing")),
    "a link to /dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "a named pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": make_socket,
}


@pytest.mark.parametrize("name", records.FILES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_ordinary_file_is_set_aside_unread(home, capsys, kind, name):
    """Row 64: it is renamed, so that nothing of it is lost and saving goes on."""
    (home / "outside").write_text(text_of(note("foreign")))
    for number in (1, 2):
        KINDS[kind](home / name)
        before = (home / name).lstat()
        assert store.read(name) == []
        said = kind.partition(" to ")[0]
        assert capsys.readouterr().out == (
            f"{name} was {said}, not an ordinary file. It is set aside as "
            f"{name}.set-aside-{number}.\n"
        )
        assert (home / f"{name}.set-aside-{number}").lstat().st_ino == before.st_ino
        store.append(name, RESULT if name == store.RESULTS else note("own"))
        assert len(store.read(name)) == 1
        (home / name).unlink()
    assert (home / "outside").read_text() == text_of(note("foreign"))
    assert capsys.readouterr().out == ""


def test_a_link_that_comes_at_the_last_moment_is_not_followed(home, monkeypatch, capsys):
    outside = home / "outside"
    outside.write_text(text_of(note("foreign")))
    (home / "predictions.jsonl").symlink_to(outside)
    with monkeypatch.context() as patched:
        patched.setattr(paths, "kind_at", lambda path: "")  # what it was a moment before
        store.append(store.PREDICTIONS, note("own"))
        assert ids() == ["own"]
        assert "(Too many levels of symbolic links). The lesson goes on" in capsys.readouterr().out
    assert ids() == ["own"]
    assert outside.read_text() == text_of(note("foreign"))


def test_a_set_aside_file_that_is_none_stops_nothing(home, capsys):
    (home / "predictions.jsonl.set-aside").mkdir()
    (home / "predictions.jsonl").write_text("rubbish\n")
    store.append(store.PREDICTIONS, note("a"))
    assert ids() == ["a"]
    assert "). It stays there.\n" in capsys.readouterr().out


def test_a_thread_says_nothing_until_the_main_thread_comes_by(home, capsys):
    (home / "predictions.jsonl").write_text("rubbish\n")
    thread = threading.Thread(target=store.read, args=(store.PREDICTIONS,))
    thread.start()
    thread.join()
    assert capsys.readouterr().out == ""
    store.read(store.PREDICTIONS)
    assert "set-aside" in capsys.readouterr().out


# What earlier versions have written --------------------------------------------------------------
@pytest.fixture
def stored(home):
    """Return a home as the first version left it, but for the questions."""
    shutil.copytree(STORED, home, dirs_exist_ok=True)
    file = home / store.PREDICTIONS
    text = file.read_bytes().decode()
    for old, new in THEN.items():
        assert f'"{old}"' in text
        text = text.replace(f'"{old}"', f'"{new}"')
    file.write_bytes(text.encode())
    return home


def test_predictions_of_schema_1_load(stored, capsys):
    kinds = [record["event"] for record in store.read(store.PREDICTIONS)]
    assert kinds == [
        "predicted", "predicted", "predicted", "predicted", "locked", "revealed", "locked",
        "scored", "predicted", "predicted", "chosen", "settled", "chosen", "settled",
    ]  # fmt: skip
    first, second = predictions.attempts("one-call")
    assert (first.values, first.unit, first.locked, first.late) == ((20, 90), "ns", True, False)
    assert first.because == "a call \ud800 is “quick”"
    assert (second.values, second.attempt, second.late) == ((30, 60), 2, True)
    assert predictions.standing("calls").values == (2, 20)
    assert [made.values for made in predictions.attempts("growth")] == [
        ("flat",),
        (0, 0.25, 0.5, 0.75, 1),
    ]
    assert choices.standing_pick("same-again")["pick"] == "just as long"
    assert [entry["measured"] for entry in score.history().entries] == [41.5]
    assert capsys.readouterr().out == ""


def test_results_of_schema_1_load(stored, capsys):
    texts = (stored / "results.jsonl").read_text().splitlines()
    assert [item.probe for item in kept.results()] == ["function_call", "fork", "pthread"]
    assert [item.to_json() for item in kept.results()] == [json.loads(text) for text in texts]
    item = kept.results("fork")[-1]
    assert kept.latest("fork", item.params, made_up.HOST, made_up.RUNTIME) == item
    assert capsys.readouterr().out == ""


def test_progress_of_schema_1_loads_before_what_came_later_and_is_left_as_it_is(stored, capsys):
    before = (stored / "progress.json").read_bytes()
    assert progress.done("chapter") == ["00"]
    assert progress.thoughts()["04"] == ("a fork is quick", "it depends")
    assert progress.answers("pretest")[0]["pre-share"] == "one"
    progress.mark_done("chapter", "00")  # it is known to be done
    progress.mark_done("chapter", "04")
    assert progress.done("chapter") == ["00", "04"]
    assert (stored / "progress.json").read_bytes() == before
    written = (stored / "progress.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in written] == ["04"]
    assert capsys.readouterr().out == ""


def test_progress_that_an_earlier_version_adds_meanwhile_is_seen(home, monkeypatch):
    old, done = home / "progress.json", {"schema": 1, "event": "done", "kind": "chapter"}
    for count in (1, 2):
        events = [{**done, "id": f"{number:02}"} for number in range(count)]
        (home / "new").write_text(json.dumps({"schema": 1, "events": events}))
        (home / "new").replace(old)
        assert progress.done("chapter") == ["00", "01"][:count]
    monkeypatch.setattr(older, "_events", None)  # it is not parsed again while it stays the same
    assert progress.done("chapter") == ["00", "01"]
    old.unlink()
    assert progress.done("chapter") == []


def test_one_bad_event_does_not_take_the_others_with_it(home, capsys):
    done = {"schema": 1, "event": "done", "kind": "chapter", "id": "04"}
    whole = {"schema": 1, "events": [done, {"schema": 1, "event": "done"}, note("too")]}
    (home / "progress.json").write_text(json.dumps(whole))
    assert store.read(store.PROGRESS) == [done, note("too")]
    assert "progress.json: event 2 cannot be read and is skipped (" in capsys.readouterr().out
    aside = (home / "progress.json.set-aside").read_text()
    assert aside == '{"schema": 1, "event": "done"}\n'
    assert json.loads((home / "progress.json").read_text()) == whole
    forget()
    assert len(store.read(store.PROGRESS)) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("text", ['{"schema": 1,\n "events": [', "[]", '{"events": 7}', "\x80"])
def test_old_progress_that_is_none_is_copied_once_and_left(home, capsys, text):
    (home / "progress.json").write_text(text, encoding="latin-1")
    progress.mark_done("chapter", "04")
    assert progress.done("chapter") == ["04"]
    assert "progress.json: its content cannot be read and is skipped (" in capsys.readouterr().out
    forget()
    assert progress.done("chapter") == ["04"]
    assert capsys.readouterr().out == ""
    assert (home / "progress.json").read_text(encoding="latin-1") == text
    assert (home / "progress.json.set-aside").read_bytes().count(b"\n") == 1


def test_litter_of_the_first_version_goes_once_it_is_old(home):
    """Row 64: a half-written ``.new`` file."""
    names = ("predictions.jsonl.12.34.new", "progress.json.12.34.new", "mine.new")
    for name in (*names, "results.jsonl.56.78.new"):
        (home / name).write_text('{"schema": 1, "ev')
    (home / "results.jsonl.9.9.new").symlink_to(home / "mine.new")
    old = time.time() - older.OVER - 1
    for name in names:
        os.utime(home / name, (old, old))
    store.append(store.PREDICTIONS, note("a"))
    assert ids() == ["a"]
    left = sorted(path.name for path in home.glob("*.new"))
    assert left == ["mine.new", "results.jsonl.56.78.new", "results.jsonl.9.9.new"]


def test_a_shape_that_the_question_no_longer_has_is_no_prediction(home):
    old = {**PREDICTED, "id": "growth", "form": "shape", "values": ["zigzag"]}
    store.append(store.PREDICTIONS, old)
    assert predictions.standing("growth") is None
    store.append(store.PREDICTIONS, {**old, "values": ["flat"]})
    assert predictions.standing("growth").values == ("flat",)


# Results -----------------------------------------------------------------------------------------
def test_live_results_are_kept_when_a_measurement_ends_and_recorded_ones_are_not():
    import conclib.lesson  # noqa: F401  registers its listeners

    live, recorded = measured(), measured(source="recorded", probe="pthread")
    hooks.on_finish.fire([live, recorded])
    assert kept.results() == [live]


def test_the_latest_result_of_a_probe_is_that_of_the_same_host_and_python():
    here = made_up.HOST, made_up.RUNTIME
    small, big = {"ballast_mb": 0}, {"ballast_mb": 64}
    first, last, other = measured(), measured(notes=("later",)), measured(params=big)
    kept.keep([first, last, other])
    kept.keep([measured(host=made_up.OTHER_HOST), measured(runtime=made_up.OTHER_RUNTIME)])
    assert kept.latest("fork", small, *here) == last
    assert kept.latest("fork", big, *here) == other
    elsewhere = kept.latest("fork", small, made_up.OTHER_HOST, made_up.RUNTIME)
    assert elsewhere.host == made_up.OTHER_HOST
    assert kept.latest("fork", {"ballast_mb": 1}, *here) is None
    assert kept.latest("pthread", small, *here) is None


@pytest.mark.parametrize("pinned", [True, False])
def test_the_latest_result_with_the_same_pin_is_preferred_and_another_says_so(pinned):
    here, params = (made_up.HOST, made_up.RUNTIME), {"ballast_mb": 0}
    free, one_cpu = measured(), measured(conditions={"pinned": 1})
    like, unlike = (one_cpu, free) if pinned else (free, one_cpu)
    kept.keep([unlike])
    found = kept.latest("fork", params, *here, pinned=pinned)
    assert found.notes == (recordings.OTHER_PIN[pinned],) and found.runs == unlike.runs
    kept.keep([like, unlike])
    assert kept.latest("fork", params, *here, pinned=pinned) == like


def test_what_was_kept_goes_before_what_was_recorded_whatever_its_pin(monkeypatch):
    here, params = (made_up.HOST, made_up.RUNTIME), {"ballast_mb": 0}
    recorded = measured(source="recorded", conditions={"pinned": 1})
    monkeypatch.setattr(recordings, "_all", lambda: (recorded,))
    assert kept.latest("fork", params, *here, pinned=True) == recorded
    kept.keep([measured()])
    assert kept.latest("fork", params, *here, pinned=True).source == "live"


def test_a_recorded_sweep_has_the_ruler_of_its_own_machine():
    """Where nothing can be measured, a ruler measured elsewhere tells nothing of it."""
    kept.keep([measured(probe="copy_1mb", params={})])
    one = recordings.find(Measurement, "fork", {"ballast_mb": 64, "pages": "4k", "timed": "call"})
    found = kept.latest("copy_1mb", {}, one.host, one.runtime)
    assert (found.source, found.host) == ("recorded", one.host)
