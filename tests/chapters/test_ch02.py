"""Chapter 02: what settles its choices and claims, its pictures, exercises and practice."""

import re
from dataclasses import replace
from typing import Any

import pytest

from conclib import lab
from conclib.chapters import ch02_thread as thread
from conclib.chapters.ch02_thread import cards, judges, pictures, practice, rules, side_rooms, verbs
from conclib.chapters.ch02_thread import matrix as matrices
from conclib.lesson import texts
from conclib.lesson.asking.practice import practise
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.showing.looked import Looked, observed
from conclib.plots import sheet
from conclib.probes import _letter_model, _letter_steps
from conclib.results import Observation
from tests import notebooks
from tests.chapters import answers
from tests.lesson_fonts import open_fonts
from tests.made_up import HOST, RUNTIME


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def told(probe: str, params: dict[str, Any] | None = None, **facts: Any) -> Observation:
    """Return a made-up observation with all of the probe's parameters."""
    complete = lab.catalogue()[probe].complete(params or {})
    return Observation(probe, "t", complete, HOST, RUNTIME, facts)


# Exercises --------------------------------------------------------------------------------------
Y, N = True, False
WRONG = {
    "who-notices": [
        ([Y, N, N, Y, N], "apart"), ([Y, Y, Y, Y, N], "one"), ([Y, Y, N, Y, Y], "folder"),
        ([N, Y, N, Y, N], "thread_own"), ([Y, N, N, N, N], "thread_own"),
        ([Y, Y, Y, Y, Y], "all"), ([Y, N, Y, Y, N], "step_by_step"), ((Y, Y, N, Y, N), None),
    ],
    "mend": [
        ("full path", "path"), ("folder descriptor", "descriptor"), ("own process", "process"),
        ("own folder", "folder"), (" Lock ", None),
    ],
}  # fmt: skip
NONSENSE = {
    "who-notices": [True, "yes", [Y] * 4, [1, 0, 1, 0, 1], [Y, Y, N, Y, "no"]],
    "mend": [7, ["lock"], "sleep", True],
}


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    assert answers.unreached("02", WRONG) == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


# What settles the choices -------------------------------------------------------------------------
READS = {"1": "ABCD", "2": "EFGH", "3": "IJKL", "4": "ABCD"}


def readers(*pids: int) -> Observation:
    """Return four readers by the numbers of their processes."""
    tasks = {str(n): {"pid": pid, "tid": 100 + n} for n, pid in enumerate(pids, 1)}
    return told("letters", reads=READS, who=dict.fromkeys(READS, "a task, said so"), tasks=tasks)


def cell(shared: bool | None, kcmp: bool | None = None) -> dict[str, Any]:
    """Return what is known of one thing and one other."""
    mark = {True: "shared", False: "own", None: "?"}[shared]
    return {"mark": mark, "shared": shared, "behaviour": shared, "kcmp": kcmp, "why": ""}


def matrix(shared: dict[str, tuple[bool | None, bool | None]], **params: Any) -> Observation:
    """Return who shares what: for each thing, a thread and a child; a stranger shares nothing."""
    cells = {
        thing: {"thread": cell(one), "child": cell(two), "stranger": cell(False)}
        for thing, (one, two) in shared.items()
    }
    others = ["thread", "child", "stranger"]
    return told("sharing", params, cells=cells, changer="maker", others=others, user=0)


def all_five(child: bool) -> Observation:
    """Return that all five are shared with the thread, and with the child or not."""
    return matrix(dict.fromkeys(rules.FIVE, (True, child)))


USUAL = {thing: (thing != "priority", False) for thing in rules.FIVE}
PLACE = {"file offset": (True, True)}


def read_on(after: str, other: str = "EFGH", then: str = "closes", **facts: Any) -> Observation:
    """Return what a parent, its child and the parent again read."""
    found = {"before": "ABCD", "other": other, "after": after, "same_file": True,
             "tables_shared": False, "why": ""}  # fmt: skip
    return told("reads_on", {"then": then}, **{**found, **facts})


def four(code: int | None = 1, values: tuple[int, ...] = (1111, 2222, 3333, 4444), **more: Any):
    """Return four waiting threads whose locals lie 16 bytes above their stack pointers."""
    apart = more.get("apart", [16] * 4)
    places = range(4096, 4096 * 5, 4096)
    threads = {
        name: {
            "tid": 7000 + n, "state": "S", "niceness": n, "blocks": "SIGHUP", "switches": 1234,
            "instruction": 99, "stack_pointer": None if apart is None else place,
            "local": place + (apart[n] if apart else 16), "value": values[n],
        }
        for n, (name, place) in enumerate(zip("ABCD", places, strict=True))
    }  # fmt: skip
    local = more.get("local", 4)
    addresses = {"instruction": code, "local": local, "global": 1, "function": 1, "tid": 4,
                 "errno": 4, "stack pointer": None if apart is None else 4}  # fmt: skip
    why = "Linux shows no registers here" if code is None else ""
    return told("four_stacks", addresses=addresses, values=list(values), threads=threads, why=why,
                waits_in="read", waits_file="libc.so.6")  # fmt: skip


def sign(kinds: int, gate: str = "yes") -> Observation:
    """Return in how many orders four threads signed, 200 rounds."""
    orders = {str(n): 1 for n in range(1000, 999 + kinds)} | {"1234": 201 - kinds}
    return told("order_signed", {"gate": gate}, orders=orders, rounds=200, kinds=kinds,
                possible=24)  # fmt: skip


def written(
    found: int | None = 1000, hits: int | None = 1, ended: str = "lived", how: str = "searched"
) -> Observation:
    """Return what B's write came to."""
    params = {"how": how, "watcher": "running" if how == "searched" else "asleep"}
    return told("overwrite_local", params, before=31, written=1000, found=found, hits=hits,
                ended=ended, told=how == "told", looks=5, searched_kb=12)  # fmt: skip


def house(found: int | None = 1000, child: int = 1, moved: bool | None = True) -> tuple:
    """Return what decides the three sentences of the old picture."""
    forked = told("fork_beside", tasks_parent=4, tasks_child=child, stacks_parent=3, stacks_child=3)
    folder = Looked({"all": matrix({**USUAL, "working directory": (moved, False)})}, "")
    return written(found), forked, folder


SETTLED = {
    "3 and 4": ("own-process", readers(7, 7, 8, 9), "3 and 4"),
    "only 4": ("own-process", readers(7, 7, 7, 9), "only 4"),
    "all four": ("own-process", readers(7, 6, 8, 9), "all four"),
    "other pairs": ("own-process", readers(7, 7, 8, 8), None),
    "four, none": ("shared-count", matrix(USUAL), "thread 4, child 0"),
    "five, none": ("shared-count", all_five(False), "thread 5, child 0"),
    "all": ("shared-count", all_five(True), "thread 5, child 5"),
    "three": ("shared-count", matrix({**USUAL, "memory": (False, False)}), None),
    "doubt": ("shared-count", matrix({**USUAL, "priority": (None, False)}), None),
    "nobody is left out of a count": (
        "shared-count",
        matrix({**USUAL, "umask": (None, None)}),
        "thread 4, child 0",
    ),
    "same file": ("why-read-on", read_on("IJKL"), "its own list"),
    "not asked": (
        "why-read-on",
        read_on("IJKL", same_file=None, tables_shared=None, why="barred"),
        "its own list",
    ),
    "kcmp disagrees": ("why-read-on", read_on("IJKL", same_file=False), None),
    "copied place": ("why-read-on", read_on("EFGH"), "it took along"),
    "parent's list": ("why-read-on", read_on("EBADF", tables_shared=True), "it uses"),
    "began anew": ("why-read-on", read_on("EFGH", other="ABCD"), None),
    "left open": ("why-read-on", read_on("IJKL", then="leaves open"), None),
    "1, 4, 1": ("addresses", four(), "1, 4 and 1"),
    "4, 4, 1": ("addresses", four(code=4), "4, 4 and 1"),
    "1, 1, 1": ("addresses", four(local=1), "1, 1 and 1"),
    "unseen code": ("addresses", four(code=None), None),
    "counted": ("four-values", four(), "a place"),
    "copies": ("four-values", four(code=4), "there are"),
    "refilled": ("four-values", four(values=(4444,) * 4, local=1), "one place"),
    "unequal": ("four-values", four(apart=[16, 16, 16, 24]), None),
    "no pointers": ("four-values", four(apart=None), None),
    "one order": ("orders", sign(1), "one order"),
    "few orders": ("orders", sign(6), "two to six"),
    "many orders": ("orders", Looked({"a": sign(1, "no"), "b": sign(11)}, ""), "more than"),
    "between": ("orders", sign(8), None),
    "finds": ("thousand", written(how="told"), "A finds"),
    "stays": ("thousand", written(31, how="told"), "A's value"),
    "stopped": ("thousand", written(None, ended="SIGSEGV", how="told"), "B is"),
    "something else": ("thousand", written(7, how="told"), None),
    "one space": ("why-open", written(), "one address"),
    "telling": ("why-open", written(31, hits=0), "telling"),
    "guarded": ("why-open", written(31), "A slept"),
    "died": ("why-open", written(None, ended="SIGSEGV"), None),
    "neither number": ("why-open", written(7), None),
    "moved": ("house", house(), "if one moves"),
    "a room": ("house", house(found=31, moved=False), "a room"),
    "people": ("house", house(child=4, moved=False), "a copied"),
    "two hold": ("house", house(child=4), None),
    "unknown": ("house", house(moved=None, child=4), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option)


def test_every_option_of_a_choice_can_be_what_a_result_speaks_for():
    reached = {(id, option) for id, _, option in SETTLED.values() if option}
    missing = [
        option
        for id, entry in texts.chapter("02")["choices"].items()
        for option in entry["options"]
        if not any(id == other and option.startswith(begin) for other, begin in reached)
    ]
    assert missing == []


REFUSED = [
    ("own-process", 7, "letters"),
    ("shared-count", read_on("IJKL"), "sharing"),
    ("why-read-on", replace(read_on("E"), params={"who": "thread", "then": "closes"}), "forked"),
    ("orders", sign(1, "no"), 'gate="yes"'),
    ("why-open", written(how="told"), 'how="searched"'),
    ("thousand", replace(written(), params={"aim": "fence"}), "aim='record'"),
    ("shared-count", matrix({"memory": (True, False)}), "a matrix of all things"),
    ("house", written(), "fork_beside"),
]


@pytest.mark.parametrize(("id", "result", "says"), REFUSED)
def test_a_result_that_does_not_fit_is_refused(id, result, says):
    with pytest.raises(TypeError, match=re.escape(says)):
        settle.settled(id, texts.entry("choices", id)["options"][0], result)


def test_what_could_not_be_asked_or_read_is_said():
    barred = read_on("IJKL", same_file=None, tables_shared=None, why="kcmp is barred")
    assert "could not be asked to compare: kcmp is barred" in said("why-read-on", barred)
    assert "Linux shows no registers here." in said("addresses", four(code=None))
    assert "1 address of code; 4 values" in said("four-values", four())
    assert "not known addresses of code" in said("four-values", four(code=None))
    assert "each 16 bytes above its own" in said("four-values", four())
    assert "16 and 24 bytes above" in said("four-values", four(apart=[16, 16, 24, 24]))
    assert "an unknown number of bytes" in said("four-values", four(apart=None))


def test_a_thing_that_is_not_known_is_not_told_as_own():
    text = said("shared-count", matrix({**USUAL, "priority": (None, False)}))
    assert "Not known, and not counted: priority (thread)." in text
    assert "Not shared" not in text


def test_a_comparison_that_has_half_an_answer_says_half():
    text = said("why-read-on", read_on("IJKL", tables_shared=None))
    assert "one open file. Of the lists it said nothing." in text


def test_a_fork_beside_nobody_tells_nothing_of_copied_people():
    alone = told("fork_beside", tasks_parent=1, tasks_child=1, stacks_parent=0, stacks_child=0)
    result, _, folder = house(found=31, moved=False)
    assert "a copied house" not in said("house", (result, alone, folder))


def said(id: str, result: Any) -> str:
    return settle.settled(id, None, result)


# The claims ---------------------------------------------------------------------------------------
def records(each: bool | None = True, one_has: tuple[str, ...] = (), fields: int = 111):
    """Return how Linux keeps a thread's record beside a process's."""
    return told("task_records", fields={"process": 111, "thread": fields}, each_has_one=each,
                only_one_has=list(one_has), record_bytes=None if each is None else 5888,
                started=100, processes={"task_struct": 100}, threads={"task_struct": 98},
                why="only root may count")  # fmt: skip


BOOK = notebooks.FOLDER / "02_what_is_a_thread.ipynb"
ALL = {**USUAL, "pid": (True, False), "signal mask": (False, False)}
CLAIMS = {
    "shares": ("thread.shares", [matrix(ALL), four()], "supported"),
    "shares, not the memory": (
        "thread.shares", [matrix({**ALL, "memory": (False, False)})], "depends"
    ),
    "owns": ("thread.owns", [matrix(ALL), four()], "supported"),
    "owns, one place": ("thread.owns", [four(local=1)], "depends"),
    "access": ("thread.access", [written(how="told"), written()], "supported"),
    "access refused": ("thread.access", [written(31, how="told")], "not supported"),
    "one record": ("os.tcb", [records()], "not supported"),
    "one record, not counted": ("os.tcb", [records(each=None)], "not supported"),
    "fewer records": ("os.tcb", [records(each=False)], "inconclusive"),
    "fewer fields": ("os.tcb", [records(one_has=("mm",), fields=99)], "supported"),
    "other fields": ("os.tcb", [records(one_has=("mm",))], "inconclusive"),
    "no record": ("os.tcb", [four()], "not settled yet"),
}  # fmt: skip


@pytest.mark.parametrize(("id", "items", "word"), CLAIMS.values(), ids=CLAIMS)
def test_a_claim_is_judged_each_way(id, items, word):
    assert verdict(id, *items).word == word


def test_a_record_whose_fields_could_not_be_read_tells_nothing():
    none = replace(records(), facts={**records().facts, "fields": {"process": 0, "thread": 0}})
    assert judges.records([none]).word == "inconclusive"


def test_why_records_were_not_counted_is_said():
    assert "only root may count" in judges.records([records(each=None)]).sentence
    root = replace(records(), facts={**records(each=None).facts, "why": "", "record_bytes": 5888})
    assert "others started and ended tasks" in judges.records([root]).sentence


def test_the_judge_takes_the_latest():
    assert judges.records([records(), records(each=False)]).word == "inconclusive"


# What is shown ------------------------------------------------------------------------------------
def test_the_strip_tells_nobody_who_the_readers_are_until_it_is_uncovered():
    item = readers(7, 7, 8, 9)
    hidden = pictures.strip(item, title="Who?")
    assert "reader 3 got IJKL." in hidden.alt and "a task" not in hidden.alt
    assert "3, a task got IJKL." in pictures.strip(item, uncovered=True, title="Who?").alt


def test_an_error_is_named_where_the_letters_would_stand():
    drawn = pictures.read_on(read_on("EBADF"), "Where?")
    assert "the parent again got an error, EBADF." in drawn.alt
    assert drawn.table.rows[1] == ("the forked child", "EFGH")


def test_a_recording_is_drawn_hollow_and_says_so():
    recorded = replace(readers(7, 7, 8, 9), source="recorded", date="2026-01-02")
    assert "Hollow: recorded" in pictures.strip(recorded, title="Who?").alt
    shown = Looked({"letters": recorded}, "It is so.")
    assert "(Not from this machine: recorded" in repr(shown)


def test_the_place_in_a_file_is_not_shown_before_it_is_asked_for():
    item = matrix({**USUAL, **PLACE})
    shown = verbs.only_things(item, [name for name in item.facts["cells"] if name != verbs.PLACE])
    assert verbs.PLACE not in shown.facts["cells"] and verbs.PLACE in item.facts["cells"]
    assert observed(Looked({"all": item}, ""), "sharing") == [item]


FOURTEEN = {**dict.fromkeys("abcdefgh", (True, False)), **USUAL, **PLACE}
ON_STAGE = {
    "strip": lambda: pictures.strip(readers(7, 7, 8, 9), title="Who?"),
    "read on": lambda: pictures.read_on(read_on("IJKL"), "Where?"),
    "orders": lambda: pictures.orders({"a": sign(1, "no"), "b": sign(24)}, "Which?"),
    "cards": lambda: cards.cards(four(), "Four?"),
    "matrix": lambda: matrices.matrix(matrix(FOURTEEN)),
}


@pytest.mark.parametrize("draw", ON_STAGE.values(), ids=ON_STAGE)
def test_on_stage_a_picture_fits_a_room(draw, monkeypatch):
    monkeypatch.setenv("CONCLIB_STAGE", "1")
    assert draw().figure.get_figheight() * sheet.STAGE_PIXELS <= 720


def test_rare_orders_are_drawn_as_one_bar():
    drawn = pictures.orders({"line": sign(20)}, "Which?")
    assert "15 other orders: 15." in drawn.alt and "1, 2, 3, 4: 181." in drawn.alt
    assert "other orders" not in pictures.orders({"line": sign(2)}, "Which?").alt


def test_a_card_has_a_column_for_each_thread_and_says_what_is_not_known():
    drawn = cards.cards(four(apart=None), "Four?")
    rows = {name: cells for name, *cells in drawn.table.rows}
    assert drawn.table.columns[1:] == ("thread A", "thread B", "thread C", "thread D")
    assert rows["stack pointer at"] == ["not known"] * 4
    assert rows["number"][0] == "7000" and rows["times switched to"][0] == "1,234"
    assert rows["state"][0] == "asleep (S)" and cards.written("state", "Z") == "Z"
    assert rows["instruction at"][0] == "63"  # in base 16
    assert "size in the record: 1,111, 2,222, 3,333, 4,444." in drawn.alt
    recorded = replace(four(), source="recorded", date="2026-01-02")
    assert "Dashed: recorded" in cards.cards(recorded, "Four?").alt


def test_who_was_changed_is_said_for_one_for_both_and_for_nobody():
    assert side_rooms.whom(["second"]) == "it for the second thread alone"
    assert side_rooms.whom(["first", "second"]) == "it for the first and second thread"
    assert side_rooms.whom([]) == "nothing"


@pytest.mark.worker
def test_every_verb_shows_what_was_seen_on_this_machine():
    opened, found = thread.readers(), thread.sharing()
    assert "reader 4 got ABCD" in repr(opened) and "vermilion" in repr(thread.uncover(opened))
    assert "8 of 13" in repr(found) or "7 of 13" in repr(found), "without root, no user"
    assert "file offset" not in repr(found) and "file offset" in repr(thread.place(found))
    assert "closed the file" in repr(thread.reading_on())
    assert (
        "All wait in what ftw has called" in repr(thread.waiting())
        and "thread D" in thread.deeper().alt
    )
    assert "24 orders" in repr(thread.signed(rounds=20))
    assert "A slept" in repr(thread.overwritten())
    assert "A looked" in repr(thread.overwritten(how="searched", watcher="running"))
    assert "ended the process" in repr(thread.overwritten(aim="fence"))
    assert "3 in the parent" in repr(thread.forked())


@pytest.mark.worker
def test_both_pictures_land_in_one_folder_and_each_mend_but_the_lock_helps():
    assert "Both threads stood in" in repr(thread.thumbnails())
    assert "Both threads stood in" in repr(thread.thumbnails("lock"))
    for mend in ("full path", "folder descriptor", "own process"):
        assert "in cats: cat.png; in dogs: dog.png" in repr(thread.thumbnails(mend))


@pytest.mark.worker
def test_every_side_room_shows_what_was_seen_on_this_machine():
    assert "second thread" in repr(thread.new_user())
    assert "fields of a thread's record" in repr(thread.records(count=50))
    assert "one after another" in repr(thread.stack_again())
    assert "the parent" in repr(thread.tried("umask", changes="thread", looks="parent"))


@pytest.mark.worker
def test_the_settled_questions_come_out_here_as_the_chapter_says():
    kept = {"own-process": thread.readers(), "why-read-on": thread.reading_on(),
            "thousand": thread.overwritten(), "orders": thread.signed()}  # fmt: skip
    found = {id: settle.settled(id, None, result) for id, result in kept.items()}
    assert "speaks for: 3 and 4" in found["own-process"]
    assert "speaks for: its own list leads" in found["why-read-on"]
    assert "speaks for: A finds 1,000" in found["thousand"]
    assert "different orders in 200 rounds" in found["orders"]


def test_the_textbook_is_not_quoted_before_its_words_were_asked_for():
    """It says that code and globals are common to all threads: half of what "addresses" asks."""
    sources = [notebooks.source(each) for each in notebooks.read(BOOK)["cells"]]
    (asked,) = (n for n, code in enumerate(sources) if code == 'cl.choose("addresses")')
    quoted = [n for n, code in enumerate(sources) if 'cl.verdict("thread.shares"' in code]
    assert len(quoted) == 1 and quoted[0] > asked


# Letters ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("what", sorted(set(_letter_steps.DRAWN)))
def test_each_step_is_explained(what):
    step = _letter_steps.WORDS.get(what, what).capitalize()
    assert f" {step}" in texts.entry("practice", "letters")["rules"]


@pytest.mark.parametrize("seed", range(1, 41))
def test_each_option_is_what_its_belief_computes_and_nobody_else(seed):
    steps, variant = _letter_steps.program(seed), practice.letters(seed)
    believed = _letter_model.answers(steps)
    believed = {name: practice.in_words(gave) for name, gave in believed.items()}
    assert variant.right == believed[None] and len(variant.options) == 1 + _letter_steps.WRONG
    for option, belief in variant.beliefs.items():
        assert [name for name, gave in believed.items() if gave == option] == [belief]


REASONS = {
    "first": (("child", "reads", 2), ("parent", "reads", 2)),
    "parent": (("thread", "opens"), ("parent", "reads", 2)),
    "child": (("thread", "opens"), ("child", "opens"), ("child", "reads", 2)),
}


@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_is_the_open_file_that_is_read_from(reason):
    assert practice.reason(REASONS[reason]) == reason


def test_each_reading_is_told():
    steps = (("parent", "reads", 2), ("thread", "closes"), ("parent", "reads", 1))
    assert practice.told(steps) == "the parent AB, then the parent an error"


def test_a_run_is_told_whether_it_is_what_was_computed_or_not():
    steps = REASONS["first"]
    same = practice.run_sentence(["AB", "CD"], steps, "observed here")
    assert same.endswith("the last step gave CD. Each step gave what was computed.")
    other = practice.run_sentence(["AB", "AB"], steps, "observed here")
    assert other.endswith("That is not what was computed above: believe the run.")


@pytest.mark.worker
@pytest.mark.slow
def test_the_model_agrees_with_running():
    for seed in range(1, 21):
        assert practice.letters(seed).run(None).endswith("what was computed."), seed


@pytest.mark.worker
def test_an_answer_is_followed_by_what_came_out_here():
    shown = practise("letters", 2, answer="a")
    assert shown.ran.startswith("Run for real (observed here): the last step gave ")
    assert shown.ran in repr(shown)
